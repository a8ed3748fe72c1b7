"""The records of a text, from any record's first byte on: fast where each line is one record.

What a record is, and what a quote that never ends costs, is ``text_files``' to say.
"""

from __future__ import annotations

import csv
import dataclasses
import itertools
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from adapters.engines.text_files import Line, whole_record
from tessera.events.reasons import BAD_ENCODING, BAD_QUOTES, WRONG_COLUMNS

_BLOCK = 8 << 20
_LINES = 8192


@dataclasses.dataclass
class ParsedRecords:
    """Some records: the line, cells and text of those that are rows; ``bad`` are none.

    ``bad`` has each one's line, code and text.
    """

    lines: list[int] = dataclasses.field(default_factory=list)
    rows: list[list[str]] = dataclasses.field(default_factory=list)
    raws: list[str] = dataclasses.field(default_factory=list)
    bad: list[tuple[int, str, str]] = dataclasses.field(default_factory=list)


class Lines:
    """Physical lines of a stream with look-ahead; LF, CRLF and CR may be mixed.

    Parameters
    ----------
    stream
        Stands at the first byte of a line.
    position, number
        Which byte and which line of the file that is.
    encoding
        ``utf-8`` or ``windows-1252``.
    """

    def __init__(
        self, stream: BinaryIO, *, position: int = 0, number: int = 1, encoding: str = "utf-8"
    ) -> None:
        self.position, self.number = position, number
        self._stream, self._encoding = stream, encoding
        self._lines: list[bytes] = []
        self._rest, self._next, self._ended = b"", 0, False

    def ahead(self, count: int) -> list[bytes]:
        """Return at most so many lines that come next, none at the end, without taking them."""
        if self._next == len(self._lines):
            self._more()
        return self._lines[self._next : self._next + count]

    def take(self, lines: Sequence[bytes]) -> None:
        """Take lines that ``ahead`` gave."""
        self._next += len(lines)
        self.number += len(lines)
        self.position += sum(map(len, lines))

    def next(self) -> Line | None:
        """Take one line, None at the end."""
        line = self.peek(0)
        if line is not None:
            self.take(self.ahead(1))
        return line

    def peek(self, index: int) -> Line | None:
        """Return the line after so many others, None beyond the last."""
        while self._next + index >= len(self._lines):
            if not self._more():
                return None
        raw = self._lines[self._next + index]
        # Where a line further on begins is of no use to anyone, and would cost a sum each time.
        start = -1 if index else self.position
        return Line(self.number + index, start, start + len(raw), self.text(raw))

    def drop(self, count: int) -> int:
        """Take the lines that were looked at; return where they end."""
        self.take(self._lines[self._next : self._next + count])
        return self.position

    def text(self, raw: bytes) -> str:
        """Return a line's text, in which invalid bytes stay recognisable."""
        if self._encoding == "utf-8":
            return raw.decode("utf-8", "surrogateescape")
        return raw.decode(self._encoding, "replace")

    def _more(self) -> bool:
        """Read on. Return whether there was anything."""
        while not self._ended:
            block = self._stream.read(_BLOCK)
            self._ended = not block
            data = self._rest + block
            # A line whose end is not there yet waits: a CR at the very end may be half of a CRLF.
            cut = len(data) if self._ended else _last_end(data)
            self._rest = data[cut:]
            if cut:
                self._lines = self._lines[self._next :] + data[:cut].splitlines(keepends=True)
                self._next = 0
                return True
        return False


def _last_end(data: bytes) -> int:
    return max(data.rfind(b"\n"), data.rfind(b"\r", 0, max(len(data) - 1, 0))) + 1


def read_records(
    lines: Lines, *, delimiter: str, width: int, facts: Sequence[int], skip: int, end: int | None
) -> Iterator[ParsedRecords]:
    """Yield the records that begin before a byte; blank lines are none.

    Parameters
    ----------
    lines
        Stand at the first record.
    width, facts
        The header's cells, and the places of those that must be text.
    skip
        Records that are no rows, before the first row.
    end
        Where the last record ends; None for the end of the file. When ``lines`` stand elsewhere
        afterwards, it was no record's end.
    """
    while skip and (first := lines.next()) is not None:
        if first.text.strip("\r\n\ufeff"):
            plain = dataclasses.replace(first, text=first.text.removeprefix("\ufeff"))
            whole_record(plain, lines, delimiter)
            skip -= 1
    checks = _Checks(width, facts)
    while ahead := lines.ahead(_LINES):
        chosen = ahead if end is None else _before(ahead, end - lines.position)
        if not chosen:
            return
        records = ParsedRecords()
        texts = [lines.text(raw) for raw in chosen]
        rows = _one_a_line(texts, delimiter)
        if rows is None:
            _read_slowly(lines, len(chosen), delimiter, records, checks)
        else:
            numbers = range(lines.number, lines.number + len(chosen))
            lines.take(chosen)
            for number, cells, text in zip(numbers, rows, texts, strict=True):
                if cells:
                    checks.judge(records, number, cells, text)
        yield records


def _before(lines: list[bytes], size: int) -> list[bytes]:
    starts = itertools.accumulate(map(len, lines), initial=0)
    return [line for line, start in zip(lines, starts, strict=False) if start < size]


def _one_a_line(texts: list[str], delimiter: str) -> list[list[str]] | None:
    """Return the lines' cells when each line is a whole record, else None."""
    try:
        rows = list(csv.reader(texts, delimiter=delimiter, strict=True))
    except csv.Error:
        return None
    return rows if len(rows) == len(texts) else None


def _read_slowly(
    lines: Lines, count: int, delimiter: str, records: ParsedRecords, checks: _Checks
) -> None:
    last = lines.number + count
    while lines.number < last and (first := lines.next()) is not None:
        if not first.text.strip("\r\n"):
            continue
        record = whole_record(first, lines, delimiter)
        if record.cells is None:
            records.bad.append((record.line, BAD_QUOTES.code, plain(record.raw)))
        else:
            checks.judge(records, record.line, record.cells, record.raw)


@dataclasses.dataclass(frozen=True)
class _Checks:
    """What makes a record a row: as many cells as the header, and text in those that count."""

    width: int
    facts: Sequence[int]

    def judge(self, records: ParsedRecords, number: int, cells: list[str], text: str) -> None:
        if len(cells) == self.width + 1 and not cells[-1]:
            cells = cells[:-1]
        raw = text.rstrip("\r\n")
        good = len(cells) == self.width
        if not raw.isascii() and _is_odd(raw):
            if not good or any(_is_odd(cells[place]) for place in self.facts):
                records.bad.append((number, BAD_ENCODING.code, plain(raw)))
                return
            cells = [plain(cell) for cell in cells]
        if not good:
            records.bad.append((number, WRONG_COLUMNS.code, plain(raw)))
            return
        records.lines.append(number)
        records.rows.append(cells)
        records.raws.append(raw)


def _is_odd(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


def plain(text: str) -> str:
    """Return text without the bytes that are none."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
