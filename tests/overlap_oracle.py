"""What counts of several uploads, worked out row by row in plain Python."""

from __future__ import annotations

import collections
import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

VOID = "VOID"


@dataclasses.dataclass(frozen=True)
class Row:
    """A row of an upload. Its event ``VOID`` says that the order is void, and is no event."""

    customer: str
    event: str
    day: dt.date
    amount: Decimal
    order: str = ""
    event_id: str = ""

    @property
    def signed(self) -> Decimal:
        """The money that it moves."""
        if self.event == "VIEWED":
            return Decimal(0)
        gives_back = self.event in ("REFUNDED", "CANCELLED")
        return -abs(self.amount) if gives_back else self.amount

    @property
    def of_order(self) -> tuple[str, str, bool] | None:
        """The order, and whether the row takes money back. None for a row of no order."""
        if not self.order or self.event not in ("PURCHASED", "REFUNDED", "CANCELLED"):
            return None
        return self.customer, self.order, self.event != "PURCHASED" or self.signed < 0


def counted(uploads: Sequence[Sequence[Row]], *, newness: Sequence[int]) -> list[Row]:
    """Return the rows that count of uploads, the oldest first. ``newness`` ranks their content."""
    placed = [(rank, row) for rank, rows in enumerate(uploads) for row in rows]
    events = [(rank, row) for rank, row in placed if row.event != VOID]
    kept = [line for part in _parts_of(placed, newness) for line in part.kept]
    kept += _equal_rows(events)
    kept += [(rank, row) for rank, row in events if not row.of_order and row.event_id]
    return _one_per_event_id(kept)


def voided(uploads: Sequence[Sequence[Row]], *, newness: Sequence[int]) -> int:
    """Return how many orders have lines, and are void by a newer upload."""
    placed = [(rank, row) for rank, rows in enumerate(uploads) for row in rows]
    return len({part.order for part in _parts_of(placed, newness) if part.lines and not part.kept})


def money(rows: Iterable[Row]) -> Mapping[str, Decimal]:
    """Return each customer's net money."""
    sums: dict[str, Decimal] = collections.defaultdict(Decimal)
    for row in rows:
        sums[row.customer] += row.signed
    return dict(sums)


@dataclasses.dataclass(frozen=True)
class Part:
    """Lines of one order and kind, near each other: all of them, and those that count."""

    order: tuple[str, str]
    lines: Sequence[tuple[int, Row]]
    kept: Sequence[tuple[int, Row]]


def _parts_of(placed: Sequence[tuple[int, Row]], newness: Sequence[int]) -> list[Part]:
    orders = collections.defaultdict(list)
    for rank, row in placed:
        if row.of_order:
            orders[row.of_order].append((rank, row))
        elif _is_void(rank, row, placed):
            for takes_back in (False, True):
                orders[row.customer, row.order, takes_back].append((rank, row))
    parts = []
    for (customer, number, _), lines in orders.items():
        for part in _near(sorted(lines, key=lambda line: line[1].day)):
            newest = max(newness[rank] for rank, _ in part)
            real = [(rank, row) for rank, row in part if row.event != VOID]
            kept = [(rank, row) for rank, row in real if newness[rank] == newest]
            parts.append(Part((customer, number), real, kept))
    return parts


def _is_void(rank: int, row: Row, placed: Sequence[tuple[int, Row]]) -> bool:
    return bool(row.event == VOID and row.order) and not any(
        rank == other and line.of_order and line.of_order[:2] == (row.customer, row.order)
        and abs((line.day - row.day).days) <= 31
        for other, line in placed
    )  # fmt: skip


def _near(lines: Sequence[tuple[int, Row]]) -> list[list[tuple[int, Row]]]:
    parts = [[lines[0]]]
    for line in lines[1:]:
        if (line[1].day - parts[-1][-1][1].day).days > 31:
            parts.append([])
        parts[-1].append(line)
    return parts


def _equal_rows(placed: Sequence[tuple[int, Row]]) -> list[tuple[int, Row]]:
    counts: dict[Row, collections.Counter[int]] = collections.defaultdict(collections.Counter)
    for rank, row in placed:
        if not row.of_order and not row.event_id:
            alike = dataclasses.replace(row, amount=row.signed)
            counts[alike][rank] += 1
    return [(min(ranks), row) for row, ranks in counts.items() for _ in range(max(ranks.values()))]


def _one_per_event_id(placed: Sequence[tuple[int, Row]]) -> list[Row]:
    first: dict[str, tuple[object, Row]] = {}
    for rank, row in placed:
        if row.event_id:
            place = (rank, row.day, row.customer, row.event, row.signed, row.order)
            known = first.get(row.event_id)
            if known is None or place < known[0]:
                first[row.event_id] = (place, row)
    return [row for _, row in placed if not row.event_id] + [row for _, row in first.values()]
