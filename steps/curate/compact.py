"""What the next fold needs of a table's change files, in place of all of them.

Change files name people, and most of what they say is outdated: earlier rows, deleted ones. After a
fold whose upload was handed over, a snapshot of the newest rows is written. Then the files that the
fold read are deleted, where they are still as they were. Snapshot and files fold to the same rows
as either of them, so a process may end between any two writes.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Self

from adapters.aws.objects import ListedObject, Objects
from adapters.engines.change_files import ChangeFiles, text_table
from adapters.engines.parts import PartWriter
from adapters.engines.query import OpenTables
from adapters.stores.upload_folder import marked_name
from steps.curate.counted import SnapshotRows
from steps.curate.source import CuratedSource
from tessera.records.curated import CurateRecord
from tessera.sources import changes, snapshots
from tessera.sources.connectors.cursor import PullCursor

_CURSOR = "cursor.json"  # beside what a connector pulls


@dataclasses.dataclass(frozen=True, kw_only=True)
class RawState:
    """Whether a source's files are complete, as far as its writer says so.

    A connector may write a page of a pull again, in place of the earlier one. So its files are
    left alone while a pull is under way.
    """

    cursor: bytes | None
    is_complete: bool

    @classmethod
    def of(cls, source: CuratedSource, identities: Objects) -> Self:
        """Return a source's state. Ask before its files are listed, and compare afterwards."""
        if not source.is_pulled:
            return cls(cursor=None, is_complete=True)
        key = source.raw + _CURSOR
        if not identities.exists(key):
            return cls(cursor=None, is_complete=False)
        text = identities.read(key)
        return cls(cursor=text, is_complete=PullCursor.parse(text, where=key).done)


def compacted(
    source: CuratedSource,
    *,
    record: CurateRecord,
    files: ChangeFiles,
    state: RawState,
    relation: str,
    tables: OpenTables,
    identities: Objects,
    folder: Path,
    rows_per_part: int,
    now: dt.datetime,
) -> CurateRecord:
    """Write a snapshot where one is due, and delete what it covers. Return the record with it.

    Parameters
    ----------
    record
        What the fold came to, which the snapshot's rows are compared with.
    files, state
        The change files that the fold read, and the source's state before they were listed.
    relation, tables
        Those files, open, with the newest change of each key.
    identities
        Their bucket.
    folder
        Where the snapshot's parts are written first.

    Raises
    ------
    AssertionError
        The snapshot would lack rows of the fold, or have others. Nothing is written then.
    """
    is_due = not source.is_copied and _folded(record, files.entries, now=now).is_due
    if not is_due or not state.is_complete or RawState.of(source, identities) != state:
        return record
    note = snapshots.SnapshotNote(key=source.key, types=files.types)
    names = (changes.OPERATION, *files.columns, changes.COMMITTED_AT, changes.SEQUENCE)
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        writer = PartWriter(
            Path(scratch),
            contract=text_table(names, name="snapshot"),
            rows_per_part=rows_per_part,
            metadata=note.metadata(),
        )
        query = snapshots.snapshot_sql(relation, key=source.key, columns=files.columns)
        counted = SnapshotRows(tables.batches(query))
        writer.write(iter(counted))
        _check(record, counted, tables.row(snapshots.snapshot_counts_sql()))
        written = {
            source.raw + marked_name(f"{snapshots.FILES}{name}", path): path
            for name, path in writer.parts.items()
        }
        for key, path in written.items():
            identities.upload(path, key)
    there = {*identities.entries(source.raw)} if written else set()
    covered = [each.key for each in files.entries if each in there and each.key not in written]
    identities.delete(covered)
    return dataclasses.replace(record, snapshot=writer.rows, compacted=len(covered))


def _check(record: CurateRecord, counted: SnapshotRows, expected: Sequence[int]) -> None:
    deleted, loaded_before = expected
    rows = record.rows + bool(loaded_before)
    if (counted.rows, counted.deleted) != (rows, deleted):
        raise AssertionError(
            f"{record.source}: a snapshot has {counted.rows} rows and {counted.deleted} deleted "
            f"keys, not {rows} and {deleted}"
        )


def _folded(
    record: CurateRecord, entries: Sequence[ListedObject], *, now: dt.datetime
) -> snapshots.ChangesFolded:
    new = [each for each in entries if not _is_snapshot(each.key)]
    return snapshots.ChangesFolded(
        changes=record.changes,
        needed=record.rows + record.deleted,
        new_files=len(new),
        oldest_new_hours=_age(new, now=now),
        oldest_hours=_age(entries, now=now),
    )


def _age(entries: Sequence[ListedObject], *, now: dt.datetime) -> float:
    ages = ((now - each.modified_at).total_seconds() / 3600 for each in entries)
    return max(ages, default=0.0)


def _is_snapshot(key: str) -> bool:
    return key.rpartition("/")[2].startswith(snapshots.FILES)
