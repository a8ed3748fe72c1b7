"""Read what changed in the tables of a PostgreSQL into change files, in one snapshot."""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from adapters.databases.catalog import list_tables
from adapters.databases.connection import translated
from adapters.databases.replication import ReadChanges, read_changes
from adapters.databases.slot import ReplicationSlot
from adapters.databases.snapshot import TableSnapshot, snapshot
from tessera.sources import snapshots
from tessera.sources.databases import file_names
from tessera.sources.databases.cursor import (
    DatabaseCursor,
    ReadPolicy,
    TableCursor,
    Way,
    why_whole,
)
from tessera.sources.databases.tables import DatabaseTable, Key, TableRequest, resolved, types_of

# A change that a load does not show yet must have a later instant than the load. A commit can take
# this long between its instant and the moment at which others see it.
_LATE_COMMIT = dt.timedelta(minutes=10)
_MICROSECOND = dt.timedelta(microseconds=1)


@dataclasses.dataclass(frozen=True, kw_only=True)
class TableFiles:
    """What was read of a table.

    Parameters
    ----------
    paths
        Its new files.
    replaces
        Whether earlier files no longer count.
    keeps_from
        Of those, changes since this moment still do. None where no earlier file counts.
    why
        Why it was read whole, for people. Empty where only its changes were.
    """

    table: DatabaseTable
    key: Key
    paths: Sequence[Path]
    replaces: bool
    keeps_from: dt.datetime | None
    why: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class TablesRead:
    """What was read of a database.

    Parameters
    ----------
    end
        What the slot may forget, once the files are kept. 0 for nothing.
    """

    tables: Mapping[str, TableFiles]
    cursor: DatabaseCursor
    end: int = 0


def read_tables(
    requests: Sequence[TableRequest], *, connection: Any, folder: Path,  # noqa: ANN401
    cursor: DatabaseCursor, last: Mapping[str, str], policy: ReadPolicy, slot: str = "",
) -> TablesRead:  # fmt: skip
    """Write the tables' change files into a folder. The database is not changed, but for a slot.

    Parameters
    ----------
    requests
        The tables.
    cursor
        How far they were read before.
    last
        The name of each table's last file of changes.
    slot
        The replication slot to read changes from. It is made if it is missing. Empty for none.

    Raises
    ------
    InvalidInput, Refused, Retryable
        A table can't be read, or the connection was lost. Nothing of what was read may be kept.
    """
    return _Reader(
        connection, folder=folder, cursor=cursor, last=last, policy=policy, slot=slot
    ).read(requests)


