"""``tessera sources``: what a database has, a mapping proposed for it, and the end of its slot."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from adapters.databases.catalog import list_tables
from adapters.databases.slot import ReplicationSlot
from adapters.databases.snapshot import snapshot
from local.app.databases import connected
from local.terminal import Terminal, table
from tessera.errors import InvalidInput
from tessera.sources.databases.address import parse_address
from tessera.sources.databases.proposed import proposed_mapping, updated_column
from tessera.sources.databases.tables import DatabaseTable
from tessera.sources.recognition.proposal import Row

_SAMPLE_ROWS = 100
_NONE = "–"


def list_sources(
    url: str, *, names: Sequence[str], environment: Mapping[str, str], terminal: Terminal
) -> str:
    """Print a database's tables, and return a mapping file proposed for them.

    Parameters
    ----------
    names
        The tables to propose a mapping for, as ``schema.table`` or ``table``. None for all.
    """
    with connected(parse_address(url), environment=environment, terminal=terminal) as connection:
        tables = list_tables(connection)
        chosen = _chosen(tables, names)
        for line in table(("Table", "Rows", "Key", "Grows", "Columns"), list(map(_row, tables))):
            terminal.say(f"  {line}")
        return proposed_mapping(list(_sampled(connection, chosen)))


def drop_slot(url: str, *, name: str, environment: Mapping[str, str], terminal: Terminal) -> None:
    """Remove a replication slot and its publication, so that the server keeps no log for it."""
    with connected(parse_address(url), environment=environment, terminal=terminal) as connection:
        slot = ReplicationSlot(connection, name=name)
        kept = slot.kept_bytes() if slot.exists else 0
        if slot.drop():
            terminal.say(f"  Slot {name} is dropped. The server kept {kept / 1e6:,.1f} MB for it.")
        else:
            terminal.say(f"  There is no slot {name}.")


def _chosen(tables: Sequence[DatabaseTable], names: Sequence[str]) -> list[DatabaseTable]:
    known = {**{each.name: each for each in tables}, **{each.full_name: each for each in tables}}
    for name in names:
        if name not in known:
            raise InvalidInput(
                f"the database has no table {name} that this user may read: there are "
                f"{', '.join(each.full_name for each in tables) or 'none'}"
            )
    return [known[name] for name in names] if names else list(tables)


def _sampled(
    connection: Any, tables: Sequence[DatabaseTable]
) -> list[tuple[DatabaseTable, Sequence[Row]]]:
    with snapshot(connection) as taken:
        readable = [
            dataclasses.replace(each, columns=tuple(c for c in each.columns if c.readable))
            for each in tables
        ]
        return [(each, taken.sample(each, rows=_SAMPLE_ROWS)) for each in readable]


def _row(of: DatabaseTable) -> tuple[str, ...]:
    rows = f"about {of.estimated_rows:,}" if of.estimated_rows >= 0 else _NONE
    names = ", ".join(of.column_names)
    return (
        of.full_name,
        rows,
        ", ".join(of.primary_key) or _NONE,
        updated_column(of) or _NONE,
        names,
    )
