"""The SQL of a warehouse: statements, each with its values.

One transaction stages a batch beside the tables and merges it. It derives the moves from the
table's previous rows, so a replay adds none. Transitions are written for customers who moved
between labels, who left, or who are new since the first run. The first run writes none, and
neither does a segment set that comes into use or goes out of use.

MERGE is limited to what PostgreSQL 15 and Redshift share: plain tables, one clause of each kind.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal

from tessera.contracts.customer_profiles import set_attribute
from tessera.destinations import content
from tessera.destinations.warehouse.names import listed, literal, quoted, table_name
from tessera.destinations.warehouse.tables import (
    CUSTOMERS,
    SEGMENTS,
    TABLES,
    TRANSITIONS,
    Dialect,
    Statement,
    Value,
)
from tessera.records.loads.segment import Segment

RFM = "rfm"  # the set whose label is in rfm_segment
_SEGMENT, _SETS = "rfm_segment", set_attribute("")
_CONDITION = ("attribute", "value", "at_least", "at_most")


# ---- a batch -------------------------------------------------------------------------------


def stage(schema: str, staging: str, moves: str) -> list[Statement]:
    """Create the staging tables. The same transaction drops them: see ``unstage``."""
    pairs = ((staging, CUSTOMERS), (moves, TRANSITIONS))
    return [
        (f"CREATE TABLE {table_name(schema, one)} (LIKE {table_name(schema, like)})", ())
        for one, like in pairs
    ]


def merge(
    schema: str, staging: str, moves: str, names: Sequence[str], *, as_of: dt.date
) -> list[Statement]:
    """Merge a staged batch into ``customers``, and its moves into ``transitions``.

    Two moves of a customer on one day become one. A customer who moves back has not moved.

    Parameters
    ----------
    staging, moves
        The two staging tables of ``stage``.
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
    values = {name: f"{quoted(source)}.{quoted(name)}" for name in names}
    matched = " AND ".join(f"{quoted(table)}.{quoted(name)} = {values[name]}" for name in key)
    return (
        f"MERGE INTO {table_name(schema, table)} USING {table_name(schema, source)} ON {matched} "
        f"WHEN MATCHED THEN UPDATE SET "
        f"{', '.join(f'{quoted(name)} = {values[name]}' for name in changed if name not in key)} "
        f"WHEN NOT MATCHED THEN INSERT ({listed(names)}) VALUES ({', '.join(values.values())})"
    )


def _moved(schema: str, staging: str, moves: str, names: Iterable[str]) -> str:
    """Insert one move for each customer and set whose staged label differs from the table's."""
    there, stays = f"had.{quoted(_SEGMENT)} IS NOT NULL", f"now.{quoted(_SEGMENT)} IS NOT NULL"
    selects = []
    for name in names:
        if name != _SEGMENT and not name.startswith(_SETS):
            continue
        label = quoted(name)
        named = RFM if name == _SEGMENT else name.removeprefix(_SETS)
        selects.append(
            f"SELECT now.customer_id, {literal(named)} AS {quoted('set')}, "
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
        f"FROM ({' UNION ALL '.join(selects)}) AS moved"
    )


def merged(schema: str, staging: str) -> Statement:
    """Return the query for the customer ids of a batch that ``customers`` now has."""
    return f"SELECT now.customer_id FROM {_staged_and_there(schema, staging)}", ()


def count_merged(schema: str, staging: str) -> Statement:
    """Return the query for how many customers of a batch ``customers`` now has."""
    return f"SELECT COUNT(*) FROM {_staged_and_there(schema, staging)}", ()


def _staged_and_there(schema: str, staging: str) -> str:
    return (
        f"{table_name(schema, staging)} AS now "
        f"JOIN {table_name(schema, CUSTOMERS)} AS had ON had.customer_id = now.customer_id "
        "AND had.customer_key = now.customer_key"
    )


def unstage(schema: str, staging: str, moves: str) -> list[Statement]:
    """Drop the staging tables of ``stage``."""
    return [(f"DROP TABLE {table_name(schema, table)}", ()) for table in (staging, moves)]


# ---- people who are to be erased -----------------------------------------------------------

_PERSONAL = (CUSTOMERS, TRANSITIONS)


def having(schema: str, ids: Sequence[str]) -> Statement:
    """Return the query for those of some customer ids that a table has rows of."""
    queries = [f"SELECT customer_id {_of_people(schema, table, ids)}" for table in _PERSONAL]
    return " UNION ".join(queries), (*ids, *ids)


def erase(schema: str, ids: Sequence[str]) -> list[Statement]:
    """Delete all rows of some customers."""
    return [(f"DELETE {_of_people(schema, table, ids)}", tuple(ids)) for table in _PERSONAL]


def _of_people(schema: str, table: str, ids: Sequence[str]) -> str:
    marks = ", ".join(["%s"] * len(ids))
    return f"FROM {table_name(schema, table)} WHERE customer_id IN ({marks})"


# ---- segments ------------------------------------------------------------------------------


def select_segment(schema: str, segment: Segment) -> Statement:
    """Return the query for a segment's stored condition, in the order of ``condition``."""
    table = table_name(schema, SEGMENTS)
    return f"SELECT {listed(_CONDITION)} FROM {table} WHERE name = %s", (segment.name,)


def condition(segment: Segment) -> tuple[Value, ...]:
    """Return a segment's condition: a column, and its value or bounds."""
    low, high = _bounds(segment)
    return content.attribute(segment), segment.value, low, high


def _bounds(segment: Segment) -> tuple[Decimal | None, Decimal | None]:
    if not segment.bounds:
        return None, None
    low, high = segment.bounds.at_least, segment.bounds.at_most
    return Decimal(low) if low else None, Decimal(high) if high else None


def write_segment(
    schema: str, segment: Segment, *, dialect: Dialect, known: bool, as_of: dt.date
) -> Statement:
    """Insert a segment's row, or update it if it is ``known``."""
    cells: dict[str, Value] = {
        name: getattr(segment, name)
        for name in ("label", "set", "kind", "meaning", "action", "customers")
    }
    cells |= dict(zip(_CONDITION, condition(segment), strict=True))
    cells |= {"as_of": as_of, "name": segment.name}
    limit = dialect.cell_bytes
    values = tuple(_cut(one, limit) if isinstance(one, str) else one for one in cells.values())
    table, names = table_name(schema, SEGMENTS), list(cells)
    if known:
        changed = ", ".join(f"{quoted(name)} = %s" for name in names[:-1])
        return f"UPDATE {table} SET {changed} WHERE name = %s", values
    marks = ", ".join(["%s"] * len(values))
    return f"INSERT INTO {table} ({listed(names)}) VALUES ({marks})", values


def _cut(text: str, limit: int) -> str:
    return text.encode()[:limit].decode(errors="ignore") if limit else text


def delete_segment(schema: str, segment: Segment) -> Statement:
    """Delete a segment's row."""
    return f"DELETE FROM {table_name(schema, SEGMENTS)} WHERE name = %s", (segment.name,)


def count_members(schema: str, segment: Segment) -> Statement:
    """Return the query that counts a segment's members."""
    column = quoted(content.attribute(segment))
    low, high = _bounds(segment)
    asked: dict[str, Value] = {">=": low, "<=": high} if segment.bounds else {"=": segment.value}
    tests = {sign: value for sign, value in asked.items() if value is not None}
    wanted = " AND ".join(f"{column} {sign} %s" for sign in tests)
    query = f"SELECT COUNT(*) FROM {table_name(schema, CUSTOMERS)} WHERE {wanted}"
    return query, tuple(tests.values())
