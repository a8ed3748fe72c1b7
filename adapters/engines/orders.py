"""What an export gives once for all rows of an order, given to each row as the row means it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tessera.sources.mappings import HeaderMapping

_MONEY = ("amount", "refunded_amount")


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
    order = columns.get("order_id")
    filled = {columns[name] for name in mapping.carry_down if name in columns} - {order}
    once = {
        columns[name]
        for name in _MONEY
        if name in columns and mapping.is_order_level(header[columns[name]])
    }
    if order is None or not filled | once:
        return relation
    places = sorted({*columns.values()})
    key = f"c{order}"
    numbered = ", row_number() OVER () AS place" if in_order else ""
    named = ", ".join(f"c{place}" for place in places)
    cells = ", ".join(
        _filled(place, key)
        if place in filled
        else _once(place, key, named)
        if place in once
        else f"c{place}"
        for place in places
    )
    ordered = " ORDER BY place" if in_order else ""
    return f"(SELECT {cells} FROM (SELECT {named}{numbered} FROM {relation}){ordered})"  # noqa: S608


def _filled(place: int, key: str) -> str:
    cell = f"nullif(trim(c{place}), '')"
    orders = f"max(CASE WHEN {cell} IS NOT NULL THEN c{place} END) OVER (PARTITION BY {key})"
    blank = f"{cell} IS NULL AND nullif(trim({key}), '') IS NOT NULL"
    return f"CASE WHEN {blank} THEN {orders} ELSE c{place} END AS c{place}"


def _once(place: int, key: str, named: str) -> str:
    """Keep the first of equal cells of an order; of equal rows any is the first."""
    nth = f"row_number() OVER (PARTITION BY {key}, c{place} ORDER BY {named})"
    repeated = f"nullif(trim({key}), '') IS NOT NULL AND nullif(trim(c{place}), '') IS NOT NULL"
    return f"CASE WHEN {repeated} AND {nth} > 1 THEN '0' ELSE c{place} END AS c{place}"
