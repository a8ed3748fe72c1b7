"""An uploaded Parquet file, typed or not, as rows of texts."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from io import RawIOBase

import pyarrow as pa
import pyarrow.parquet as pq

from tessera.errors import InvalidInput
from tessera.settings import RunSettings
from tessera.sources.first_rows import SAMPLE_ROWS, Row
from tessera.sources.mappings import HeaderMapping
from tessera.sources.recognition.decision import recognise

_ROWS = 8192


@dataclasses.dataclass(frozen=True)
class ParquetLook:
    """A file's column names and their meaning, where ours stand, and its first rows."""

    header: tuple[str, ...]
    mapping: HeaderMapping
    columns: dict[str, int]
    rows: Sequence[Row]


def look_at(file: RawIOBase, *, name: str, settings: RunSettings) -> ParquetLook:
    """Return what a file is.

    Raises
    ------
    InvalidInput
        It is no Parquet, not in the contract, or its ids are numbers with fractions.
    """
    try:
        opened = pq.ParquetFile(file)
        first = next(opened.iter_batches(batch_size=SAMPLE_ROWS), None)
    except (pa.ArrowException, OSError) as error:
        raise InvalidInput(f"{name} is no readable Parquet file: {error}") from error
    schema = opened.schema_arrow
    cells = [texts(column) for column in first.columns] if first is not None else []
    rows = list(zip(*cells, strict=True))
    read = recognise(schema.names, sample=rows, settings=settings, name=name)
    mapping, columns = read.mapping, dict(read.columns)
    place = columns["customer_id"]
    kind = schema.field(place).type
    if pa.types.is_floating(kind) or (pa.types.is_decimal(kind) and kind.scale > 0):
        raise InvalidInput(
            f"{name} has numbers with fractions in {schema.names[place]!r}: an id read as 17850.0 "
            "is no longer the id that the shop knows. Write the column as text or as integers"
        )
    return ParquetLook(tuple(schema.names), mapping, columns, rows)


def rows_by_group(file: RawIOBase) -> list[int]:
    """Return how many rows each row group has."""
    metadata = pq.read_metadata(file)
    return [metadata.row_group(group).num_rows for group in range(metadata.num_row_groups)]


def read_group(file: RawIOBase, group: int) -> Iterator[pa.RecordBatch]:
    """Yield a row group in batches."""
    yield from pq.ParquetFile(file).iter_batches(batch_size=_ROWS, row_groups=[group])


def texts(column: pa.Array) -> list[str | None]:
    """Return a column's values as a CSV would have them, None where there is none."""
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_floating(column.type):
        return [None if cell is None else str(cell) for cell in column.to_pylist()]
    return [cell or None for cell in column.cast(pa.string()).to_pylist()]


def raw_row(batch: pa.RecordBatch, place: int) -> str:
    """Return a row as its owner knows it."""
    cells = (column[place].as_py() for column in batch.columns)
    return ",".join("" if cell is None else str(cell) for cell in cells)
