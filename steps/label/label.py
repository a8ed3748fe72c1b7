"""Let a batch of a stream move its customers' labels: a read and a write for each customer.

An event that came before is known, so a batch may come again. Each write holds the version that was
read, and the one that comes too late reads again.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Protocol

from adapters.stores.label_states import KeptLabel, LabelStates
from steps.label.rules import RulesInForce
from tessera.customers.units import MINOR
from tessera.errors import Retryable
from tessera.labels.events import LiveEvent, instant
from tessera.labels.packing import pack_events, unpack_events, unpack_state
from tessera.labels.reading import LiveEventReader, by_tenant
from tessera.labels.rules import LiveLabel, Rules
from tessera.labels.state import LiveState
from tessera.naming import LABEL_MOVED
from tessera.records.codec import decode, encode
from tessera.records.messages.label_moved import LabelMovedDetail, LiveLabelRecord
from tessera.sources.stream import StreamRecord

TRIES = 5
_CENT = Decimal("0.01")
_UNKNOWN_DAYS = 30  # for which a customer is kept that no run knew


class Announce(Protocol):
    """See ``Notices.publish``."""

    def __call__(self, detail_type: str, detail: Mapping[str, Any]) -> None:
        """Put an event on the bus."""
        ...


@dataclasses.dataclass(frozen=True, kw_only=True)
class LabelReport:
    """What became of a batch.

    Parameters
    ----------
    records
        How many it has.
    taken
        Events that were read, repeated ones too. The other records are ``left`` to the next run.
    written, moved, waiting
        Customers whose state changed, whose label moved, and whose label waits for the next run.
    failed
        The sequence numbers of the first records that could not be handled: the batch must come
        again from them on.
    """

    records: int
    taken: int
    written: int
    moved: int
    waiting: int
    failed: tuple[str, ...] = ()

    @property
    def left(self) -> int:
        """Records that the next run judges."""
        return self.records - self.taken


class Labelling:
    """What a batch needs.

    Parameters
    ----------
    states
        The table.
    rules
        The rules in force.
    announce
        Puts an event on the bus.
    now
        Returns the present instant.
    """

    def __init__(
        self,
        states: LabelStates,
        *,
        rules: RulesInForce,
        announce: Announce,
        now: Callable[[], dt.datetime],
    ) -> None:
        self._states, self._rules, self._announce, self._now = states, rules, announce, now

    def take(self, records: Iterable[StreamRecord]) -> LabelReport:
        """Handle a batch. A customer who can't be written now fails, and no other."""
        total = taken = 0
        outcomes: list[str] = []
        failed: list[str] = []
        for tenant, rows in by_tenant(records).items():
            total += len(rows)
            rules = self._rules.of(tenant)
            if rules is None:
                continue
            reader = LiveEventReader(
                rules.record, keys=self._rules.keys(tenant), erased=self._rules.erased(tenant)
            )
            batch = reader.read(rows)
            taken += len(rows) - batch.left
            for key, events in batch.events.items():
                try:
                    outcomes += self._update(tenant, key, events, rules=rules)
                except Retryable:
                    failed.append(batch.first[key])
        return LabelReport(
            records=total,
            taken=taken,
            written=outcomes.count("written"),
            moved=outcomes.count("moved"),
            waiting=outcomes.count("waits"),
            failed=tuple(failed),
        )

    def _update(
        self, tenant: str, key: str, events: Sequence[LiveEvent], *, rules: Rules
    ) -> list[str]:
        """Take a customer's events. Return what happened."""
        for _ in range(TRIES):
            kept = self._states.read(tenant, key)
            state = state_of(kept, rules=rules)
            new = rules.fold(state, events)
            if not new and kept.segment == kept.announced:
                return []
            after = labelled(kept, rules.label(state), new=new, rules=rules)
            if new and not self._states.write(tenant, key, after, expires=self._expires(after)):
                continue
            outcomes = ["written"] * bool(new) + ["waits"] * after.waits
            if after.segment == after.announced or after.waits:
                return outcomes
            self._notify(tenant, key, after, version=kept.version + bool(new))
            return [*outcomes, "moved"]
        raise Retryable(f"others wrote a customer's label {TRIES} times meanwhile")

    def _notify(self, tenant: str, key: str, kept: KeptLabel, *, version: int) -> None:
        """Announce a move, then note that. Without the note it is announced again."""
        label = decode(LiveLabelRecord, json.loads(kept.label), document="the kept label")
        moved = LabelMovedDetail(
            **vars(label), tenant=tenant, customer_key=key, previous=kept.announced or None
        )
        self._announce(LABEL_MOVED, encode(moved))
        noted = dataclasses.replace(kept, announced=kept.segment, version=version)
        self._states.write(tenant, key, noted, expires=self._expires(noted))

    def _expires(self, kept: KeptLabel) -> int | None:
        if kept.base:
            return None
        return int((self._now() + dt.timedelta(days=_UNKNOWN_DAYS)).timestamp())


def state_of(kept: KeptLabel, *, rules: Rules) -> LiveState:
    """Return a customer's state: what the last run left, with the events since."""
    state = unpack_state(kept.base) if kept.base else LiveState()
    rules.fold(state, list(unpack_events(kept.recent)))
    return state


def labelled(
    kept: KeptLabel, label: LiveLabel, *, new: Sequence[LiveEvent], rules: Rules
) -> KeptLabel:
    """Return what to keep of a customer with new events. One who waits keeps the earlier label."""
    recent = kept.recent + pack_events(new)
    if label.waits:
        return dataclasses.replace(kept, recent=recent, waits=True)
    text = json.dumps(encode(record_of(label, run_id=rules.record.run_id)), sort_keys=True)
    return dataclasses.replace(kept, recent=recent, segment=label.segment, waits=False, label=text)


def record_of(label: LiveLabel, *, run_id: str) -> LiveLabelRecord:
    """Return a label as JSON has it."""
    money = Decimal(label.monetary) / MINOR
    first, last = (
        None if at_us is None else instant(at_us).date()
        for at_us in (label.first_us, label.last_us)
    )
    return LiveLabelRecord(
        segment=label.segment,
        scores=label.scores,
        recency_days=label.recency_days,
        frequency=label.frequency,
        monetary=str(money.quantize(_CENT, ROUND_HALF_UP)),
        first_purchase=first,
        last_purchase=last,
        p_alive=label.p_alive,
        as_of=label.as_of,
        run_id=run_id,
    )
