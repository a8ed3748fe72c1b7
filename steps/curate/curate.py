"""Change files of a table, folded, in the data contract's columns, as one upload."""

from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path

from adapters.aws.objects import Objects
from adapters.engines.change_files import (
    ChangeFiles,
    change_files,
    has_change_files,
    no_change_files,
    text_table,
)
from adapters.engines.parts import ROWS_PER_PART, PartWriter
from adapters.engines.query import Engine, OpenTables
from adapters.stores.upload_folder import UploadFolder
from steps.curate.compact import RawState, compacted
from steps.curate.counted import KeptRows
from steps.curate.source import CuratedSource
from tessera.errors import InvalidInput
from tessera.plurals import plural
from tessera.records.curated import CurateOutcome, CurateRecord
from tessera.sources import changes
from tessera.sources.snapshots import FILES
from tessera.sources.tables import curated
from tessera.sources.tables.columns import LOOKUP

_CHANGES, _ROWS = "change_rows", "present_rows"


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Folded:
    """What a table came to: its changes, and its keys."""

    changes: int
    keys: int
    deleted: int
    standing: int


def curate(
    source: CuratedSource,
    *,
    identities: Objects,
    uploads: UploadFolder,
    engine: Engine,
    folder: Path,
    rows_per_part: int = ROWS_PER_PART,
    now: dt.datetime | None = None,
) -> CurateRecord:
    """Let a table's present rows be its upload. Its change files are then compacted.

    Parameters
    ----------
    source
        The table.
    identities
        The bucket of its change files, which name people.
    uploads
        The folder of its upload.
    engine
        Folds the changes, with memory that does not grow with them.
    folder
        An empty folder for the parts.
    rows_per_part
        The most rows of a part.
    now
        Decides which change files are old. None leaves all of them as they are.

    Raises
    ------
    InvalidInput
        The table has no key, its files lack a column, or rows of them cannot be folded.
    """
    if not source.key:
        raise InvalidInput(
            f"{source.name}: the table has no primary key, and the mapping names none: add "
            'key = ["…"] with the columns that identify a row to its section of the mapping'
        )
    if source.can_be_emptied and uploads.is_known and not has_change_files(identities, source.raw):
        return _withdrawn(source, uploads)
    state = RawState.of(source, identities)
    files = change_files(identities, source.raw, table=source.name)
    _check_columns(source, files)
    lookups = {name: _lookup_files(source, name, identities) for name in source.lookups}
    tables = {_CHANGES: files.source, **{f"{_CHANGES}_{n}": e.source for n, e in lookups.items()}}
    with engine.opened(tables) as tables_open:
        folded = _fold(tables_open, files, source=source)
        for name, each in lookups.items():
            _fold_lookup(tables_open, name, each, source=source)
        columns = tuple(name for name in _written_columns(source, files))
        query = (
            curated.curated_sql(source.mapping, rows=_ROWS)
            if source.mapping
            else curated.copied_sql(columns, rows=_ROWS)
        )
        kept = KeptRows(tables_open.batches(query))
        contract = text_table(columns, name="curated rows")
        writer = PartWriter(folder, contract=contract, rows_per_part=rows_per_part)
        writer.write(iter(kept))
        record = CurateRecord(
            tenant=source.tenant,
            source=source.name,
            outcome=_hand_over(uploads, writer),
            files=len(files.entries),
            changes=folded.changes,
            keys=folded.keys,
            deleted=folded.deleted,
            vanished=folded.keys - folded.deleted - folded.standing,
            standing=folded.standing,
            rows=kept.rows,
            omitted=kept.rows - writer.rows,
            written=writer.rows,
            parts=len(writer.parts),
            no_numbers=kept.no_numbers,
            changed_types=files.changed_types,
        )
        record.check()
        if now is None:
            return record
        return compacted(
            source,
            record=record,
            files=files,
            state=state,
            relation=_CHANGES,
            tables=tables_open,
            identities=identities,
            folder=folder,
            rows_per_part=rows_per_part,
            now=now,
        )


