"""Quote names for a warehouse, and write the SQL that creates the missing tables and columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from tessera.destinations.warehouse.tables import CUSTOMERS, TABLES, Dialect, Kind, Statement


def quoted(name: str) -> str:
    """Return a name as a quoted identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Return a text as SQL has it in a statement that is executed with values."""
    return "'" + text.replace("'", "''").replace("%", "%%") + "'"


def table_name(schema: str, table: str) -> str:
    """Return a table's name with its schema, quoted."""
    return f"{quoted(schema)}.{quoted(table)}"


def listed(names: Iterable[str]) -> str:
    """Return names as quoted identifiers, separated by commas."""
    return ", ".join(map(quoted, names))


def schema_exists(schema: str) -> Statement:
    """Return the query that returns a row if the schema exists."""
    return "SELECT nspname FROM pg_namespace WHERE nspname = %s", (schema,)


def table_id(schema: str, table: str) -> Statement:
    """Return the query for the database's name and a table's number, which a new table changes."""
    query = (
        "SELECT current_database(), c.oid FROM pg_class c "
        "JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = %s AND c.relname = %s"
    )
    return query, (schema, table)


def columns(schema: str) -> Statement:
    """Return the query for each table's columns in order, as pairs of table and column name."""
    query = (
        "SELECT table_name, column_name FROM information_schema.columns "
        "WHERE table_schema = %s ORDER BY table_name, ordinal_position"
    )
    return query, (schema,)


def room(
    schema: str,
    existing: Mapping[str, Sequence[str]],
    *,
    dialect: Dialect,
    own: Mapping[str, Kind],
    has_schema: bool,
) -> list[Statement]:
    """Return the statements that create the schema, tables and columns that are missing.

    There is no statement for what exists. So a user without the right to create anything can
    still load, once somebody else has created the tables. A column that is no longer used stays.

    Parameters
    ----------
    existing
        Each existing table's columns.
    own
        The columns of the tenant's own segment sets.
    has_schema
        Whether the schema exists.
    """
    statements: list[Statement] = [] if has_schema else [(f"CREATE SCHEMA {quoted(schema)}", ())]
    for table, (known, key) in TABLES.items():
        wanted = {**known, **own} if table == CUSTOMERS else known
        typed = {name: f"{quoted(name)} {dialect.types[kind]}" for name, kind in wanted.items()}
        if table not in existing:
            parts = [f"{text} NOT NULL" if name in key else text for name, text in typed.items()]
            body = ", ".join([*parts, f"PRIMARY KEY ({listed(key)})"])
            statements.append((f"CREATE TABLE {table_name(schema, table)} ({body})", ()))
            continue
        missing = [text for name, text in typed.items() if name not in existing[table]]
        statements += [
            (f"ALTER TABLE {table_name(schema, table)} ADD COLUMN {text}", ()) for text in missing
        ]
    return statements
