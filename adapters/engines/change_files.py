"""The change files of a table in a bucket: their columns, and how engines read them as text."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import PurePosixPath

import pyarrow as pa
import pyarrow.parquet as pq

from adapters.aws.object_file import ObjectFile
from adapters.aws.objects import Objects
from adapters.engines.query import Derived, TableSource
from tessera import naming
from tessera.contracts.table import Column, Table
from tessera.errors import InvalidInput
from tessera.sources import changes

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
    changed_types
        The columns whose type differs between files, with their types.
    files
        How many files there are.
    """

    source: TableSource
    columns: tuple[str, ...]
    changed_types: Mapping[str, str]
    files: int


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
    sizes = {key: size for key, size in objects.sizes(prefix).items() if _is_change_file(key)}
    if not sizes:
        raise InvalidInput(
            f"{table}: there is no change file at s3://{objects.bucket}/{prefix}: load the table "
            "first, and check the name of its folder"
        )
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        schemas = list(pool.map(lambda item: _schema(objects, *item), sizes.items()))
    for key, schema in zip(sizes, schemas, strict=True):
        _check(schema, key=key, table=table)
    types = _types(schemas)
    _check_case(types, table=table)
    contract = _as_text(types, name=table)
    is_typed = any(not _is_text(kind) for kinds in types.values() for kind in kinds)
    return ChangeFiles(
        source=TableSource(
            contract, objects, tuple(sizes), Derived(contract, _same) if is_typed else None
        ),
        columns=tuple(name for name in types if name not in changes.CHANGE_COLUMNS),
        changed_types={
            name: ", ".join(sorted(map(str, kinds)))
            for name, kinds in types.items()
            if len(kinds) > 1 and name not in changes.CHANGE_COLUMNS
        },
        files=len(sizes),
    )


def no_change_files(objects: Objects, columns: Iterable[str], *, table: str) -> ChangeFiles:
    """Return the change files of a table that has none, with the columns that are read of it."""
    names = tuple(columns)
    contract = _as_text([*changes.CHANGE_COLUMNS, *names], name=table)
    return ChangeFiles(
        source=TableSource(contract, objects, ()), columns=names, changed_types={}, files=0
    )


def has_change_files(objects: Objects, prefix: str) -> bool:
    """Return whether there is a change file below a prefix."""
    return any(map(_is_change_file, objects.sizes(prefix)))


def _is_change_file(key: str) -> bool:
    return naming.is_parquet(key) and naming.is_data(PurePosixPath(key).name)


def _schema(objects: Objects, key: str, size: int) -> pa.Schema:
    try:
        return pq.read_schema(ObjectFile(objects, key, size=size))
    except pa.ArrowInvalid as error:
        raise InvalidInput(
            f"s3://{objects.bucket}/{key} is no whole Parquet file: delete it, and let its writer "
            f"write it again ({str(error).splitlines()[0]})"
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


def _types(schemas: Iterable[pa.Schema]) -> dict[str, list[pa.DataType]]:
    types: dict[str, list[pa.DataType]] = {name: [] for name in changes.CHANGE_COLUMNS}
    for schema in schemas:
        for field in schema:
            kinds = types.setdefault(field.name, [])
            if field.type not in kinds:
                kinds.append(field.type)
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


def _as_text(names: Iterable[str], *, name: str) -> Table:
    columns = [Column(each, "string", "As the source has it", nullable=True) for each in names]
    return Table(name, "Changes", tuple(columns), key=())


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _same(rows: pa.RecordBatch) -> pa.RecordBatch:
    """Return rows as they are. They were cast to text before."""
    return rows
