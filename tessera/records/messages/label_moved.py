"""The detail of the EventBridge event "Label Moved", source ``tessera``."""

from __future__ import annotations

import dataclasses
import datetime as dt


@dataclasses.dataclass(frozen=True, kw_only=True)
class LiveLabelRecord:
    """A customer's label between two runs.

    Parameters
    ----------
    segment
        The label.
    scores
        Recency, frequency and monetary as digits, such as 543. Empty without scores.
    recency_days
        Days from the last order to ``as_of``. None without scores.
    frequency
        Orders, or events of any kind where the segment definition counts them.
    monetary
        Net money, as text with two decimals.
    first_purchase, last_purchase
        The days of the first and the last order, in UTC. None without one.
    p_alive
        The chance that the customer is active. None where the last run withheld it.
    as_of
        The day that the label describes: the one after the customer's last event, or the run's.
    run_id
        The run whose rules apply.
    """

    segment: str
    scores: str
    recency_days: int | None
    frequency: int
    monetary: str
    first_purchase: dt.date | None
    last_purchase: dt.date | None
    p_alive: float | None
    as_of: dt.date
    run_id: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class LabelMovedDetail(LiveLabelRecord):
    """The detail of "Label Moved". The same move may be announced twice.

    Parameters
    ----------
    tenant, customer_key
        Whose label it is.
    previous
        The label before. None for a customer who had none.
    """

    tenant: str
    customer_key: str
    previous: str | None
