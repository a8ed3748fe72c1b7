"""Text files as DuckDB reads them best: plain, in UTF-8, every quote closed."""

from __future__ import annotations

import array
import codecs
import csv
import dataclasses
import gzip
import itertools
import zlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

from adapters.engines.text_lines import Lines
from adapters.engines.text_records import Shape, read_records
from tessera.errors import InvalidInput
from tessera.sources.sniff import UTF_8, UTF_16, Sniffed, utf_16_codec

_BLOCK = 4 << 20


@dataclasses.dataclass(frozen=True)
class BadRecord:
    """A record that is no row: where it stands, why, and its text."""

    line: int
    code: str
    row: str


def plain_utf_8(path: Path, *, sniffed: Sniffed, folder: Path, name: str) -> Path:
    """Return a plain UTF-8 file with the same lines: the file itself, or a copy in ``folder``."""
    if not sniffed.compressed and sniffed.encoding == UTF_8:
        return path
    copy = folder / f"{path.name}.utf-8.csv"
    try:
        with _open(path, compressed=sniffed.compressed) as source, copy.open("wb") as target:
            _transcode(source, target, encoding=sniffed.encoding)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise InvalidInput(f"{name} is damaged gzip ({error}): upload it again") from error
    return copy


def _open(path: Path, *, compressed: bool) -> BinaryIO | gzip.GzipFile:
    return gzip.open(path, "rb") if compressed else path.open("rb")


def _transcode(source: BinaryIO | gzip.GzipFile, target: BinaryIO, *, encoding: str) -> None:
    block = source.read(_BLOCK)
    if encoding == UTF_8:
        while block:
            target.write(block)
            block = source.read(_BLOCK)
        return
    codec = utf_16_codec(block) if encoding == UTF_16 else encoding
    decoder = codecs.getincrementaldecoder(codec)(errors="replace")
    while block:
        target.write(decoder.decode(block).encode())
        block = source.read(_BLOCK)
    target.write(decoder.decode(b"", final=True).encode())


@dataclasses.dataclass(frozen=True)
class Rewritten:
    """A file made readable, and where each record of it stood in the original.

    Parameters
    ----------
    path
        The clean CSV: a header, commas, LF, every cell quoted.
    places
        For each record, in order, its line, first byte and last byte in the original.
    bad
        The records that are no rows.
    """

    path: Path
    places: array.array[int]
    bad: list[BadRecord]


def rewrite(path: Path, *, sniffed: Sniffed, columns: Mapping[str, int], folder: Path) -> Rewritten:
    """Write a clean copy of a file that DuckDB cannot read, setting broken records apart."""
    clean = folder / f"{path.name}.clean.csv"
    rows = FileRows(path, sniffed=sniffed, columns=columns)
    with clean.open("w", encoding="utf-8", newline="") as target:
        writer = csv.writer(target, quoting=csv.QUOTE_ALL, lineterminator="\n")
        writer.writerow([f"c{i}" for i in range(len(sniffed.header))])
        writer.writerows(rows)
    return Rewritten(clean, rows.places, rows.bad)


class FileRows:
    """The rows of a plain file in UTF-8, once, by our own reader of records.

    Parameters
    ----------
    path, sniffed, columns
        The file, how to read it, and where our columns stand.
    """

    def __init__(self, path: Path, *, sniffed: Sniffed, columns: Mapping[str, int]) -> None:
        self._path = path
        self._sniffed = sniffed
        self._shape = Shape.of(sniffed.header, columns)
        self.places = array.array("q")  # as in ``Rewritten``, of the rows so far
        self.bad: list[BadRecord] = []

    def __iter__(self) -> Iterator[Sequence[str]]:
        """Yield the cells of each row, and set apart records that are no rows."""
        sniffed = self._sniffed
        with self._path.open("rb") as source:
            for records in read_records(
                Lines(source),
                self._shape,
                delimiter=sniffed.delimiter,
                skip=sniffed.preamble + 1,
            ):
                self.places.extend(itertools.chain.from_iterable(records.places))
                self.bad += [BadRecord(*each) for each in records.bad]
                yield from records.rows
