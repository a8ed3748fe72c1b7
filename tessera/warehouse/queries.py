"""The views' SQL, with the names that an engine gives the tables.

The text is the same for DuckDB, Athena (Trino), Redshift and PostgreSQL. Only the first and the
last words of a ``CREATE VIEW`` differ.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Literal

from tessera.contracts.table import Table
from tessera.shipped_files import read_text
from tessera.warehouse.views import BASES, VIEWS

Dialect = Literal["duckdb", "athena", "redshift", "postgresql"]
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_COMMENT = re.compile(r"^--.*\n", re.MULTILINE)
# A view of Redshift over an external table must not depend on it.
_END = {"redshift": "\nWITH NO SCHEMA BINDING"}


def body(view: Table, *, named: Callable[[str], str]) -> str:
    """Return a view's query.

    Parameters
    ----------
    named
        Returns what the engine calls a table or view.
    """
    text = _COMMENT.sub("", read_text("tessera.warehouse", f"sql/{view.name}.sql"))
    return _PLACEHOLDER.sub(lambda match: named(match.group(1)), text).strip()


def create(view: Table, *, dialect: Dialect, named: Callable[[str], str]) -> str:
    """Return the statement that creates a view, or replaces it."""
    query = body(view, named=named)
    return f"CREATE OR REPLACE VIEW {named(view.name)} AS\n{query}{_END.get(dialect, '')}"


def query(view: Table, *, named: Callable[[str], str]) -> str:
    """Return one query for a view's rows that needs only the bases, not the other views."""
    names = {base.name for base in BASES}
    parts = [
        f"{_inner(one.name)} AS (\n{body(one, named=lambda name: _within(name, names, named))}\n)"
        for one in _needed(view)
    ]
    return f"WITH {', '.join(parts)}\nSELECT * FROM {_inner(view.name)}"


def bases_of(view: Table) -> set[str]:
    """Return the names of the bases that a view reads, itself or by other views."""
    return {name for one in _needed(view) for name in _read(one)} & {one.name for one in BASES}


def _inner(name: str) -> str:
    return f"{name}_rows"  # a base can have a view's name in another schema


def _within(name: str, bases: set[str], named: Callable[[str], str]) -> str:
    return named(name) if name in bases else _inner(name)


def _needed(view: Table) -> Sequence[Table]:
    """Return a view after the views that it reads, each once."""
    wanted = set(_reads(view))
    return [one for one in VIEWS if one.name in wanted]


def _reads(view: Table) -> Iterator[str]:
    yield view.name
    views = {one.name: one for one in VIEWS}
    for name in _read(view):
        if name in views:
            yield from _reads(views[name])


def _read(view: Table) -> set[str]:
    return set(_PLACEHOLDER.findall(read_text("tessera.warehouse", f"sql/{view.name}.sql")))
