"""Contracts as Arrow schemas, and Parquet files whose bytes depend on their rows alone."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from adapters.tables.without_pandas import keep_pandas_out
from tessera.contracts.table import Table
from tessera.errors import InvalidInput

keep_pandas_out()

_GROUPS_AT_ONCE = 10  # what a table becomes in a file is made for so many at a time
_TYPES: dict[str, pa.DataType] = {
    "string": pa.string(),
    "int": pa.int32(),
    "bigint": pa.int64(),
    "double": pa.float64(),
    "decimal(18,4)": pa.decimal128(18, 4),
    "decimal(18,2)": pa.decimal128(18, 2),
    "timestamp": pa.timestamp("us", tz="UTC"),
    "date": pa.date32(),
}


def arrow_schema(contract: Table) -> pa.Schema:
    """Return the Arrow schema of a table, nullability included."""
    return pa.schema(
        [pa.field(c.name, _TYPES[c.type], nullable=c.nullable) for c in contract.columns]
    )


def write_table(path: Path, table: pa.Table, contract: Table) -> Path:
    """Write a table as one Parquet file in its contract's schema. Return the path.

    Raises
    ------
    InvalidInput
        A column is missing, has another type, or lacks values that it must have.
    """
    size = _GROUPS_AT_ONCE * contract.rows_per_group
    blocks = (table.slice(start, size) for start in range(0, max(1, len(table)), size))
    return write_batches(path, blocks, contract)


def write_batches(
    path: Path,
    tables: Iterable[pa.Table | pa.RecordBatch],
    contract: Table,
    *,
    metadata: Mapping[bytes, bytes] | None = None,
) -> Path:
    """Write tables or batches, in order, as one Parquet file in the contract's schema.

    The file appears whole or not at all, and how the rows were batched leaves no trace in it.

    Parameters
    ----------
    metadata
        What the file says about itself. By default nothing.
    """
    schema = arrow_schema(contract)
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        with pq.ParquetWriter(unfinished, schema, compression="zstd", store_schema=False) as writer:
            if metadata:
                writer.add_key_value_metadata(dict(metadata))
            size = contract.rows_per_group
            conform = (_conform(part, contract, schema) for part in tables)
            for groups in _whole_groups(conform, size=size):
                writer.write_table(groups, row_group_size=size)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return path


def _whole_groups(tables: Iterable[pa.Table], *, size: int) -> Iterator[pa.Table]:
    """Yield rows that fill row groups of ``size``, but for the last ones."""
    waiting: list[pa.Table] = []
    rows = 0
    for table in tables:
        waiting.append(table)
        rows += table.num_rows
        if rows >= size:
            whole = pa.concat_tables(waiting)
            full = rows - rows % size
            yield whole.slice(0, full).combine_chunks()
            waiting, rows = [whole.slice(full)], rows - full
    if rows:
        yield pa.concat_tables(waiting).combine_chunks()


def _conform(part: pa.Table | pa.RecordBatch, contract: Table, schema: pa.Schema) -> pa.Table:
    table = pa.Table.from_batches([part]) if isinstance(part, pa.RecordBatch) else part
    for column in contract.columns:
        if column.name not in table.column_names:
            raise InvalidInput(f"table {contract.name!r} lacks its column {column.name!r}")
        if not column.nullable and table.column(column.name).null_count:
            raise InvalidInput(f"table {contract.name!r} has empty values in {column.name!r}")
    return table.select(list(contract.names)).cast(schema)


def lacking(contract: Table, names: Collection[str]) -> list[str]:
    """Return the contract's columns that a file of an earlier version lacks, and may lack.

    Raises
    ------
    InvalidInput
        It lacks one that may not be empty.
    """
    absent = [column for column in contract.columns if column.name not in names]
    for column in absent:
        if not column.nullable:
            raise InvalidInput(f"a file of {contract.name!r} lacks its column {column.name!r}")
    return [column.name for column in absent]


def completed(rows: pa.RecordBatch, contract: Table) -> pa.Table:
    """Return a file's rows in the contract's schema. Columns that it lacks are empty."""
    schema, table = arrow_schema(contract), pa.Table.from_batches([rows])
    for name in lacking(contract, table.column_names):
        table = table.append_column(name, pa.nulls(len(table), schema.field(name).type))
    return table.select(schema.names).cast(schema)


def read_table(source: Path | Sequence[Path], *, columns: Sequence[str] | None = None) -> pa.Table:
    """Read a Parquet file, a folder of them, or a list of them, in name order."""
    files = parquet_files(source) if isinstance(source, Path) else list(source)
    wanted = list(columns) if columns is not None else None
    return pa.concat_tables(
        [pq.read_table(file, columns=wanted, partitioning=None) for file in files]
    )


def iter_batches(
    source: Path, *, rows: int = 100_000, columns: Sequence[str] | None = None
) -> Iterator[pa.RecordBatch]:
    """Yield a file's or folder's rows in batches, in order, with bounded memory."""
    for file in parquet_files(source):
        with pq.ParquetFile(file) as reader:
            yield from reader.iter_batches(batch_size=rows, columns=columns)


def iter_blocks(source: Path, *, rows: int, columns: Sequence[str]) -> Iterator[pa.Table]:
    """Yield a file's or folder's columns in tables of exactly so many rows, but for the last.

    There is at least one table, perhaps an empty one.
    """
    batches = iter_batches(source, rows=rows, columns=columns)
    tables = (pa.Table.from_batches([batch]).select(columns) for batch in batches if len(batch))
    blocks = _whole_groups(tables, size=rows)
    yield next(blocks, None) or read_table(source, columns=columns)
    yield from blocks


def by_key(source: Path, contract: Table, *, scratch: Path) -> Path:
    """Return a table's folder, or a sorted copy where its rows are not in the order of its key."""
    [key] = contract.key
    last = ""
    for batch in iter_batches(source, columns=[key]):
        if not len(batch):
            continue
        keys = batch.column(0)
        ascend = pc.all(pc.less(keys.slice(0, len(keys) - 1), keys.slice(1))).as_py()
        if ascend is False or keys[0].as_py() <= last:
            table = read_table(source, columns=contract.names).sort_by(key)
            return write_table(scratch / f"{contract.name}.parquet", table, contract)
        last = keys[-1].as_py()
    return source


def parquet_files(source: Path) -> list[Path]:
    """Return the Parquet files at or below a path, in name order."""
    files = [source] if source.is_file() else sorted(source.rglob("*.parquet"))
    if not files:
        raise InvalidInput(f"there is no Parquet file at {source}")
    return files
