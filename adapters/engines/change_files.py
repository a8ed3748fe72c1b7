"""The change files of a table in a bucket: their columns, and how engines read them as text."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import PurePosixPath

import pyarrow as pa
import pyarrow.parquet as pq

from adapters.aws.object_file import ObjectFile
from adapters.aws.objects import ListedObject, Objects
from adapters.engines.query import Derived, TableSource
from tessera import naming
from tessera.contracts.table import Column, Table
from tessera.errors import InvalidInput
from tessera.sources import changes
from tessera.sources.snapshots import SnapshotNote

_AT_ONCE = 16


@dataclasses.dataclass(frozen=True, kw_only=True)
class ChangeFiles:
    """All change files of a table.

    Parameters
    ----------
    source
        How engines read them: each column as text.
    columns
        The table's columns, without those of a change, in the order in which they appeared.
    types
        The types that each of them has in the files.
    entries
        The files, as they were when they were listed.
    snapshot_key
        The columns of the key by which a snapshot among them was made. None without a snapshot.
    """

    source: TableSource
    columns: tuple[str, ...]
    types: Mapping[str, Sequence[str]]
    entries: tuple[ListedObject, ...]
    snapshot_key: tuple[str, ...] | None = None

    @property
    def changed_types(self) -> Mapping[str, str]:
        """The columns whose type differs between files, with their types."""
        return {name: ", ".join(sorted(each)) for name, each in self.types.items() if each[1:]}


def change_files(objects: Objects, prefix: str, *, table: str) -> ChangeFiles:
    """Return the change files below a prefix. Other objects there are not read.

    Parameters
    ----------
    table
        What the files are of, for messages.

    Raises
    ------
    InvalidInput
        There is no file, a file lacks a column of changes, or two columns differ in case alone.
    """
    entries = tuple(each for each in objects.entries(prefix) if _is_change_file(each.key))
    if not entries:
        raise InvalidInput(
            f"{table}: there is no change file at s3://{objects.bucket}/{prefix}: load the table "
            "first, and check the name of its folder"
        )
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        schemas = list(pool.map(lambda entry: _schema(objects, entry), entries))
    for entry, schema in zip(entries, schemas, strict=True):
        _check(schema, key=entry.key, table=table)
    notes = [SnapshotNote.of(schema.metadata) for schema in schemas]
    types = _types(schemas, notes)
    _check_case(types, table=table)
    contract = text_table(types, name=table)
    is_typed = any(not _is_text(kind) for schema in schemas for kind in schema.types)
    keys = tuple(entry.key for entry in entries)
    of_table = {name: each for name, each in types.items() if name not in changes.CHANGE_COLUMNS}
    return ChangeFiles(
        source=TableSource(contract, objects, keys, Derived(contract, _same) if is_typed else None),
        columns=tuple(of_table),
        types=of_table,
        entries=entries,
        snapshot_key=next((note.key for note in notes if note), None),
    )


def no_change_files(objects: Objects, columns: Iterable[str], *, table: str) -> ChangeFiles:
    """Return the change files of a table that has none, with the columns that are read of it."""
    names = tuple(columns)
    contract = text_table([*changes.CHANGE_COLUMNS, *names], name=table)
    return ChangeFiles(
        source=TableSource(contract, objects, ()), columns=names, types={}, entries=()
    )


def has_change_files(objects: Objects, prefix: str) -> bool:
    """Return whether there is a change file below a prefix."""
    return any(map(_is_change_file, objects.sizes(prefix)))


def _is_change_file(key: str) -> bool:
    return naming.is_parquet(key) and naming.is_data(PurePosixPath(key).name)


def _schema(objects: Objects, entry: ListedObject) -> pa.Schema:
    try:
        return pq.read_schema(ObjectFile(objects, entry.key, size=entry.bytes))
    except pa.ArrowInvalid as error:
        raise InvalidInput(
            f"s3://{objects.bucket}/{entry.key} is no whole Parquet file: delete it, and let its "
            f"writer write it again ({str(error).splitlines()[0]})"
        ) from error


def _check(schema: pa.Schema, *, key: str, table: str) -> None:
    is_load = PurePosixPath(key).name.startswith(changes.LOAD_FILES)
    needed = changes.CHANGE_COLUMNS[: 2 if is_load else 3]
    if missing := [name for name in needed if name not in schema.names]:
        raise InvalidInput(
            f"{table}: {key} lacks {', '.join(missing)}, which say what changed and when. In AWS "
            "DMS, set IncludeOpForFullLoad and TimestampColumnName of the endpoint, and add the "
            f"column {changes.SEQUENCE} ($AR_H_CHANGE_SEQ) by a rule of the task"
        )


def _types(
    schemas: Sequence[pa.Schema], notes: Sequence[SnapshotNote | None]
) -> dict[str, list[str]]:
    types: dict[str, list[str]] = {name: [] for name in changes.CHANGE_COLUMNS}
    for schema, note in zip(schemas, notes, strict=True):
        for field in schema:
            known = types.setdefault(field.name, [])
            kinds = note.types.get(field.name, ()) if note else (str(field.type),)
            known += [kind for kind in kinds if kind not in known]
    return types


def _check_case(names: Iterable[str], *, table: str) -> None:
    known: dict[str, str] = {}
    for name in names:
        other = known.setdefault(name.casefold(), name)
        if other != name:
            raise InvalidInput(
                f"{table}: the columns {other!r} and {name!r} differ in case alone, and no "
                "expression could distinguish them: rename one of them in the source"
            )


def text_table(names: Iterable[str], *, name: str) -> Table:
    """Return a table of texts, as change files and what is made of them are."""
    columns = [Column(each, "string", "As the source has it", nullable=True) for each in names]
    return Table(name, "Changes", tuple(columns), key=())


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _same(rows: pa.RecordBatch) -> pa.RecordBatch:
    """Return rows as they are. They were cast to text before."""
    return rows