class _Reader:
    def __init__(
        self, connection: Any, *, folder: Path, cursor: DatabaseCursor,  # noqa: ANN401
        last: Mapping[str, str], policy: ReadPolicy, slot: str,
    ) -> None:  # fmt: skip
        self._connection, self._folder = connection, folder
        self._before, self._last, self._policy = cursor, last, policy
        self._slot = ReplicationSlot(connection, name=slot) if slot else None

    def read(self, requests: Sequence[TableRequest]) -> TablesRead:
        by_changes = self._slot is not None
        there = list_tables(self._connection)
        tables = [resolved(request, there, changes=by_changes) for request in requests]
        before = self._before
        with translated("the server's clock"):
            ((now,),) = self._connection.run("SELECT clock_timestamp()")
        began = now.astimezone(dt.UTC)
        changes = None
        if self._slot is not None:
            if self._made(self._slot, [table for table, _ in tables]):
                before = DatabaseCursor(database=before.database, slot=self._slot.name)
            changes = self._changes(self._slot, tables, before)
        with snapshot(self._connection) as taken:
            read = {
                request.full_name: self._table(
                    request, table, key, taken, before=before, changes=changes, began=began
                )
                for request, (table, key) in zip(requests, tables, strict=True)
            }
        return TablesRead(
            tables={name: files for name, (files, _) in read.items()},
            cursor=dataclasses.replace(
                before,
                place=changes.place if changes else before.place,
                tables={**before.tables, **{name: each for name, (_, each) in read.items()}},
            ),
            end=changes.end if changes else 0,
        )

    def _made(self, slot: ReplicationSlot, tables: Sequence[DatabaseTable]) -> bool:
        """Make the slot if it is missing. Return whether its changes begin now."""
        if not slot.exists:
            slot.create(tables)
            return True
        slot.check(tables)
        return self._before.slot != slot.name

    def _changes(
        self, slot: ReplicationSlot, tables: Sequence[tuple[DatabaseTable, Key]],
        before: DatabaseCursor,
    ) -> ReadChanges:  # fmt: skip
        last = {(t.schema, t.name): self._last.get(t.full_name, "") for t, _ in tables}
        return read_changes(
            slot,
            self._folder,
            keys={(table.schema, table.name): key for table, key in tables},
            place=before.place,
            last=last,
        )

    def _table(
        self, request: TableRequest, table: DatabaseTable, key: Key, taken: TableSnapshot, *,
        before: DatabaseCursor, changes: ReadChanges | None, began: dt.datetime,
    ) -> tuple[TableFiles, TableCursor]:  # fmt: skip
        way: Way = "changes" if changes else "updated_at" if request.updated_at else "whole"
        known = before.tables.get(table.full_name)
        why = why_whole(
            known, way=way, key=key, types=types_of(table), policy=self._policy, now=began
        )
        folder = self._folder / file_names.folder(table.schema, table.name)
        paths, emptied = _of_changes(changes, table)
        at = _later(taken.at, known)
        goes_on = changes is not None and known is not None and known.way == way
        if why:
            loaded_at = began - _LATE_COMMIT if changes else at
            paths += taken.load(table, folder, began=loaded_at)
        elif not changes and known is not None:
            paths += taken.since(
                table, folder, column=request.updated_at, mark=known.mark, at=at,
                overlap=self._policy.overlap, last=self._last.get(table.full_name, ""),
            )  # fmt: skip
        mark = taken.newest(table, column=request.updated_at) if way == "updated_at" else ""
        files = TableFiles(
            table=table, key=key, paths=paths, replaces=emptied or bool(why), why=why,
            keeps_from=began - _LATE_COMMIT if goes_on and not emptied else None,
        )  # fmt: skip
        if why or known is None:
            return files, TableCursor(
                way=way, key=key, loaded_at=began, read_at=at, mark=mark, types=types_of(table)
            )
        return files, dataclasses.replace(known, read_at=at, mark=mark or known.mark)


def _of_changes(changes: ReadChanges | None, table: DatabaseTable) -> tuple[list[Path], bool]:
    """Return a table's files of changes, and whether it was emptied before them."""
    of = changes.tables.get((table.schema, table.name)) if changes else None
    return ([*of.paths], of.emptied) if of else ([], False)


def _later(moment: dt.datetime, before: TableCursor | None) -> dt.datetime:
    """Return the instant of what is read now: later than before, whatever the clock says."""
    return max(moment, before.read_at + _MICROSECOND) if before else moment


def outdated(names: Sequence[str], *, keeps_from: dt.datetime | None) -> Iterator[str]:
    """Yield the names of a table's earlier files that no longer count.

    Parameters
    ----------
    names
        All its earlier files.
    keeps_from
        Changes since this moment still count. None for no change.
    """
    changes = sorted(name for name in names if file_names.is_changes(name))
    kept = set()
    if keeps_from is not None:  # what earlier changes were folded to has some since then, too
        kept = {name for name in names if name.startswith(snapshots.FILES)}
        # A file's changes are not later than the name of the file after it.
        for name, following in itertools.zip_longest(changes, changes[1:], fillvalue=""):
            if not following or file_names.moment_of(following) >= keeps_from:
                kept.add(name)
    yield from sorted({*names} - kept)
