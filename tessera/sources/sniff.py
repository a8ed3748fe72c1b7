"""Detect a CSV file's encoding, delimiter, line ends and columns from its first bytes."""

from __future__ import annotations

import codecs
import csv
import dataclasses
import io
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence

from tessera.errors import InvalidInput
from tessera.settings import RunSettings
from tessera.sources.first_rows import SAMPLE_ROWS
from tessera.sources.mappings import HeaderMapping
from tessera.sources.recognition.decision import Recognised, mapping_of, recognise
from tessera.sources.recognition.headers import recognised, resembling

_ReadHeader = Callable[[Sequence[str], Sequence[Sequence[str]], RunSettings, str], Recognised]
DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}
UTF_8, UTF_16, WINDOWS_1252 = "utf-8", "utf-16", "windows-1252"
START_BYTES = 256 << 10  # of a file: enough for any header and its first rows
_GZIP = b"\x1f\x8b"
_BINARY = {
    b"PK\x03\x04": "an Excel or ZIP file: save the sheet as CSV UTF-8",
    b"PAR1": "Parquet: name it .parquet",
    b"\xd0\xcf\x11\xe0": "an old Excel file: save the sheet as CSV UTF-8",
    b"%PDF": "a PDF: export CSV instead",
}
_NULL_MARK = r"\N"  # as Snowflake and MySQL write a missing value
_MOST_TITLES = 20  # rows above the header
_FEWEST_HEADERS = 2  # that make a row a header


@dataclasses.dataclass(frozen=True, kw_only=True)
class Sniffed:
    """How to read a file.

    Parameters
    ----------
    encoding
        ``utf-8``, ``utf-16`` or ``windows-1252``.
    plain_ascii
        Whether the first bytes are ASCII alone, so that ``encoding`` is a guess about the rest.
    compressed
        Whether the file is gzip.
    delimiter, line_end
        As the file has them. ``line_end`` is LF, CRLF or CR.
    skip
        Lines before the header: blank ones, titles, and ``sep=;``.
    preamble
        How many of them are not blank.
    header
        The file's own column names.
    mapping
        What the header means: a known tool's export, or a plain file.
    columns
        Our column's name to its place in the header.
    sample
        The first rows, at most 500.
    """

    encoding: str
    plain_ascii: bool
    compressed: bool
    delimiter: str
    line_end: str
    skip: int
    preamble: int
    header: tuple[str, ...]
    mapping: HeaderMapping
    columns: Mapping[str, int]
    sample: tuple[tuple[str, ...], ...]


def table_start(
    start: bytes, *, name: str, settings: RunSettings
) -> tuple[tuple[str, ...], Sequence[Sequence[str]]]:
    """Return the header and the first rows of a text file, whatever its columns mean.

    Raises
    ------
    InvalidInput
        The file is empty, no text, or has no header.
    """
    sniffed = sniff(start, name=name, settings=settings, read=_read_nothing)
    return sniffed.header, sniffed.sample


def sniff(
    start: bytes, *, name: str, settings: RunSettings, read: _ReadHeader | None = None
) -> Sniffed:
    """Return how to read a CSV or CSV.gz file whose first bytes are ``start``.

    Raises
    ------
    InvalidInput
        The file is empty, no text, has no header, or lacks required columns. The message names
        the file, says what was found and what to do.
    """
    compressed = start.startswith(_GZIP)
    raw = _gunzip_start(start, name) if compressed else start[:START_BYTES]
    _refuse_binary(raw, name)
    encoding = _encoding(raw)
    text = _decode_start(raw, encoding, name)
    line_end = _line_end(text)
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    preamble, declared = _declared_delimiter(lines.lstrip("\n"))
    body = lines.lstrip("\n")
    body = body.split("\n", 1)[-1].lstrip("\n") if preamble else body
    delimiter = declared or _best_delimiter(body, settings)
    rows = _rows(body, delimiter, complete=len(start) < START_BYTES)
    if not rows:
        raise InvalidInput(f"{name} has no header: its first row must name the columns")
    titles = _header_place([cells for _, cells in rows], settings)
    before, first = rows[titles]
    header = tuple(cell.strip() for cell in first)
    sample = tuple(tuple(cells) for _, cells in rows[titles + 1 :])
    _refuse_null_marks(sample, name)
    meaning = (read or _recognise)(header, sample, settings, name)
    return Sniffed(
        encoding=encoding,
        plain_ascii=raw.isascii(),
        compressed=compressed,
        delimiter=delimiter,
        line_end=line_end,
        skip=lines[: len(lines) - len(body)].count("\n") + before,
        preamble=preamble + titles,
        header=header,
        mapping=meaning.mapping,
        columns=meaning.columns,
        sample=sample,
    )


def _refuse_null_marks(sample: Sequence[Sequence[str]], name: str) -> None:
    """Refuse a file that says by a word of databases that a value is missing."""
    if any(cell == _NULL_MARK for cells in sample for cell in cells):
        raise InvalidInput(
            f"{name} has {_NULL_MARK} in place of missing values, which would be read as a text: "
            "leave such cells empty, as Snowflake does with the format option NULL_IF = ('')"
        )


