"""Files of an export, CSV or Parquet, as change files: each column as text."""

from __future__ import annotations

import contextlib
import csv
import dataclasses
import gzip
import itertools
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TextIO

import pyarrow as pa
import pyarrow.parquet as pq

from tessera.errors import InvalidInput
from tessera.sources import changes

SUFFIXES = (".csv", ".csv.gz", ".txt", ".tsv", ".parquet")
_DELIMITERS = ",;\t|"
_ROWS_PER_BATCH = 50_000
_LONGEST_CELL = 8 << 20

Row = tuple[str | None, ...]
Table = tuple[list[str], Iterator[Row]]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Stamp:
    """What each row of a file is as a change.

    Parameters
    ----------
    operation, committed_at
        As in a change file.
    sequence
        What the rows' sequences begin with. Empty for a full load, whose rows have none.
    """

    operation: str
    committed_at: str
    sequence: str


def write_change_file(source: Path, target: Path, *, stamp: Stamp, name: str) -> int:
    """Write a file of an export as a change file. Return its rows.

    Parameters
    ----------
    name
        What the file is called in messages.

    Raises
    ------
    InvalidInput
        The file cannot be read, has no header, or a row has more cells than the header.
    """
    opened = _of_parquet if name.endswith(".parquet") else _of_text
    with opened(source, name) as (header, rows):
        _check(header, name)
        return _write(target, header, rows, stamp=stamp)


def _write(target: Path, header: list[str], rows: Iterator[Row], *, stamp: Stamp) -> int:
    columns = (changes.OPERATION, *header, changes.COMMITTED_AT, changes.SEQUENCE)
    schema = pa.schema([(column, pa.string()) for column in columns])
    count = 0
    with pq.ParquetWriter(target, schema, compression="zstd", store_schema=False) as writer:
        while batch := list(itertools.islice(rows, _ROWS_PER_BATCH)):
            cells = [*zip(*batch, strict=True)] if header else []
            numbers = range(count, count + len(batch))
            writer.write_batch(
                pa.RecordBatch.from_arrays(
                    [
                        pa.array([stamp.operation] * len(batch), pa.string()),
                        *(pa.array(column, pa.string()) for column in cells),
                        pa.array([stamp.committed_at] * len(batch), pa.string()),
                        pa.array([_sequence(stamp, number) for number in numbers], pa.string()),
                    ],
                    schema=schema,
                )
            )
            count += len(batch)
    return count


def _sequence(stamp: Stamp, number: int) -> str | None:
    return f"{stamp.sequence}{number:012d}" if stamp.sequence else None


@contextlib.contextmanager
def _of_parquet(source: Path, name: str) -> Iterator[Table]:
    try:
        file = pq.ParquetFile(source)
    except pa.ArrowInvalid as error:
        raise InvalidInput(f"{name} is no whole Parquet file: export it again") from error
    header = list(file.schema_arrow.names)
    text = pa.schema([(column, pa.string()) for column in header])

    def rows() -> Iterator[Row]:
        for batch in file.iter_batches(_ROWS_PER_BATCH):
            table = pa.Table.from_batches([batch]).cast(text)
            yield from zip(*(column.to_pylist() for column in table.columns), strict=True)

    with file:
        yield header, rows()


@contextlib.contextmanager
def _of_text(source: Path, name: str) -> Iterator[Table]:
    csv.field_size_limit(_LONGEST_CELL)
    with _opened(source, name) as file:
        try:
            first = file.readline()
        except UnicodeDecodeError as error:
            raise InvalidInput(f"{name} is not UTF-8: export it as CSV UTF-8") from error
        file.seek(0)
        lines = csv.reader(file, delimiter=max(_DELIMITERS, key=first.count))
        header = [cell.strip() for cell in next(lines, [])]
        yield header, _rows(lines, width=len(header), name=name)


def _opened(source: Path, name: str) -> TextIO:
    with gzip.open(source) if name.endswith(".gz") else source.open("rb") as file:
        start = file.read(2)
    encoding = "utf-16" if start in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
    if name.endswith(".gz"):
        return gzip.open(source, "rt", encoding=encoding, newline="")
    return source.open(encoding=encoding, newline="")


def _rows(lines: Iterable[list[str]], *, width: int, name: str) -> Iterator[tuple[str | None, ...]]:
    number = 1
    try:
        for cells in lines:
            number += 1
            if not any(cells):
                continue
            if len(cells) > width and any(cells[width:]):
                raise InvalidInput(
                    f"{name}, record {number}: {len(cells)} cells, and the header has {width}. "
                    "Quote cells that contain the delimiter, and export it again"
                )
            whole = [*cells[:width], *[""] * (width - len(cells))]
            yield tuple(cell if cell else None for cell in whole)
    except UnicodeDecodeError as error:
        raise InvalidInput(
            f"{name}, near record {number}: it is not UTF-8: export it as CSV UTF-8"
        ) from error
    except csv.Error as error:
        raise InvalidInput(f"{name}, record {number}: it is no CSV ({error})") from error


def _check(header: list[str], name: str) -> None:
    repeated = sorted({column for column in header if header.count(column) > 1})
    reserved = sorted({*header} & {*changes.CHANGE_COLUMNS})
    if not any(header) or repeated or reserved:
        problem = (
            f"the header has {', '.join(map(repr, repeated))} more than once"
            if repeated
            else f"the header has {', '.join(reserved)}, which we use ourselves"
            if reserved
            else "it has no header"
        )
        raise InvalidInput(f"{name}: {problem}: correct the export")
