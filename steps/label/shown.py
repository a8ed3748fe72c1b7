"""A customer's live label: what it was made of, since when it holds, and what it waits for."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections.abc import Mapping

from adapters.stores.label_states import KeptLabel
from tessera.customers.units import UNITS
from tessera.labels.events import LiveEvent, instant
from tessera.labels.packing import unpack_events, unpack_state
from tessera.labels.rules import Rules
from tessera.labels.state import LiveState
from tessera.labels.waiting import why_waits
from tessera.records.codec import decode
from tessera.records.messages.label_moved import LiveLabelRecord


@dataclasses.dataclass(frozen=True, kw_only=True)
class LabelMove:
    """The last event that moved a label: which one, when it happened, and the label before.

    ``previous`` is None for a customer who had none.
    """

    event: str
    happened_at: dt.datetime
    previous: str | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class ShownLabel:
    """What there is to say about the live label of a customer.

    Parameters
    ----------
    customer_key
        Whose it is.
    label
        The label. None for a customer whose first one waits for the batch.
    thresholds
        By measure, what scores compare with: days, orders or events, and money. Each value above
        one of them has another score.
    preset, measures
        The segment definition, and whether it scores orders or events of any kind.
    rules_as_of
        The day that the last run describes.
    moved
        The last event since that run that moved the label. None where none did.
    events_since_run
        How many events came since that the run did not count.
    waits_because
        Why the label waits for the next run. Empty where it does not.
    """

    customer_key: str
    label: LiveLabelRecord | None
    thresholds: Mapping[str, tuple[float, ...]]
    preset: str
    measures: str
    rules_as_of: dt.date
    moved: LabelMove | None
    events_since_run: int
    waits_because: str


def shown_label(kept: KeptLabel, *, customer_key: str, rules: Rules) -> ShownLabel:
    """Return what the table's item of a customer says.

    Parameters
    ----------
    kept
        The item. It is there.
    rules
        Those in force.
    """
    state = unpack_state(kept.base) if kept.base else LiveState()
    recent = list(unpack_events(kept.recent))
    moved = _last_move(state, recent, rules=rules, is_known=bool(kept.base))
    return ShownLabel(
        customer_key=customer_key,
        label=_record(kept),
        thresholds={
            measure: tuple(floor / UNITS[measure] for floor in floors)
            for measure, floors in rules.record.floors.items()
        },
        preset=rules.record.preset,
        measures=rules.record.measures,
        rules_as_of=rules.record.as_of,
        moved=moved,
        events_since_run=len(recent),
        waits_because=why_waits(state),
    )


def _record(kept: KeptLabel) -> LiveLabelRecord | None:
    if not kept.label:
        return None
    return decode(LiveLabelRecord, json.loads(kept.label), document="the kept label")


def _last_move(
    state: LiveState, recent: list[LiveEvent], *, rules: Rules, is_known: bool
) -> LabelMove | None:
    """Fold the events into the state one by one. Return the last one that moved the label."""
    segment = rules.label(state).segment if is_known else ""
    moved = None
    for event in recent:
        rules.fold(state, [event])
        after = rules.label(state).segment
        if after in ("", segment):
            continue
        moved = LabelMove(
            event=event.kind, happened_at=instant(event.at_us), previous=segment or None
        )
        segment = after
    return moved
