"""label_rules.json: what a run decided for everybody, which live labels apply to each event."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping


@dataclasses.dataclass(frozen=True, kw_only=True)
class PurchaseRule:
    """The purchase model of a run.

    Parameters
    ----------
    name
        Its kind.
    parameters
        By name, with days as the unit of time.
    """

    name: str
    parameters: Mapping[str, float]


@dataclasses.dataclass(frozen=True, kw_only=True)
class LabelRules:
    """The rules of a run, by which customers are labelled until the next one.

    Parameters
    ----------
    run_id, as_of
        Which run, and the day that it describes.
    preset
        The name of the segment definition.
    measures
        What it scores: ``orders`` or ``guidance``.
    scale
        The best score.
    floors
        By measure, the whole numbers that scores compare with: days, orders and minor units. A
        value above ``n`` of them is in the bin ``n``.
    cells
        By the three scores as digits, the label.
    prospect
        The label of a customer who has no scores.
    model
        The model of the chance that a customer is active. None where the run withheld it.
    start
        The first instant that counts. None when everything does.
    last_event_at
        The last instant that the run counted. The AWS guidance's recency looks back from it.
    time_zone
        Says when a day begins, and what a date without an offset means.
    currency, currency_rates
        The tenant's currency, and what others are worth in it.
    events
        The tenant's own words for events.
    doubtful_ids
        What happens to ids that name nobody.
    last_window
        The last day of the stream that the run counted, in days since 1970. 0 without one.
    """

    run_id: str
    as_of: dt.date
    preset: str
    measures: str
    scale: int
    floors: Mapping[str, tuple[int, ...]]
    cells: Mapping[str, str]
    prospect: str
    model: PurchaseRule | None = None
    start: dt.datetime | None = None
    last_event_at: dt.datetime
    time_zone: str = "UTC"
    currency: str = ""
    currency_rates: Mapping[str, str] = dataclasses.field(default_factory=dict)
    events: Mapping[str, str] = dataclasses.field(default_factory=dict)
    doubtful_ids: str = "fold"
    last_window: int = 0
