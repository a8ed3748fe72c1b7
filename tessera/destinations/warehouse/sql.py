"""The SQL of a warehouse, as texts and their values.

A batch is staged beside the tables and merged in one transaction; the moves are derived there from
what the table had, so a replay adds none. A set that comes into use or goes out of it moves nobody,
and neither does the first run, which brings everybody: transitions are written for whoever moved,
left, or came after the first run.

MERGE is written in the form that PostgreSQL 15 and Redshift share: plain tables, one clause each.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal

from tessera.contracts.customer_profiles import set_attribute
from tessera.destinations import content
from tessera.destinations.port import Segment
from tessera.destinations.warehouse.names import listed, quoted, table_name
from tessera.destinations.warehouse.tables import (
    CUSTOMERS,
    SEGMENTS,
    TABLES,
    TRANSITIONS,
    Dialect,
    Statement,
    Value,
)

RFM = "rfm"  # the name of the set that rfm_segment has a label of
_SEGMENT, _SETS = "rfm_segment", set_attribute("")
_CONDITION = ("attribute", "value", "at_least", "at_most")


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''").replace("%", "%%") + "'"


# ---- a batch -------------------------------------------------------------------------------


def stage(schema: str, staging: str, moves: str) -> list[Statement]:
    """Return what makes two tables that live as long as the transaction, as it drops them."""
    pairs = ((staging, CUSTOMERS), (moves, TRANSITIONS))
    return [
        (f"CREATE TABLE {table_name(schema, one)} (LIKE {table_name(schema, like)})", ())
        for one, like in pairs
    ]


def merge(
    schema: str, staging: str, moves: str, names: Sequence[str], *, as_of: dt.date
) -> list[Statement]:
    """Return what brings a staged batch into ``customers`` and its moves into ``transitions``.

    A customer who moves twice on one day has moved once, and one who moves back has not moved.

    Parameters
    ----------
    staging, moves
        The two tables of ``stage``.
    names
        The columns of ``customers``.
    as_of
        The day that the run describes.
    """
    known, key = TABLES[TRANSITIONS]
    target, source = table_name(schema, TRANSITIONS), table_name(schema, moves)
    same_move = " AND ".join(
        f"{quoted(TRANSITIONS)}.{quoted(name)} = {quoted(moves)}.{quoted(name)}" for name in key
    )
    same_label = (
        f"COALESCE({quoted(TRANSITIONS)}.from_label, '') = "
        f"COALESCE({quoted(TRANSITIONS)}.to_label, '')"
    )
    return [
        (_moved(schema, staging, moves, names), (as_of,)),
        (_merge(schema, TRANSITIONS, moves, tuple(known), key=key, changed=("to_label",)), ()),
        (f"DELETE FROM {target} USING {source} WHERE {same_move} AND {same_label}", ()),
        (_merge(schema, CUSTOMERS, staging, names, key=("customer_id",), changed=names), ()),
    ]


def _merge(
    schema: str,
    table: str,
    source: str,
    names: Sequence[str],
    *,
    key: Sequence[str],
    changed: Sequence[str],
) -> str:
    said = {name: f"{quoted(source)}.{quoted(name)}" for name in names}
    matched = " AND ".join(f"{quoted(table)}.{quoted(name)} = {said[name]}" for name in key)
    return (
        f"MERGE INTO {table_name(schema, table)} USING {table_name(schema, source)} ON {matched} "
        f"WHEN MATCHED THEN UPDATE SET "
        f"{', '.join(f'{quoted(name)} = {said[name]}' for name in changed if name not in key)} "
        f"WHEN NOT MATCHED THEN INSERT ({listed(names)}) VALUES ({', '.join(said.values())})"
    )


def _moved(schema: str, staging: str, moves: str, names: Iterable[str]) -> str:
    """Return what notes down whose label differs from the table's, set by set."""
    there, stays = f"had.{quoted(_SEGMENT)} IS NOT NULL", f"now.{quoted(_SEGMENT)} IS NOT NULL"
    found = []
    for name in names:
        if name != _SEGMENT and not name.startswith(_SETS):
            continue
        label = quoted(name)
        named = RFM if name == _SEGMENT else name.removeprefix(_SETS)
        found.append(
            f"SELECT now.customer_id, {_literal(named)} AS {quoted('set')}, "
            f"had.{label} AS from_label, now.{label} AS to_label "
            f"FROM {table_name(schema, staging)} AS now "
            f"LEFT JOIN {table_name(schema, CUSTOMERS)} AS had "
            "ON had.customer_id = now.customer_id "
            f"CROSS JOIN (SELECT COUNT(*) AS segments FROM {table_name(schema, SEGMENTS)}) AS run "
            f"WHERE COALESCE(had.{label}, '') <> COALESCE(now.{label}, '') AND ("
            f"(had.{label} IS NOT NULL AND now.{label} IS NOT NULL) "
            f"OR ({there} AND NOT {stays}) OR (NOT {there} AND run.segments > 0))"
        )
    known = tuple(TABLES[TRANSITIONS][0])
    return (
        f"INSERT INTO {table_name(schema, moves)} ({listed(known)}) "
        f"SELECT {listed(known[:-1])}, CAST(%s AS DATE) "
        f"FROM ({' UNION ALL '.join(found)}) AS moved"
    )


