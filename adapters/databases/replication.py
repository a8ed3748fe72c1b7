"""What a replication slot has, into change files."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path

from adapters.databases.catalog import base_types
from adapters.databases.change_files import TableChanges
from adapters.databases.slot import ReplicationSlot
from tessera.sources.databases import file_names, pgoutput
from tessera.sources.databases.transactions import (
    StreamPlace,
    TableChange,
    TableEmptied,
    Transactions,
)

Name = tuple[str, str]
_ROWS_PER_FILE = 1_000_000


@dataclasses.dataclass(frozen=True, kw_only=True)
class ReadChanges:
    """What was read of a slot.

    Parameters
    ----------
    tables
        Each table's files, by schema and name. Those without a change are missing.
    place
        How far the stream was read, to go on from.
    end
        The position in the log up to which it may be forgotten. 0 where nothing was read.
    """

    tables: Mapping[Name, TableChanges]
    place: StreamPlace
    end: int


def read_changes(
    slot: ReplicationSlot, folder: Path, *, keys: Mapping[Name, tuple[str, ...]],
    place: StreamPlace, last: Mapping[Name, str], rows_per_file: int = _ROWS_PER_FILE,
) -> ReadChanges:  # fmt: skip
    """Write what was committed since. The slot keeps it until it is asked to forget.

    Parameters
    ----------
    folder
        Each table has a folder below it.
    keys
        The key of each table.
    place
        How far the stream was read before.
    last
        The name of each table's last file.
    """
    transactions = Transactions(keys, place=place, base_types=base_types(slot.connection))
    files = _Files(folder, last=last, rows_per_file=rows_per_file)
    try:
        end = _read(slot, transactions, files)
        for changes in files.tables.values():
            changes.close()
    except BaseException:
        for changes in files.tables.values():
            changes.discard()
        raise
    return ReadChanges(tables=files.tables, place=transactions.place, end=end)


class _Files:
    """The files of each table that has a change."""

    def __init__(self, folder: Path, *, last: Mapping[Name, str], rows_per_file: int) -> None:
        self.tables: dict[Name, TableChanges] = {}
        self._folder, self._last, self._rows_per_file = folder, last, rows_per_file

    def of(self, schema: str, table: str) -> TableChanges:
        """Return a table's."""
        name = (schema, table)
        if name not in self.tables:
            self.tables[name] = TableChanges(
                self._folder / file_names.folder(schema, table),
                last=self._last.get(name, ""),
                rows_per_file=self._rows_per_file,
            )
        return self.tables[name]


def _read(slot: ReplicationSlot, transactions: Transactions, files: _Files) -> int:
    """Return the position right after the last transaction."""
    end = 0
    for data in slot.messages():
        for item in transactions.read(pgoutput.decode(data)):
            if isinstance(item, TableChange):
                of = files.of(item.relation.schema, item.relation.table)
                of.add(item, moment=transactions.moment)
            elif isinstance(item, TableEmptied):
                files.of(item.schema, item.table).empty()
            else:
                end = item.end
    return end
