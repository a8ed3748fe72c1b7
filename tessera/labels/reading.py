"""From a record of the stream to an event, read exactly as the batch reads a stream's uploads."""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from tessera.customers.units import MINOR
from tessera.events.names import CANCELLED, UNCOUNTED, VOIDS, WITHOUT_MONEY, event_of
from tessera.events.persons.reading import STAND_INS, IdRules
from tessera.events.pseudonym import customer_keys, erased_marks, id_keys
from tessera.labels.events import LiveEvent, mark_of, micros
from tessera.labels.rules import GUIDANCE
from tessera.records.label_rules import LabelRules
from tessera.sources.dates.order import Dates
from tessera.sources.mappings import HeaderMapping
from tessera.sources.rows import FACTS, Currency, Reading, ReadRow, RowReader
from tessera.sources.stream import PLACES, StreamRecord, row_of

_EVENT_NAME = PLACES["event_name"]
_READ = (*FACTS, *STAND_INS, "event_id")
_Row = tuple[StreamRecord, Sequence[str]]


@dataclasses.dataclass(frozen=True, kw_only=True)
class LiveBatch:
    """The events of one tenant in a batch, by customer.

    Parameters
    ----------
    events
        By customer_key, in the batch's order.
    first
        The sequence number of a customer's first record, by customer_key.
    left
        How many records the next run must judge: those of unknown customers, and refused ones.
    """

    events: dict[str, list[LiveEvent]]
    first: dict[str, str]
    left: int


@dataclasses.dataclass(frozen=True)
class Keys:
    """From ids to their keys, of one tenant."""

    customer: Callable[[str], str]
    order: Callable[[str], str]
    event: Callable[[str], str]
    mark: Callable[[str], str]

    @classmethod
    def of(cls, secret: bytes, *, tenant: str) -> Keys:
        """Return a tenant's functions."""
        return cls(
            customer_keys(secret, tenant=tenant),
            id_keys(secret, tenant=tenant, column="order_id"),
            id_keys(secret, tenant=tenant, column="event_id"),
            erased_marks(secret, tenant=tenant),
        )


def by_tenant(records: Iterable[StreamRecord]) -> dict[str, list[_Row]]:
    """Return a batch's rows by tenant. What is no event is the default tenant's, in one cell."""
    rows: dict[str, list[_Row]] = defaultdict(list)
    for record in records:
        tenant, cells = row_of(record)
        rows[tenant].append((record, cells))
    return dict(rows)


class LiveEventReader:
    """Reads the rows of a tenant.

    Parameters
    ----------
    rules
        How the last run read rows.
    keys
        The tenant's.
    erased
        The marks of erased people, whose events are left to the next run.
    """

    def __init__(
        self, rules: LabelRules, *, keys: Keys, erased: frozenset[str] = frozenset()
    ) -> None:
        self._rules, self._keys, self._erased = rules, keys, erased
        # Most events are clicks, which the labels of most definitions do not need.
        self._unread = () if rules.measures == GUIDANCE else WITHOUT_MONEY
        self._skips = functools.lru_cache(maxsize=4096)(self._is_unread)

    def read(self, rows: Sequence[_Row]) -> LiveBatch:
        """Return the events of some rows."""
        events = [row for row in rows if len(row[1]) > 1]
        sound = [row for row in events if not self._skips(row[1][_EVENT_NAME])]
        batch = LiveBatch(events=defaultdict(list), first={}, left=0)
        taken = len(events) - len(sound)
        if not sound:
            return dataclasses.replace(batch, left=len(rows) - taken)
        names = {name: PLACES[name] for name in _READ}
        columns = {
            name: [cells[place] or None for _, cells in sound] for name, place in names.items()
        }
        readings = self._reader(sound).read(columns)
        ids = zip(columns["order_id"], columns["event_id"], strict=True)
        for (record, _), row, (order, event) in zip(sound, readings, ids, strict=True):
            if row.code is not None or row.customer_id is None:
                continue
            one = self._event(row, order=order, event=event, window=record.window)
            if one is None:
                continue
            key = self._keys.customer(row.customer_id)
            if self._erased and self._keys.mark(key) in self._erased:
                continue
            batch.events[key].append(one)
            batch.first.setdefault(key, record.sequence)
            taken += 1
        return dataclasses.replace(batch, left=len(rows) - taken)

    def _is_unread(self, name: str) -> bool:
        return event_of(name, own=self._rules.events) in self._unread

    def _reader(self, rows: Sequence[_Row]) -> RowReader:
        latest = max(record.arrived_at for record, _ in rows)
        reading = Reading(
            mark="dot",
            time_zone=self._rules.time_zone,
            mapping=HeaderMapping(events=self._rules.events),
            dates=Dates(serials=True, uploaded_at=dt.datetime.fromtimestamp(latest, dt.UTC)),
            ids=IdRules(doubtful_ids=self._rules.doubtful_ids),
        )
        currency = Currency(code=self._rules.currency, rates=self._rules.currency_rates)
        return RowReader(reading, currency=currency)

    def _event(
        self, row: ReadRow, *, order: str | None, event: str | None, window: int
    ) -> LiveEvent | None:
        """Return a sound row as an event. None where it is none, and the batch must judge it."""
        if row.event is None:
            return None
        order_mark = None if order is None else mark_of(self._keys.order(order))
        if row.event in VOIDS and order_mark is not None:
            return LiveEvent(row.event, 0, 0, order_mark, None, window)
        if row.event in UNCOUNTED or row.occurred_at is None or row.amount is None:
            return None
        mark = None if event is None else mark_of(self._keys.event(event))
        if row.event == CANCELLED and not (order or "").strip():
            order_mark = None
        amount = int(row.amount * MINOR)
        return LiveEvent(row.event, micros(row.occurred_at), amount, order_mark, mark, window)
