"""Names in a warehouse, and the SQL that makes room for the tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from tessera.destinations.warehouse.tables import CUSTOMERS, TABLES, Dialect, Kind, Statement


def quoted(name: str) -> str:
    """Return a name as an identifier."""
    return '"' + name.replace('"', '""') + '"'


def table_name(schema: str, table: str) -> str:
    """Return a table as statements name it."""
    return f"{quoted(schema)}.{quoted(table)}"


def listed(names: Iterable[str]) -> str:
    """Return names as identifiers, with commas."""
    return ", ".join(map(quoted, names))


def schema_exists(schema: str) -> Statement:
    """Return the query that has a row where there is the schema."""
    return "SELECT nspname FROM pg_namespace WHERE nspname = %s", (schema,)


def columns(schema: str) -> Statement:
    """Return the query for each table's columns in their order, as pairs of names."""
    said = (
        "SELECT table_name, column_name FROM information_schema.columns "
        "WHERE table_schema = %s ORDER BY table_name, ordinal_position"
    )
    return said, (schema,)


def room(
    schema: str,
    found: Mapping[str, Sequence[str]],
    *,
    dialect: Dialect,
    own: Mapping[str, Kind],
    has_schema: bool,
) -> list[Statement]:
    """Return what makes the schema, its tables and their columns, as far as they are not there.

    Nothing is asked for that is there, so that a user who may only write what somebody else has
    made can do the rest. A column that is no longer in use stays.

    Parameters
    ----------
    found
        Each table's columns.
    own
        The columns of a tenant's own segment sets.
    """
    made: list[Statement] = [] if has_schema else [(f"CREATE SCHEMA {quoted(schema)}", ())]
    for table, (known, key) in TABLES.items():
        wanted = {**known, **own} if table == CUSTOMERS else known
        typed = {name: f"{quoted(name)} {dialect.types[kind]}" for name, kind in wanted.items()}
        if table not in found:
            parts = [f"{text} NOT NULL" if name in key else text for name, text in typed.items()]
            said = ", ".join([*parts, f"PRIMARY KEY ({listed(key)})"])
            made.append((f"CREATE TABLE {table_name(schema, table)} ({said})", ()))
            continue
        missing = [text for name, text in typed.items() if name not in found[table]]
        made += [
            (f"ALTER TABLE {table_name(schema, table)} ADD COLUMN {text}", ()) for text in missing
        ]
    return made
