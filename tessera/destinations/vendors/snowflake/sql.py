"""The SQL of Snowflake: statements with ``?`` for each bound value, and no customer in their text.

A batch is one bound text: a JSON array of rows, each an array of texts or nulls. Two statements
bring it into the tables. The first notes the moves, against the rows that ``CUSTOMERS`` still has.
The second merges the rows. Each commits by itself, and both come to the same when they are
repeated, so a batch that stops between them is only sent again.

The SQL API has no transaction for this: a request of several statements takes no bound values.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from tessera.contracts.customer_profiles import set_attribute
from tessera.destinations.port import Item
from tessera.destinations.warehouse import sql, tables
from tessera.destinations.warehouse.names import quoted
from tessera.destinations.warehouse.tables import CUSTOMERS, SEGMENTS, TABLES, TRANSITIONS, Kind
from tessera.records.loads.segment import Segment

Bound = tuple[str, tuple[str, ...]]  # a statement, with ? for each of the texts

_TYPES = tables.SNOWFLAKE.types
_SEGMENT, _SETS = "rfm_segment", set_attribute("")
_CONDITION = ("attribute", "value", "at_least", "at_most")
_ROWS = "TABLE(FLATTEN(INPUT => PARSE_JSON(?))) AS f"


def named(name: str) -> str:
    """Return a table's or column's name as an identifier: in upper case, so nobody must quote."""
    return quoted(name.upper())


def table(schema: str, name: str) -> str:
    """Return a table's name with its schema. The schema's case is as it was given."""
    return f"{quoted(schema)}.{named(name)}"


def _listed(names: Iterable[str], of: str = "") -> str:
    return ", ".join(f"{of}{named(name)}" for name in names)


# ---- what there is -------------------------------------------------------------------------


def schema_exists(schema: str) -> Bound:
    """Return the query that returns a row if the schema exists."""
    return "SELECT SCHEMA_NAME FROM INFORMATION_SCHEMA.SCHEMATA WHERE SCHEMA_NAME = ?", (schema,)


def columns(schema: str) -> Bound:
    """Return the query for each table's columns in order, as pairs of table and column name."""
    query = (
        "SELECT TABLE_NAME, COLUMN_NAME FROM INFORMATION_SCHEMA.COLUMNS "
        "WHERE TABLE_SCHEMA = ? ORDER BY TABLE_NAME, ORDINAL_POSITION"
    )
    return query, (schema,)


def table_id(schema: str) -> Bound:
    """Return the query for the database, and when ``CUSTOMERS`` was created there."""
    query = (
        "SELECT CURRENT_DATABASE(), DATE_PART(EPOCH_NANOSECOND, CREATED) "
        "FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?"
    )
    return query, (schema, CUSTOMERS.upper())


def room(
    schema: str,
    existing: Mapping[str, Sequence[str]],
    *,
    own: Mapping[str, Kind],
    has_schema: bool,
) -> list[Bound]:
    """Return the statements that create the schema, tables and columns that are missing.

    There is no statement for what exists, so a role without the right to create can still load.

    Parameters
    ----------
    existing
        Each existing table's columns, in lower case.
    own
        The columns of the tenant's own segment sets.
    has_schema
        Whether the schema exists.
    """
    made = [] if has_schema else [f"CREATE SCHEMA IF NOT EXISTS {quoted(schema)}"]
    for name, (known, key) in TABLES.items():
        wanted = {**known, **own} if name == CUSTOMERS else known
        typed = {one: f"{named(one)} {_TYPES[kind]}" for one, kind in wanted.items()}
        if name not in existing:
            parts = [f"{text} NOT NULL" if one in key else text for one, text in typed.items()]
            body = ", ".join([*parts, f"PRIMARY KEY ({_listed(key)})"])
            made.append(f"CREATE TABLE IF NOT EXISTS {table(schema, name)} ({body})")
            continue
        missing = [text for one, text in typed.items() if one not in existing[name]]
        add = f"ALTER TABLE {table(schema, name)} ADD COLUMN IF NOT EXISTS"
        made += [f"{add} {text}" for text in missing]
    return [(text, ()) for text in made]


# ---- a batch -------------------------------------------------------------------------------


