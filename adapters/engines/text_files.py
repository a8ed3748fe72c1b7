"""Text files as DuckDB reads them best: plain, in UTF-8, every quote closed."""

from __future__ import annotations

import array
import codecs
import csv
import dataclasses
import gzip
import io
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Protocol

from tessera.errors import InvalidInput
from tessera.events.reasons import BAD_QUOTES, WRONG_COLUMNS
from tessera.sources.sniff import UTF_8, UTF_16, WINDOWS_1252, Sniffed, utf_16_codec

_BLOCK = 4 << 20
_LONGEST_RECORD = 1 << 20  # bytes; a longer quoted cell is one that never ends
_CODECS = {WINDOWS_1252: "cp1252", UTF_8: "utf-8"}


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
    codec = utf_16_codec(block) if encoding == UTF_16 else _CODECS[encoding]
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


def rewrite(path: Path, *, sniffed: Sniffed, folder: Path) -> Rewritten:
    """Write a clean copy of a file that DuckDB cannot read, setting broken records apart.

    A quoted cell that never ends costs its own line only: reading goes on with the next.
    """
    places = array.array("q")
    bad: list[BadRecord] = []
    width = len(sniffed.header)
    clean = folder / f"{path.name}.clean.csv"
    with path.open("rb") as source, clean.open("w", encoding="utf-8", newline="") as target:
        writer = csv.writer(target, quoting=csv.QUOTE_ALL, lineterminator="\n")
        writer.writerow([f"c{i}" for i in range(width)])
        for record in _records(source, sniffed):
            cells = record.cells
            if cells is not None and len(cells) == width + 1 and cells[-1] == "":
                cells = cells[:-1]
            if cells is not None and len(cells) == width:
                writer.writerow(cells)
                places.extend((record.line, record.start, record.end))
            else:
                code = BAD_QUOTES.code if cells is None else WRONG_COLUMNS.code
                bad.append(BadRecord(record.line, code, record.raw))
    return Rewritten(clean, places, bad)


@dataclasses.dataclass(frozen=True)
class Record:
    """A record of a text file; without cells its quotes don't close."""

    line: int
    start: int
    end: int
    raw: str
    cells: list[str] | None


def _records(source: BinaryIO, sniffed: Sniffed) -> Iterator[Record]:
    lines = _Lines(source)
    skip = sniffed.preamble + 1
    while (first := lines.next()) is not None:
        if not first.text.strip("\r\n"):
            continue
        record = whole_record(first, lines, sniffed.delimiter)
        if skip:
            skip -= 1
            continue
        yield record


class LinesAhead(Protocol):
    """Physical lines with look-ahead."""

    def peek(self, index: int) -> Line | None:
        """Return the line after so many others, None beyond the last."""
        ...

    def drop(self, count: int) -> int:
        """Take the lines that were looked at; return where they end."""
        ...


def whole_record(first: Line, lines: LinesAhead, delimiter: str) -> Record:
    """Return the record that a line begins, which takes further lines while a quote is open."""
    raw, taken = first.text, 0
    cells = _cells(raw, delimiter)
    while cells is None and len(raw) < _LONGEST_RECORD:
        more = lines.peek(taken)
        if more is None:
            break
        raw += more.text
        taken += 1
        if '"' in more.text:
            cells = _cells(raw, delimiter)
    if cells is None:
        line = first.text.rstrip("\r\n")
        return Record(first.number, first.start, first.end, line, None)
    end = lines.drop(taken) if taken else first.end
    return Record(first.number, first.start, end, raw.rstrip("\r\n"), cells)


def _cells(raw: str, delimiter: str) -> list[str] | None:
    try:
        rows = list(csv.reader(io.StringIO(raw, newline=""), delimiter=delimiter, strict=True))
    except csv.Error:
        return None
    return rows[0] if len(rows) == 1 else None


@dataclasses.dataclass(frozen=True)
class Line:
    """A physical line, with its end: its number from 1 on, its first byte and the one after."""

    number: int
    start: int
    end: int
    text: str


class _Lines:
    """Physical lines with look-ahead; LF, CRLF and CR may be mixed."""

    def __init__(self, source: BinaryIO) -> None:
        self._lines = self._read(source)
        self._ahead: list[Line] = []

    def _read(self, source: BinaryIO) -> Iterator[Line]:
        number, start = 1, 0
        for chunk in source:
            for piece in chunk.splitlines(keepends=True):
                end = start + len(piece)
                body = piece.removeprefix(codecs.BOM_UTF8) if number == 1 else piece
                yield Line(number, start, end, body.decode(errors="replace"))
                number, start = number + 1, end

    def next(self) -> Line | None:
        return self._ahead.pop(0) if self._ahead else next(self._lines, None)

    def peek(self, index: int) -> Line | None:
        """Return the line after so many others, None beyond the last."""
        while len(self._ahead) <= index:
            line = next(self._lines, None)
            if line is None:
                return None
            self._ahead.append(line)
        return self._ahead[index]

    def drop(self, count: int) -> int:
        """Take the lines that were looked at; return where they end."""
        end = self._ahead[count - 1].end
        del self._ahead[:count]
        return end