def merged(schema: str, staging: str) -> Statement:
    """Return the query for the ids of a batch that ``customers`` has now."""
    return (
        f"SELECT now.customer_id FROM {table_name(schema, staging)} AS now "
        f"JOIN {table_name(schema, CUSTOMERS)} AS had ON had.customer_id = now.customer_id "
        "AND had.customer_key = now.customer_key"
    ), ()


def unstage(schema: str, staging: str, moves: str) -> list[Statement]:
    """Return what drops the two tables of ``stage``."""
    return [(f"DROP TABLE {table_name(schema, table)}", ()) for table in (staging, moves)]


# ---- segments ------------------------------------------------------------------------------


def segment_found(schema: str, segment: Segment) -> Statement:
    """Return the query for what makes a segment there, in the order of ``condition``."""
    table = table_name(schema, SEGMENTS)
    return f"SELECT {listed(_CONDITION)} FROM {table} WHERE name = %s", (segment.name,)


def condition(segment: Segment) -> tuple[Value, ...]:
    """Return what makes a segment: a column, and its value or bounds."""
    low, high = _bounds(segment)
    return content.attribute(segment), segment.value, low, high


def _bounds(segment: Segment) -> tuple[Decimal | None, Decimal | None]:
    if not segment.bounds:
        return None, None
    low, high = segment.bounds.at_least, segment.bounds.at_most
    return Decimal(low) if low else None, Decimal(high) if high else None


def segment_said(
    schema: str, segment: Segment, *, dialect: Dialect, known: bool, as_of: dt.date
) -> Statement:
    """Return what writes a segment's row, anew or for the first time."""
    told: dict[str, Value] = {
        name: getattr(segment, name)
        for name in ("label", "set", "kind", "meaning", "action", "customers")
    }
    told |= dict(zip(_CONDITION, condition(segment), strict=True))
    told |= {"as_of": as_of, "name": segment.name}
    limit = dialect.cell_bytes
    values = tuple(_cut(one, limit) if isinstance(one, str) else one for one in told.values())
    table, names = table_name(schema, SEGMENTS), list(told)
    if known:
        changed = ", ".join(f"{quoted(name)} = %s" for name in names[:-1])
        return f"UPDATE {table} SET {changed} WHERE name = %s", values
    marks = ", ".join(["%s"] * len(values))
    return f"INSERT INTO {table} ({listed(names)}) VALUES ({marks})", values


def _cut(text: str, limit: int) -> str:
    return text.encode()[:limit].decode(errors="ignore") if limit else text


def segment_gone(schema: str, segment: Segment) -> Statement:
    """Return what deletes a segment's row."""
    return f"DELETE FROM {table_name(schema, SEGMENTS)} WHERE name = %s", (segment.name,)


def segment_size(schema: str, segment: Segment) -> Statement:
    """Return the query that counts a segment's members."""
    column = quoted(content.attribute(segment))
    low, high = _bounds(segment)
    asked: dict[str, Value] = {">=": low, "<=": high} if segment.bounds else {"=": segment.value}
    tests = {sign: value for sign, value in asked.items() if value is not None}
    wanted = " AND ".join(f"{column} {sign} %s" for sign in tests)
    said = f"SELECT COUNT(*) FROM {table_name(schema, CUSTOMERS)} WHERE {wanted}"
    return said, tuple(tests.values())
