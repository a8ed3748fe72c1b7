"""The SQL of curation: a table's present rows to the data contract's columns."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from tessera.sources.changes import quoted
from tessera.sources.tables.columns import LOOKUP, ROW, ColumnName
from tessera.sources.tables.mapping import TableMapping

KEPT = "kept_row"  # of the rows that count, 1, of others 0
NO_NUMBERS = "no_numbers"  # how many texts of the row number() could not read
MARKS = (KEPT, NO_NUMBERS)

_UNREAD = (
    "CASE WHEN TRIM({0}) <> '' AND TRY_CAST(TRIM({0}) AS DECIMAL(18, 4)) IS NULL THEN 1 ELSE 0 END"
)


def curated_sql(mapping: TableMapping, *, rows: str) -> str:
    """Return the query for all rows in the contract's columns, with ``MARKS``, in a total order.

    Parameters
    ----------
    rows
        The relation of the table's present rows. Those of lookups are called ``LOOKUP`` and their
        name. Each has every column that the mapping reads.
    """
    headers = {name: each.as_text for name, each in mapping.columns.items()}
    kept = f"CASE WHEN {mapping.keep.sql} THEN 1 ELSE 0 END" if mapping.keep else "1"
    selected = ", ".join(f"{sql} AS {quoted(name)}" for name, sql in headers.items())
    read = dict.fromkeys(sql for each in mapping.columns.values() for sql in each.numbers)
    unread = " + ".join(_UNREAD.format(sql) for sql in read) or "0"
    joins = " ".join(_join(mapping, name) for name in mapping.lookups)
    return (
        f"SELECT {selected}, {kept} AS {KEPT}, {unread} AS {NO_NUMBERS} "  # noqa: S608 (checked)
        f"FROM {rows} AS {ROW} {joins} "
        f"ORDER BY {_ordered([*headers, KEPT])}"
    )


def copied_sql(columns: Sequence[str], *, rows: str) -> str:
    """Return the query for rows that are in the contract's columns already."""
    selected = ", ".join(map(quoted, columns))
    return (
        f"SELECT {selected}, 1 AS {KEPT}, 0 AS {NO_NUMBERS} FROM {rows} "  # noqa: S608 (quoted)
        f"ORDER BY {_ordered([*columns, KEPT])}"
    )


def with_optional_sql(rows: str, *, columns: Sequence[str], missing: Collection[str]) -> str:
    """Return the query for rows with further columns, which are empty."""
    there = [quoted(name) for name in columns]
    empty = [f"CAST(NULL AS STRING) AS {quoted(name)}" for name in missing]
    return f"SELECT {', '.join([*there, *empty])} FROM {rows}"  # noqa: S608 (quoted)


def repeated_keys_sql(rows: str, *, key: Sequence[str]) -> str:
    """Return the query for how many keys of a lookup have several rows."""
    keys = ", ".join(map(quoted, key))
    return (
        f"SELECT COUNT(*) FROM (SELECT {keys} FROM {rows} GROUP BY {keys} "  # noqa: S608 (quoted)
        "HAVING COUNT(*) > 1) AS repeated"
    )


def _join(mapping: TableMapping, name: str) -> str:
    lookup = mapping.lookups[name]
    same = " AND ".join(
        f"{ColumnName('', mine).sql} = {ColumnName(name, theirs).sql}"
        for mine, theirs in zip(lookup.by, lookup.key, strict=True)
    )
    return f"LEFT JOIN {LOOKUP}{name} ON {same}"


def _ordered(names: Sequence[str]) -> str:
    """Return an order in which both engines put NULL first."""
    return ", ".join(f"{quoted(name)} NULLS FIRST" for name in names)
