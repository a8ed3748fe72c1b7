"""Tables and lines of text without some people: a record at a time, all others byte for byte."""

from __future__ import annotations

import contextlib
import csv
import gzip
import io
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, cast

from tessera.erasure.identifying import places_of
from tessera.erasure.people import Needles
from tessera.erasure.places import is_ledger, is_rejects
from tessera.errors import InvalidInput
from tessera.settings import RunSettings
from tessera.sources.mappings import HeaderMapping
from tessera.sources.recognition.decision import Recognised
from tessera.sources.sniff import START_BYTES, Sniffed, sniff, utf_16_codec

_GZIP = b"\x1f\x8b"
_LONGEST = 1 << 20  # characters of a quoted cell: a longer one never ends
_CELL_OF_ROW = re.compile(r'[,;\t|"\r\n]')
_JSON_LINES = (".jsonl", ".jsonl.gz", ".ndjson")
_OTHERS_CODEC = {"utf-8": "utf-8", "windows-1252": "cp1252"}
_Test = Callable[[str], bool]


def rewrite_text(
    source: Path,
    target: Path,
    needles: Needles,
    *,
    key: str,
    headers: frozenset[str],
    settings: RunSettings,
) -> int:
    """Write a file without some people's records. Return how many went: 0 counts as unwritten.

    Parameters
    ----------
    key
        The object's key, which distinguishes a ledger and rejected rows from other tables.
    headers
        Columns that identify a customer, normalised.
    settings
        How the tenant's uploads are read.
    """
    start = _start(source)
    compressed = start.startswith(_GZIP)
    sniffed = (
        None if is_ledger(key) or key.endswith(_JSON_LINES) else _sniffed(start, key, settings)
    )
    codec = "utf-8" if sniffed is None else _codec(sniffed, start)
    test: _Test = needles.is_in
    if sniffed is not None:
        test = _test(sniffed, needles, key=key, headers=headers)
    removed = 0
    with _reading(source, codec) as lines, _writing(target, codec, compressed) as out:
        for record in _records(lines, quoted=sniffed is not None):
            if test(record):
                removed += 1
            else:
                out.write(record)
    return removed


def _start(source: Path) -> bytes:
    with source.open("rb") as file:
        return file.read(START_BYTES)


def _sniffed(start: bytes, key: str, settings: RunSettings) -> Sniffed | None:
    """Return how to read a table. None for a text without a header that can be read."""
    try:
        return sniff(start, name=key, settings=settings, read=_no_meaning)
    except InvalidInput:
        return None


def _no_meaning(*_: object) -> Recognised:
    return Recognised(HeaderMapping(), {})


def _codec(sniffed: Sniffed, start: bytes) -> str:
    """Return the codec that gives back the very same bytes."""
    if sniffed.encoding in _OTHERS_CODEC:
        return _OTHERS_CODEC[sniffed.encoding]
    # With a byte order mark, Python's utf-16 would write its own.
    if start.startswith(b"\xff\xfe"):
        return "utf-16-le"
    return "utf-16-be" if start.startswith(b"\xfe\xff") else utf_16_codec(start)


def _test(sniffed: Sniffed, needles: Needles, *, key: str, headers: frozenset[str]) -> _Test:
    places = places_of(sniffed.header, headers)
    delimiter, rejects = sniffed.delimiter, is_rejects(key)

    def is_theirs(record: str) -> bool:
        try:
            cells = next(csv.reader([record], delimiter=delimiter), [])
        except csv.Error:
            return needles.is_in(record)
        if any(needles.is_id(cells[at]) for at in places if at < len(cells)):
            return True
        if any(needles.is_in(cell) for cell in cells):
            return True
        return rejects and any(_row_names(cell, needles) for cell in cells)

    return is_theirs


def _row_names(row: str, needles: Needles) -> bool:
    """Return whether a rejected row has a cell that is an id, whatever its column."""
    cells = _CELL_OF_ROW.split(row)
    return len(cells) > 1 and any(needles.is_id(cell.strip()) for cell in cells if cell.strip())


def _records(lines: Iterable[str], *, quoted: bool) -> Iterator[str]:
    """Yield records: lines, and those that a quoted cell joins."""
    open_lines: list[str] = []
    is_open, size = False, 0
    for line in lines:
        if not quoted:
            yield line
            continue
        open_lines.append(line)
        size += len(line)
        is_open = is_open != bool(line.count('"') % 2)
        if not is_open:
            yield "".join(open_lines)
        elif size > _LONGEST:  # no quote that ends: each line for itself
            yield from open_lines
        else:
            continue
        open_lines, is_open, size = [], False, 0
    yield from open_lines


@contextlib.contextmanager
def _reading(path: Path, codec: str) -> Iterator[Iterable[str]]:
    with contextlib.ExitStack() as stack:
        raw: BinaryIO = stack.enter_context(path.open("rb"))
        if raw.read(2) == _GZIP:
            raw.seek(0)
            raw = cast(BinaryIO, stack.enter_context(gzip.GzipFile(fileobj=raw)))
        else:
            raw.seek(0)
        yield stack.enter_context(
            io.TextIOWrapper(raw, codec, errors="surrogateescape", newline="")
        )


@contextlib.contextmanager
def _writing(path: Path, codec: str, compressed: bool) -> Iterator[io.TextIOWrapper]:  # noqa: FBT001
    with contextlib.ExitStack() as stack:
        raw: BinaryIO = stack.enter_context(path.open("wb"))
        if compressed:
            packed = gzip.GzipFile("", "wb", fileobj=raw, mtime=0, compresslevel=6)
            raw = cast(BinaryIO, stack.enter_context(packed))
        yield stack.enter_context(
            io.TextIOWrapper(raw, codec, errors="surrogateescape", newline="")
        )
