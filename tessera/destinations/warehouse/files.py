"""The SQL that loads a run's import files at once, and what COPY reads beside them.

A manifest lists the files. A JSONPaths file says which member of a line is which column. What
follows is the SQL of a batch, once for all files.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tessera.contracts.customer_profiles import is_set_attribute
from tessera.destinations.warehouse.names import listed, literal, quoted, table_name
from tessera.destinations.warehouse.tables import CUSTOMERS, TABLES, Dialect, Statement

DEFAULT_ROLE = "default"  # the role that is set as default of the cluster
MOST_CUSTOMERS = 5_000_000  # of one transaction: a small cluster has to be done within minutes

_DIGEST, _LEFT = "digest", "left_at"
_MEMBERS = {"customer_id": ("customer_id",), "customer_key": ("key",), _DIGEST: ("digest",)}
_PLAIN = re.compile(r"[a-z0-9_]+")


def manifest(sizes: Mapping[str, int]) -> dict[str, Any]:
    """Return the list of files that COPY reads, all of which must be there.

    Parameters
    ----------
    sizes
        The size of each file in bytes, by its address.
    """
    return {
        "entries": [
            {"url": url, "mandatory": True, "meta": {"content_length": size}}
            for url, size in sizes.items()
        ]
    }


def copied_columns(names: Iterable[str]) -> tuple[str, ...]:
    """Return the columns that COPY fills, of those that ``customers`` has.

    The others stay null, as in a batch. The last one is of the staging table alone.
    """
    known, _ = TABLES[CUSTOMERS]
    ours = (name for name in names if name in known or is_set_attribute(name))
    plain = (name for name in ours if _PLAIN.fullmatch(name) and name != _LEFT)
    return (*plain, _DIGEST)


def json_paths(columns: Iterable[str]) -> dict[str, Sequence[str]]:
    """Return where a line of an import file has each column. COPY reads what is missing as null."""
    members = (_MEMBERS.get(name, ("content", name)) for name in columns)
    return {"jsonpaths": ["$" + "".join(f"['{one}']" for one in path) for path in members]}


def add_digest(schema: str, staging: str, *, dialect: Dialect) -> Statement:
    """Add the column to a staging table that is empty for who left."""
    column = f"{quoted(_DIGEST)} {dialect.types['text']}"
    return f"ALTER TABLE {table_name(schema, staging)} ADD COLUMN {column}", ()


def copy(
    schema: str, staging: str, columns: Sequence[str], *, manifest_url: str, paths_url: str,
    role: str,
) -> Statement:  # fmt: skip
    """Copy all files of a manifest into a staging table."""
    named = DEFAULT_ROLE if role == DEFAULT_ROLE else literal(role)
    return (
        f"COPY {table_name(schema, staging)} ({listed(columns)}) FROM {literal(manifest_url)} "
        f"IAM_ROLE {named} FORMAT AS JSON {literal(paths_url)} COMPUPDATE OFF MANIFEST"
    ), ()


def count_copied() -> Statement:
    """Return the query for how many rows the session's last COPY loaded."""
    return "SELECT pg_last_copy_count()", ()


def mark_left(schema: str, staging: str, *, as_of: dt.date) -> Statement:
    """Note the day for the staged customers who left: those whose content has no digest."""
    return (
        f"UPDATE {table_name(schema, staging)} SET {quoted(_LEFT)} = CAST(%s AS DATE) "
        f"WHERE COALESCE({quoted(_DIGEST)}, '') = ''"
    ), (as_of,)


def limit_time(seconds: float) -> Statement:
    """Let the database end any statement that takes longer."""
    return f"SET statement_timeout TO {max(1, int(seconds * 1000))}", ()
