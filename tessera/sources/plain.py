"""What a plain file's own rows show beyond its header: order statuses, and totals of orders."""

from __future__ import annotations

import collections
import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from tessera.events.names import PURCHASED, event_of, normalised
from tessera.events.reasons import Unreadable
from tessera.sources.amounts import Mark, decide_mark, is_telling, parse_number
from tessera.sources.mappings import REASONS, HeaderMapping, OrderExport
from tessera.sources.translations import STATUS_HEADERS, STATUSES

Row = Sequence[str | None]
_MOSTLY = 0.9
_MOST_WORDS = 0.5
_ENOUGH_ORDERS = 3  # of several rows: fewer may repeat an amount by chance
_CENT = Decimal("0.01")
_OF_ORDERS = (
    "customer_id", "date", "event_name", "currency", "order_id", "event_id", "username",
    "channel_type", "address", "city", "state", "country", "ad_consent",
)  # fmt: skip


def with_status(
    mapping: HeaderMapping, *, header: Sequence[str], sample: Sequence[Row]
) -> HeaderMapping:
    """Return the mapping of a plain file, with a column of order statuses as what happened.

    Such a column counts if we know most of its words: any other "Status" may be a customer's.
    """
    places = {normalised(text): place for place, text in enumerate(header)}
    place = next((places[key] for key in STATUS_HEADERS if key in places), None)
    if place is None:
        return mapping
    words = {normalised(cell) for cell in _cells(sample, place)} - {""}
    events = {**STATUSES, **mapping.events}
    known = {word for word in words if event_of(word, own=events) is not None}
    if not words or len(known) < _MOST_WORDS * len(words):
        return mapping
    return dataclasses.replace(
        mapping,
        columns={**mapping.columns, "event_name": (header[place],)},
        events=events,
        blank_event=PURCHASED,
        notes=(*mapping.notes, f"{header[place]!r} is read as the orders' status"),
    )


def with_order_totals(
    mapping: HeaderMapping,
    *,
    header: Sequence[str],
    columns: Mapping[str, int],
    sample: Sequence[Row],
) -> HeaderMapping:
    """Return the mapping of a plain file, which knows whether its amounts are whole orders'.

    They are where nearly every order of several rows repeats one amount on all of them, and rows
    with prices don't come to it. Then the lines' own prices count, and without prices the amount
    counts once per order.

    Parameters
    ----------
    columns
        Where our columns stand in the header.
    sample
        The file's first rows.
    """
    if not {"order_id", "amount"} <= set(columns) or "amount" in mapping.own:
        return mapping
    rows = _Numbers(columns, sample)
    orders = [order for order in rows.orders() if len(order) > 1]
    repeated = [order for order in orders if len({row.amount for row in order}) == 1]
    if len(orders) < _ENOUGH_ORDERS or len(repeated) < _MOSTLY * len(orders):
        return mapping
    name = header[columns["amount"]]
    if "unit_price" in columns:
        if not any(row.differs for order in repeated for row in order):
            return mapping
        note = f"{name!r} repeats the order's total on its lines: the lines' own prices count"
        return dataclasses.replace(
            mapping, unread=mapping.unread | {"amount"}, notes=(*mapping.notes, note)
        )
    if not any(order.is_varied for order in map(_Lines, repeated)):
        return mapping
    note = f"{name!r} repeats the order's total on its lines: it counts once per order"
    given = {ours: (header[at],) for ours, at in columns.items() if ours in _OF_ORDERS}
    keys = tuple(ours for ours in ("order_id", "event_name", "date") if ours in columns)
    return dataclasses.replace(
        mapping,
        columns={**mapping.columns, **given},
        events={**REASONS, **mapping.events},
        export=OrderExport(money={"goods": (name,)}, lines=True, keys=keys),
        notes=(*mapping.notes, note),
    )


@dataclasses.dataclass(frozen=True)
class _Line:
    """A row of an order; ``differs`` where price × quantity is not its amount."""

    amount: Decimal
    differs: bool
    cells: tuple[str | None, ...]


@dataclasses.dataclass(frozen=True)
class _Lines:
    rows: Sequence[_Line]

    @property
    def is_varied(self) -> bool:
        """Whether the rows are different lines, not one row several times."""
        return len({row.cells for row in self.rows}) == len(self.rows)


class _Numbers:
    """The rows of a sample with readable amounts."""

    def __init__(self, columns: Mapping[str, int], sample: Sequence[Row]) -> None:
        self._columns = columns
        self._sample = sample
        names = ("amount", "unit_price", "quantity")
        cells = [c for name in names if name in columns for c in _cells(sample, columns[name])]
        telling = [cell for cell in cells if is_telling(cell)]
        commas = sum(decide_mark([cell], setting="auto", name="") == "comma" for cell in telling)
        self._mark: Mark = "comma" if commas > len(telling) / 2 else "dot"

    def orders(self) -> Iterator[list[_Line]]:
        """Yield the lines of each order, those of other events and days apart."""
        keys = [self._columns[k] for k in ("order_id", "event_name", "date") if k in self._columns]
        orders: dict[tuple[str | None, ...], list[_Line]] = collections.defaultdict(list)
        for row in self._sample:
            if len(row) > max(self._columns.values()) and (row[keys[0]] or "").strip():
                amount = self._number(row, "amount")
                if amount is not None:
                    line = _Line(amount, self._differs(row, amount), tuple(row))
                    orders[tuple(row[key] for key in keys)].append(line)
        yield from orders.values()

    def _differs(self, row: Row, amount: Decimal) -> bool:
        price, pieces = self._number(row, "unit_price"), self._number(row, "quantity")
        if price is None:
            return False
        return abs(price * (1 if pieces is None else pieces) - amount) > _CENT

    def _number(self, row: Row, name: str) -> Decimal | None:
        place = self._columns.get(name)
        cell = "" if place is None else (row[place] or "").strip()
        try:
            return parse_number(cell, mark=self._mark) if cell else None
        except Unreadable:
            return None


def _cells(sample: Iterable[Row], place: int) -> list[str]:
    return [cell for row in sample if place < len(row) and (cell := row[place])]