def rows_text(items: Iterable[Item], names: Sequence[str], *, as_of: dt.date) -> str:
    """Return a batch as the text to bind: values in the order of the columns, null for none."""
    rows = [
        [None if value is None else str(value) for value in tables.row(item, names, as_of=as_of)]
        for item in items
    ]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"))


def merge_customers(schema: str, names: Sequence[str], *, rows: str) -> Bound:
    """Merge a batch into ``CUSTOMERS``. It changes as many rows as the batch has customers."""
    kinds = tables.kinds(names)
    cells = [
        f"{_cast(_text(f'GET(f.value, {index})'), kinds[name])} AS {named(name)}"
        for index, name in enumerate(names)
    ]
    changed = [name for name in names if name != "customer_id"]
    return (
        f"MERGE INTO {table(schema, CUSTOMERS)} AS known "
        f"USING (SELECT {', '.join(cells)} FROM {_ROWS}) AS fresh "
        f"ON known.{named('customer_id')} = fresh.{named('customer_id')} "
        f"WHEN MATCHED THEN UPDATE SET {_assigned(changed)} "
        f"WHEN NOT MATCHED THEN INSERT ({_listed(names)}) VALUES ({_listed(names, 'fresh.')})"
    ), (rows,)


def merge_moves(schema: str, names: Sequence[str], *, rows: str, as_of: dt.date) -> Bound:
    """Note who moves between labels with a batch that ``CUSTOMERS`` does not have yet.

    The rules are those of the other warehouses. The first run notes nothing, and neither does a
    set that is new or retired. Two moves of a customer on one day become one. A customer who
    moves back has not moved.
    """
    labels = [name for name in names if name == _SEGMENT or name.startswith(_SETS)]
    cells = [
        f"{_text(f'GET(f.value, {names.index(name)})')} AS {named(name)}"
        for name in ("customer_id", *labels)
    ]
    known, key = TABLES[TRANSITIONS]
    same = " AND ".join(f"known.{named(name)} = fresh.{named(name)}" for name in key)
    text = (
        f"MERGE INTO {table(schema, TRANSITIONS)} AS known USING ("
        f"WITH batch AS (SELECT {', '.join(cells)} FROM {_ROWS}), "
        f"moved AS ({' UNION ALL '.join(_moved(schema, name) for name in labels)}) "
        f"SELECT {_listed(list(known)[:-1])}, TO_DATE(?, 'YYYY-MM-DD') AS {named('as_of')} "
        f"FROM moved) AS fresh ON {same} "
        f"WHEN MATCHED AND COALESCE(known.{named('from_label')}, '') = "
        f"COALESCE(fresh.{named('to_label')}, '') THEN DELETE "
        f"WHEN MATCHED THEN UPDATE SET {_assigned(['to_label'])} "
        f"WHEN NOT MATCHED THEN INSERT ({_listed(known)}) VALUES ({_listed(known, 'fresh.')})"
    )
    sets = [sql.RFM if name == _SEGMENT else name.removeprefix(_SETS) for name in labels]
    return text, (rows, *sets, as_of.isoformat())


def _moved(schema: str, name: str) -> str:
    """Select one move for each customer whose label in the batch differs from the table's."""
    label, segment = named(name), named(_SEGMENT)
    there, stays = f"had.{segment} IS NOT NULL", f"batch.{segment} IS NOT NULL"
    return (
        f"SELECT batch.{named('customer_id')}, {_text('?')} AS {named('set')}, "
        f"had.{label} AS {named('from_label')}, batch.{label} AS {named('to_label')} "
        f"FROM batch LEFT JOIN {table(schema, CUSTOMERS)} AS had "
        f"ON had.{named('customer_id')} = batch.{named('customer_id')} "
        f"CROSS JOIN (SELECT COUNT(*) AS segments FROM {table(schema, SEGMENTS)}) AS run "
        f"WHERE COALESCE(had.{label}, '') <> COALESCE(batch.{label}, '') AND ("
        f"(had.{label} IS NOT NULL AND batch.{label} IS NOT NULL) "
        f"OR ({there} AND NOT {stays}) OR (NOT {there} AND run.segments > 0))"
    )