def _fold(tables: OpenTables, files: ChangeFiles, *, source: CuratedSource) -> _Folded:
    """Make the relation of the table's present rows, with all that the mapping reads."""
    count, no_key, no_operation, no_instant = tables.row(
        changes.change_counts_sql(_CHANGES, key=source.key)
    )
    for number, problem in (
        (no_key, f"no value in the key ({', '.join(source.key)})"),
        (no_operation, f"another {changes.OPERATION} than I, U and D"),
        (no_instant, f"a {changes.COMMITTED_AT} that is no instant such as 2026-11-29 08:00:00.0"),
    ):
        if number:
            raise InvalidInput(
                f"{source.name}: {plural(number, 'row')} of {count} have {problem}. Nothing was "
                f"uploaded: correct the table or the writer of s3://{files.source.objects.bucket}/"
                f"{source.raw}"
            )
    tables.keep(changes.NEWEST, changes.newest_changes_sql(_CHANGES, key=source.key))
    keys, deleted, standing = tables.row(changes.key_counts_sql())
    rows = changes.standing_rows_sql(_CHANGES, key=source.key, columns=files.columns)
    _view(tables, _ROWS, rows, files, used=source.mapping.columns_used if source.mapping else ())
    return _Folded(changes=count, keys=keys, deleted=deleted, standing=standing)


def _lookup_files(source: CuratedSource, name: str, identities: Objects) -> ChangeFiles:
    """Return a lookup's files. One that the mapping calls optional may have none."""
    mapping, prefix, table = source.mapping, source.lookups[name], f"{source.name}, lookup {name}"
    if mapping and name in mapping.optional and not has_change_files(identities, prefix):
        return no_change_files(identities, mapping.columns_of(name), table=table)
    return change_files(identities, prefix, table=table)


def _fold_lookup(
    tables: OpenTables, name: str, files: ChangeFiles, *, source: CuratedSource
) -> None:
    mapping = source.mapping
    assert mapping is not None  # noqa: S101 (lookups are a mapping's)
    mapping.check(files.columns, lookup=name)
    key, relation = mapping.lookups[name].key, f"{_CHANGES}_{name}"
    newest = f"{changes.NEWEST}_{name}"
    tables.keep(newest, changes.newest_changes_sql(relation, key=key))
    rows = changes.standing_rows_sql(relation, key=key, columns=files.columns, newest=newest)
    _view(tables, f"{LOOKUP}{name}", rows, files, used=mapping.columns_of(name))
    (repeated,) = tables.row(curated.repeated_keys_sql(f"{LOOKUP}{name}", key=key))
    if repeated:
        raise InvalidInput(
            f"{mapping.name}: {plural(repeated, 'key')} of the lookup {name} have several rows, "
            "and a row would count several times: correct its key"
        )


def _view(
    tables: OpenTables, name: str, rows: str, files: ChangeFiles, *, used: tuple[str, ...]
) -> None:
    missing = [column for column in used if column not in files.columns]
    tables.view(f"{name}_there", rows)
    query = curated.with_optional_sql(f"{name}_there", columns=files.columns, missing=missing)
    tables.view(name, query)


def _check_columns(source: CuratedSource, files: ChangeFiles) -> None:
    if source.mapping:
        source.mapping.check(files.columns)
    if files.snapshot_key and {*files.snapshot_key} != {*source.key}:
        raise InvalidInput(
            f"{source.name}: earlier changes were folded by the key {', '.join(files.snapshot_key)}"
            f", and by {', '.join(source.key)} some of them are missing: name that key, or delete "
            f"{source.raw}{FILES}* and load the table again"
        )
    if missing := [name for name in source.key if name not in files.columns]:
        raise InvalidInput(
            f"{source.name}: the files lack {', '.join(missing)} of the key. They have "
            f"{', '.join(files.columns)}: correct the key in the mapping"
        )


def _written_columns(source: CuratedSource, files: ChangeFiles) -> tuple[str, ...]:
    if source.mapping:
        return tuple(source.mapping.columns)
    return tuple(name for name in files.columns if name not in source.key)


def _hand_over(uploads: UploadFolder, writer: PartWriter) -> CurateOutcome:
    if not writer.rows:
        return "withdrawn" if uploads.is_known and uploads.withdraw() else "unchanged"
    return "written" if uploads.replace(writer.parts, rows=writer.rows) else "unchanged"


def _withdrawn(source: CuratedSource, uploads: UploadFolder) -> CurateRecord:
    return CurateRecord(
        tenant=source.tenant,
        source=source.name,
        outcome="withdrawn" if uploads.withdraw() else "unchanged",
        files=0,
        changes=0,
        keys=0,
        deleted=0,
        vanished=0,
        standing=0,
        rows=0,
        omitted=0,
        written=0,
        parts=0,
    )