def _read_nothing(*_: object) -> Recognised:
    return Recognised(HeaderMapping(), {})


def _recognise(
    header: Sequence[str], sample: Sequence[Sequence[str]], settings: RunSettings, name: str
) -> Recognised:
    mapping = mapping_of(header, settings=settings)
    if recognised(header, mapping=mapping) == 0:
        # Without a header these cells are a customer's: they must not reach a log.
        close = resembling(header, mapping=mapping)
        hint = f", of which {', '.join(map(repr, close))} look like column names" if close else ""
        raise InvalidInput(
            f"{name} has no header row that we know: its first row has {len(header)} cells{hint}. "
            "Expected column names such as CustomerID, Date, UnitPrice; add a header row, or set "
            "'mapping' or 'columns'. `tessera validate --propose my.toml` proposes columns"
        )
    return recognise(header, sample=sample, settings=settings, name=name)


def _gunzip_start(start: bytes, name: str) -> bytes:
    try:
        return zlib.decompressobj(wbits=31).decompress(start, START_BYTES)
    except zlib.error as error:
        raise InvalidInput(f"{name} is not valid gzip ({error}): compress it again") from error


def _refuse_binary(raw: bytes, name: str) -> None:
    if not raw.strip():
        raise InvalidInput(f"{name} is empty: upload it again, with a header and rows")
    for magic, what in _BINARY.items():
        if raw.startswith(magic):
            raise InvalidInput(f"{name} is not CSV but {what}")


def _encoding(raw: bytes) -> str:
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or _looks_utf_16(raw):
        return UTF_16
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        decoder.decode(raw)  # a character cut off at the end is no error
    except UnicodeDecodeError:
        return WINDOWS_1252 if is_windows_1252(raw.splitlines()) else UTF_8
    return UTF_8


def is_windows_1252(lines: Iterable[bytes]) -> bool:
    """Return whether lines beyond ASCII are mostly not UTF-8, if not all of the file is."""
    good = bad = 0
    for line in lines:
        if line.isascii():
            continue
        try:
            line.decode()
            good += 1
        except UnicodeDecodeError:
            bad += 1
    return bad > good


def _looks_utf_16(raw: bytes) -> bool:
    head = raw[:400]
    return max(head[0::2].count(0), head[1::2].count(0)) > len(head) // 4


def _decode_start(raw: bytes, encoding: str, name: str) -> str:
    codec = utf_16_codec(raw) if encoding == UTF_16 else encoding
    text = codecs.getincrementaldecoder(codec)(errors="replace").decode(raw).lstrip("\ufeff")
    if "\0" in text[:2000]:
        raise InvalidInput(f"{name} is not text: export it as CSV in UTF-8")
    return text


def utf_16_codec(raw: bytes) -> str:
    """Return Python's codec for UTF-16 text by its byte order mark, or else by its zeros."""
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    return "utf-16-be" if raw[:400:2].count(0) > raw[1:400:2].count(0) else "utf-16-le"


def _line_end(text: str) -> str:
    if "\n" not in text:
        return "\r" if "\r" in text else "\n"
    return "\r\n" if "\r\n" in text else "\n"


def _declared_delimiter(lines: str) -> tuple[int, str]:
    """Read the ``sep=;`` line that some spreadsheets write first."""
    first = lines.split("\n", 1)[0].strip().strip('"')
    if first.casefold().startswith("sep=") and len(first) == 5:
        return 1, first[4]
    return 0, ""


def _best_delimiter(body: str, settings: RunSettings) -> str:
    def score(delimiter: str) -> tuple[int, int]:
        rows = [cells for _, cells in _rows(body[:20_000], delimiter, complete=True)]
        header = rows[_header_place(rows, settings)] if rows else []
        return _known(header, settings), len(header)

    return max(DELIMITERS, key=score)


def _header_place(rows: Sequence[Sequence[str]], settings: RunSettings) -> int:
    """Return the place of the header among the first rows: below titles, if there are any."""
    if not rows or _known(rows[0], settings) >= _FEWEST_HEADERS:
        return 0
    known = [_known(row, settings) for row in rows[:_MOST_TITLES]]
    best = max(known)
    return known.index(best) if best >= _FEWEST_HEADERS else 0


def _known(row: Sequence[str], settings: RunSettings) -> int:
    if sum(1 for cell in row if cell.strip()) < _FEWEST_HEADERS:
        return 0
    return recognised(row, mapping=mapping_of(row, settings=settings))


def _rows(body: str, delimiter: str, *, complete: bool) -> list[tuple[int, list[str]]]:
    """Return the first rows that are not blank, each with how many lines stand before it."""
    reader = csv.reader(io.StringIO(body, newline=""), delimiter=delimiter)
    rows: list[tuple[int, list[str]]] = []
    before = 0
    try:
        for row in reader:
            if row:
                rows.append((before, row))
            before = reader.line_num
            if len(rows) > SAMPLE_ROWS:
                return rows
    except csv.Error:  # an endless quoted cell: the rows until there must do
        return rows
    return rows if complete or len(rows) < 2 else rows[:-1]  # the last one may be cut off
