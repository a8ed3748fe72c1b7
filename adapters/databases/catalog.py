"""What tables a PostgreSQL has, with their columns and keys."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from adapters.databases.connection import translated
from tessera.sources.databases.tables import DatabaseTable, TableColumn

# Ordinary and partitioned tables, views of both kinds, and foreign tables.
_TABLES = """
SELECT c.oid, n.nspname, c.relname, c.relreplident = 'f', c.reltuples::bigint
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition
    AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\\_%'
    AND has_schema_privilege(n.oid, 'USAGE')
    AND has_any_column_privilege(c.oid, 'SELECT')
ORDER BY n.nspname, c.relname"""

_COLUMNS = """
SELECT a.attrelid, a.attname, format_type(a.atttypid, a.atttypmod),
    CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.oid END::bigint,
    a.attgenerated <> '', has_column_privilege(a.attrelid, a.attnum, 'SELECT')
FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
    AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\\_%'
ORDER BY a.attrelid, a.attnum"""

_KEYS = """
SELECT i.indrelid, a.attname
FROM pg_index i
CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS part (attnum, place)
JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = part.attnum
WHERE i.indisprimary ORDER BY i.indrelid, part.place"""

_DOMAINS = "SELECT oid::bigint, typbasetype::bigint FROM pg_type WHERE typtype = 'd'"


def list_tables(connection: Any) -> list[DatabaseTable]:
    """Return the tables of which the user may read a column, by schema and name."""
    with translated("the catalog"):
        columns, keys = defaultdict(list), defaultdict(list)
        for table, name, type_name, type_id, generated, readable in connection.run(_COLUMNS):
            columns[table].append(
                TableColumn(
                    name=name,
                    type_name=type_name,
                    type_id=type_id,
                    generated=generated,
                    readable=readable,
                )
            )
        for table, name in connection.run(_KEYS):
            keys[table].append(name)
        return [
            DatabaseTable(
                schema=schema,
                name=name,
                columns=tuple(columns[number]),
                primary_key=tuple(keys[number]),
                sends_whole_rows=whole,
                estimated_rows=rows,
            )
            for number, schema, name, whole, rows in connection.run(_TABLES)
        ]


def base_types(connection: Any) -> dict[int, int]:
    """Return the type that each domain is made of, by OID."""
    with translated("the catalog"):
        return {int(domain): int(base) for domain, base in connection.run(_DOMAINS)}
