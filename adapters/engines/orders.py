"""What an export gives once for all rows of an order, given to each row as the row means it."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping, Sequence

from tessera.sources.mappings import HeaderMapping

_MONEY = ("amount", "refunded_amount")


@dataclasses.dataclass(frozen=True)
class OnePerOrder:
    """The places of cells that an order gives once: the order's own, those to fill, its money."""

    order: int
    filled: frozenset[int]
    once: frozenset[int]


def one_per_order(
    columns: Mapping[str, int], *, header: Sequence[str], mapping: HeaderMapping
) -> OnePerOrder | None:
    """Return which cells of a file its orders give once, None when all rows have their own."""
    order = columns.get("order_id")
    filled = {columns[name] for name in mapping.carry_down if name in columns} - {order}
    once = {
        columns[name]
        for name in _MONEY
        if name in columns and mapping.is_order_level(header[columns[name]])
    }
    if order is None or not filled | once:
        return None
    return OnePerOrder(order, frozenset(filled), frozenset(once))


def by_order(
    relation: str,
    columns: Mapping[str, int],
    *,
    header: Sequence[str],
    mapping: HeaderMapping,
    in_order: bool,
) -> str:
    """Return a relation of texts whose rows know what their order's other rows say.

    A blank cell of a column that is carried down has the order's; the order's money stands on one
    of the rows that repeat it, the others having 0. Neither depends on the order of rows.

    Parameters
    ----------
    relation, columns
        A relation with the columns c0, c1, …, and where ours stand among them.
    in_order
        Whether the rows must keep their order, which the session must keep as well.
    """
    rule = one_per_order(columns, header=header, mapping=mapping)
    if rule is None:
        return relation
    places = sorted({*columns.values()})
    cells = [f"c{place}" for place in places]
    numbered = ", row_number() OVER () AS place" if in_order else ""
    spread = ", ".join(
        spread_cells(
            cells,
            key=f"c{rule.order}",
            filled=[f"c{place}" for place in rule.filled],
            once=[f"c{place}" for place in rule.once],
        )
    )
    ordered = " ORDER BY place" if in_order else ""
    named = ", ".join(cells)
    return f"(SELECT {spread} FROM (SELECT {named}{numbered} FROM {relation}){ordered})"  # noqa: S608


def spread_cells(
    cells: Sequence[str],
    *,
    key: str,
    filled: Collection[str],
    once: Collection[str],
    file: str = "",
) -> list[str]:
    """Return SQL for each column of an order's rows, which know what its other rows say.

    Parameters
    ----------
    cells
        The columns.
    key
        The one of them that names the order.
    filled, once
        Those that an order gives once: to all of its rows, and as money to one of them.
    file
        A column within whose values an order stays, when the relation has several files.
    """
    within = f"{file}, " if file else ""
    named = ", ".join(f"{cell} NULLS LAST" for cell in cells)
    return [
        _filled(cell, key, within)
        if cell in filled
        else _once(cell, key, within, named)
        if cell in once
        else cell
        for cell in cells
    ]


def _filled(name: str, key: str, within: str) -> str:
    cell = f"nullif(trim({name}), '')"
    orders = f"max(CASE WHEN {cell} IS NOT NULL THEN {name} END) OVER (PARTITION BY {within}{key})"
    blank = f"{cell} IS NULL AND nullif(trim({key}), '') IS NOT NULL"
    return f"CASE WHEN {blank} THEN {orders} ELSE {name} END AS {name}"


def _once(name: str, key: str, within: str, named: str) -> str:
    """Keep the first of equal cells of an order; of equal rows any is the first."""
    nth = f"row_number() OVER (PARTITION BY {within}{key}, {name} ORDER BY {named})"
    repeated = f"nullif(trim({key}), '') IS NOT NULL AND nullif(trim({name}), '') IS NOT NULL"
    return f"CASE WHEN {repeated} AND {nth} > 1 THEN '0' ELSE {name} END AS {name}"