def _cast(text: str, kind: Kind) -> str:
    """Return a text as a column's value. Dates have one format, whatever a session's is."""
    if kind == "date":
        return f"TO_DATE({text}, 'YYYY-MM-DD')"
    return text if kind == "text" else f"CAST({text} AS {_TYPES[kind]})"


def _text(value: str) -> str:
    return f"CAST({value} AS VARCHAR)"


def _assigned(names: Iterable[str]) -> str:
    return ", ".join(f"{named(name)} = fresh.{named(name)}" for name in names)


# ---- people who are to be erased -----------------------------------------------------------

_PERSONAL = (CUSTOMERS, TRANSITIONS)


def having(schema: str, ids: Sequence[str]) -> Bound:
    """Return the query for those of some customer ids that a table has rows of."""
    column = named("customer_id")
    queries = [f"SELECT {column} {_of_people(schema, name)}" for name in _PERSONAL]
    return " UNION ".join(queries), (_ids_text(ids),) * len(_PERSONAL)


def erase(schema: str, ids: Sequence[str]) -> list[Bound]:
    """Delete all rows of some customers."""
    return [(f"DELETE {_of_people(schema, name)}", (_ids_text(ids),)) for name in _PERSONAL]


def _of_people(schema: str, name: str) -> str:
    people = f"SELECT {_text('GET(f.value, 0)')} FROM {_ROWS}"
    return f"FROM {table(schema, name)} WHERE {named('customer_id')} IN ({people})"


def _ids_text(ids: Iterable[str]) -> str:
    return json.dumps([[one] for one in ids], ensure_ascii=False, separators=(",", ":"))


# ---- segments ------------------------------------------------------------------------------


def select_segment(schema: str, segment: Segment) -> Bound:
    """Return the query for a segment's stored condition, in the order of ``condition``."""
    where = f"WHERE {named('name')} = ?"
    return f"SELECT {_listed(_CONDITION)} FROM {table(schema, SEGMENTS)} {where}", (segment.name,)


def condition(segment: Segment) -> tuple[str | Decimal | None, ...]:
    """Return a segment's condition: a column, and its value or bounds."""
    attribute, value, low, high = sql.condition(segment)
    bounds = (None if one is None else Decimal(str(one)) for one in (low, high))
    return str(attribute).upper(), None if value is None else str(value), *bounds


def write_segment(schema: str, segment: Segment, *, as_of: dt.date) -> Bound:
    """Insert a segment's row, or update it."""
    known, _ = TABLES[SEGMENTS]
    texts = ("name", "label", "set", "kind", "meaning", "action", "customers")
    cells = {name: getattr(segment, name) for name in texts}
    cells |= dict(zip(_CONDITION, condition(segment), strict=True)) | {"as_of": as_of}
    given = {name: str(value) for name, value in cells.items() if value is not None}
    selected = [
        f"{_cast(_text('?' if name in given else 'NULL'), kind)} AS {named(name)}"
        for name, kind in known.items()
    ]
    changed = [name for name in known if name != "name"]
    return (
        f"MERGE INTO {table(schema, SEGMENTS)} AS known USING (SELECT {', '.join(selected)}) "
        f"AS fresh ON known.{named('name')} = fresh.{named('name')} "
        f"WHEN MATCHED THEN UPDATE SET {_assigned(changed)} "
        f"WHEN NOT MATCHED THEN INSERT ({_listed(known)}) VALUES ({_listed(known, 'fresh.')})"
    ), tuple(given[name] for name in known if name in given)


def delete_segment(schema: str, segment: Segment) -> Bound:
    """Delete a segment's row."""
    return f"DELETE FROM {table(schema, SEGMENTS)} WHERE {named('name')} = ?", (segment.name,)


def count_members(schema: str, segment: Segment) -> Bound:
    """Return the query that counts a segment's members."""
    attribute, value, low, high = condition(segment)
    column, number = quoted(str(attribute)), f"CAST(? AS {_TYPES['bound']})"
    bounds = {f">= {number}": low, f"<= {number}": high}
    asked = bounds if segment.bounds else {"= ?": value}
    tests = {test: str(one) for test, one in asked.items() if one is not None}
    wanted = " AND ".join(f"{column} {test}" for test in tests)
    query = f"SELECT COUNT(*) FROM {table(schema, CUSTOMERS)} WHERE {wanted}"
    return query, tuple(tests.values())
