"""The cells of a file with one row a customer, by column, and where each row stood."""

from __future__ import annotations

import csv
import dataclasses
import gzip
import io
import zlib
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from tessera.errors import InvalidInput
from tessera.events.names import normalised
from tessera.sources.attribute_types import Texts
from tessera.sources.contract import BY_NAME
from tessera.sources.sniff import DELIMITERS, UTF_8, UTF_16, WINDOWS_1252

MOST_COLUMNS = 200
_CODECS = {UTF_8: "utf-8-sig", UTF_16: "utf-16", WINDOWS_1252: "windows-1252"}
_UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")


@dataclasses.dataclass(frozen=True)
class Sheet:
    """A file's cells.

    Parameters
    ----------
    name
        The file, for messages.
    ids
        Each row's customer, exactly as given.
    lines
        The line that each row ends on.
    columns
        The other columns, by normalised header.
    """

    name: str
    ids: tuple[str, ...]
    lines: Sequence[int]
    columns: Mapping[str, Texts]


def read_sheet(content: bytes, *, name: str, customer_id: str) -> Sheet:
    """Read a CSV or CSV.gz file whole; see ``attributes.parse_attributes`` for what is refused."""
    rows = _rows(_text(content, name), name)
    _, header = next(rows, (0, []))
    keys = _keys(header, name)
    place = _id_place(keys, name=name, own=customer_id)
    ids: dict[str, int] = {}
    codes: list[list[int]] = [[] for _ in header]
    distinct: list[dict[str, int]] = [{} for _ in header]
    for line, row in rows:
        if len(row) != len(header):
            raise InvalidInput(
                f"{name}, line {line} has {len(row)} cells, and the header {len(header)}: quote "
                "cells that contain the delimiter"
            )
        _take_id(ids, row[place], line=line, name=name)
        for cell, column, known in zip(row, codes, distinct, strict=True):
            column.append(known.setdefault(cell.strip(), len(known)))
    columns = {
        key: Texts(header[at].strip(), np.array(codes[at], np.int64), tuple(distinct[at]))
        for at, key in enumerate(keys)
        if at != place
    }
    return Sheet(name, tuple(ids), tuple(ids.values()), columns)


def _text(content: bytes, name: str) -> str:
    raw = content
    if raw.startswith(b"\x1f\x8b"):
        try:
            raw = gzip.decompress(raw)
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise InvalidInput(f"{name} is damaged gzip ({error}): upload it again") from error
    if raw.startswith((b"PK\x03\x04", b"PAR1", b"\xd0\xcf\x11\xe0")):
        raise InvalidInput(f"{name} is not CSV: export the sheet as CSV UTF-8")
    if raw.startswith(_UTF_16_MARKS):
        return raw.decode(_CODECS[UTF_16], errors="replace")
    try:
        return raw.decode(_CODECS[UTF_8])
    except UnicodeDecodeError:
        return raw.decode(_CODECS[WINDOWS_1252], errors="replace")


def _rows(text: str, name: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each row that is not blank, and the line that it ends on."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                yield reader.line_num, row
    except csv.Error as error:
        raise InvalidInput(
            f"{name}, line {reader.line_num}: {error}; close the quote, and double the quotes "
            "inside a cell"
        ) from error


def _keys(header: Sequence[str], name: str) -> list[str]:
    if not header:
        raise InvalidInput(f"{name} is empty: upload it again, with a header and rows")
    if len(header) > MOST_COLUMNS:
        raise InvalidInput(
            f"{name} has {len(header)} columns, at most {MOST_COLUMNS} are read: keep those that "
            "may tell who cancels"
        )
    keys = [normalised(cell) for cell in header]
    for place, key in enumerate(keys):
        if not key:
            raise InvalidInput(f"{name}: column {place + 1} has no header; name it")
        if key in keys[:place]:
            raise InvalidInput(
                f"{name} has two columns called {header[place].strip()!r} (columns "
                f"{keys.index(key) + 1} and {place + 1}): rename one of them"
            )
    return keys


def _id_place(keys: Sequence[str], *, name: str, own: str) -> int:
    accepted = (normalised(own),) if own else BY_NAME["customer_id"].accepted
    for key in accepted:  # the most telling first
        if key in keys:
            return keys.index(key)
    expected = repr(own) if own else "CustomerID, customer_id, client id or user id"
    raise InvalidInput(
        f"{name} has no column of customer ids: expected {expected}. Rename the column, or name it "
        "in the setting 'columns', as in customer_id = \"the header in your file\""
    )


def _take_id(ids: dict[str, int], cell: str, *, line: int, name: str) -> None:
    if not cell.strip():
        raise InvalidInput(f"{name}, line {line} has no customer id: fill it in, or remove the row")
    if cell in ids:
        raise InvalidInput(
            f"{name}, lines {ids[cell]} and {line} are about the same customer: keep one row a "
            "customer"
        )
    ids[cell] = line
