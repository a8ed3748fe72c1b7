"""The records of a text, from any record's first byte on: fast where each line is one record.

Both engines judge by it what a row is: DuckDB where its own reader cannot, Spark always.
"""

from __future__ import annotations

import csv
import dataclasses
import io
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence

from adapters.engines.text_lines import Line, Lines
from tessera.events.reasons import BAD_ENCODING, BAD_QUOTES, CELL_TOO_LONG, WRONG_COLUMNS
from tessera.sources.recognition.contract import MONEY, REQUIRED
from tessera.sources.rows import FACTS
from tessera.sources.skipped_rows import first_cell, is_totals

_LINES = 8192
_LONGEST_CELL = 2_000_000  # characters: the longest line that DuckDB reads
_LONGEST_RECORD = 1 << 20  # bytes: a longer quoted cell is one that never ends
csv.field_size_limit(_LONGEST_CELL)
_MUST_BE_TEXT = tuple(dict.fromkeys((*FACTS, "order_id", "event_id")))


@dataclasses.dataclass
class ParsedRecords:
    """Some records: the place, cells and text of those that are rows, and the bad ones.

    ``places`` has each row's line, its first byte and the one after its last. ``bad`` has each
    bad record's line, code and text.
    """

    places: list[tuple[int, int, int]] = dataclasses.field(default_factory=list)
    rows: list[list[str]] = dataclasses.field(default_factory=list)
    raws: list[str] = dataclasses.field(default_factory=list)
    bad: list[tuple[int, str, str]] = dataclasses.field(default_factory=list)


@dataclasses.dataclass(frozen=True)
class Record:
    """A record of a text file. Without cells its quotes don't close."""

    line: int
    start: int
    end: int
    raw: str
    cells: list[str] | None


@dataclasses.dataclass(frozen=True)
class Shape:
    """What makes a record a row: as many cells as the header, and text in those that count.

    Parameters
    ----------
    width
        The header's cells.
    must_be_text
        The places of the cells that decide what a row means. A byte that is no text costs such a
        row. In any other cell it is read as Windows-1252, which is what such files are joined of.
    least
        How many cells a row must have. Blank cells at its end may be missing.
    """

    width: int
    must_be_text: Sequence[int]
    least: int

    @classmethod
    def of(cls, header: Sequence[str], columns: Mapping[str, int]) -> Shape:
        """Return the shape of a file's rows."""
        places = [columns[name] for name in _MUST_BE_TEXT if name in columns]
        money = [columns[name] for name in MONEY if name in columns]
        needed = [columns[name] for name in REQUIRED if name in columns]
        least = max(*needed, min(money)) + 1 if money and needed else len(header)
        return cls(len(header), places, least)

    def completed(self, cells: list[str]) -> list[str]:
        """Return a row's cells without a blank one too many, or with those omitted at its end."""
        if len(cells) == self.width + 1 and not cells[-1]:
            return cells[:-1]
        if len(cells) >= self.width:
            return cells
        lead = first_cell(cells)
        if len(cells) >= self.least or not lead or is_totals(lead):
            return [*cells, *[""] * (self.width - len(cells))]
        return cells

    def fits(self, rows: Sequence[Sequence[str]], texts: Iterable[str]) -> bool:
        """Return whether all records are rows as they are, so that none has to be judged."""
        return all(len(cells) == self.width for cells in rows) and all(map(str.isascii, texts))

    def judge(self, records: ParsedRecords, record: Record, cells: list[str]) -> None:
        """Add a record to the rows, or to the bad ones."""
        cells = self.completed(cells)
        raw = record.raw
        good = len(cells) == self.width
        if not raw.isascii() and _is_odd(raw):
            if not good or any(_is_odd(cells[place]) for place in self.must_be_text):
                records.bad.append((record.line, BAD_ENCODING.code, plain(raw)))
                return
            cells = [_second_encoding(cell) for cell in cells]
        if not good:
            records.bad.append((record.line, WRONG_COLUMNS.code, plain(raw)))
            return
        records.places.append((record.line, record.start, record.end))
        records.rows.append(cells)
        records.raws.append(plain(raw))


def read_records(
    lines: Lines, shape: Shape, *, delimiter: str, skip: int, end: int | None = None
) -> Iterator[ParsedRecords]:
    """Yield the records that begin before a byte. Blank lines do not count.

    Parameters
    ----------
    lines
        Stand at the first record.
    skip
        Records that are no rows, before the first row.
    end
        Where the last record ends. None for the end of the file. When ``lines`` stand elsewhere
        afterwards, it was no record's end.
    """
    while skip and (first := lines.next()) is not None:
        if first.text.strip("\r\n"):
            _whole_record(first, lines, delimiter)
            skip -= 1
    while ahead := lines.ahead(_LINES):
        chosen = ahead if end is None else _before(ahead, end - lines.position)
        if not chosen:
            return
        texts = [lines.text(raw) for raw in chosen]
        rows = _one_a_line(texts, delimiter)
        if rows is None:
            records = ParsedRecords()
            _read_slowly(lines, len(chosen), delimiter, records, shape)
        else:
            stops = itertools.accumulate(map(len, chosen), initial=lines.position)
            places = [
                (number, *both)
                for number, both in enumerate(itertools.pairwise(stops), lines.number)
            ]
            raws = [text.rstrip("\r\n") for text in texts]
            records = _judged(shape, rows=rows, places=places, raws=raws)
            lines.take(chosen)
        yield records


def _judged(
    shape: Shape,
    *,
    rows: list[list[str]],
    places: list[tuple[int, int, int]],
    raws: list[str],
) -> ParsedRecords:
    """Return the records of lines that are one each."""
    if shape.fits(rows, raws):
        return ParsedRecords(places, rows, raws)
    records = ParsedRecords()
    for place, cells, raw in zip(places, rows, raws, strict=True):
        if cells:
            shape.judge(records, Record(*place, raw, None), cells)
    return records


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
    lines: Lines, count: int, delimiter: str, records: ParsedRecords, shape: Shape
) -> None:
    last = lines.number + count
    while lines.number < last and (first := lines.next()) is not None:
        if not first.text.strip("\r\n"):
            continue
        record = _whole_record(first, lines, delimiter)
        if record.cells is None:
            code = CELL_TOO_LONG if len(record.raw) > _LONGEST_CELL else BAD_QUOTES
            records.bad.append((record.line, code.code, plain(record.raw)))
        else:
            shape.judge(records, record, record.cells)


def _whole_record(first: Line, lines: Lines, delimiter: str) -> Record:
    """Return the record that a line begins, which takes further lines while a quote is open.

    A quote that never ends costs its own line only: reading goes on with the next.
    """
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


def _is_odd(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


def _second_encoding(cell: str) -> str:
    if cell.isascii() or not _is_odd(cell):
        return cell
    return cell.encode("utf-8", "surrogateescape").decode("windows-1252", "replace")


def plain(text: str) -> str:
    """Return text without the bytes that are none."""
    if text.isascii():
        return text
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
