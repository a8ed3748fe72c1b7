"""The header of a file with one row a customer, and what is refused by it alone."""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections.abc import Iterator, Sequence

from tessera.errors import InvalidInput
from tessera.events.names import normalised
from tessera.sources.recognition.contract import BY_NAME
from tessera.sources.sniff import DELIMITERS, UTF_8, UTF_16, WINDOWS_1252

MOST_COLUMNS = 200
_CODECS = {UTF_8: "utf-8-sig", UTF_16: "utf-16", WINDOWS_1252: "windows-1252"}
_UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_GZIP = b"\x1f\x8b"
_GZIP_WINDOW = 31  # makes zlib expect gzip's header


def check_header(start: bytes, *, name: str, customer_id: str) -> None:
    """Refuse a file by its first bytes, as ``attributes.parse_attributes`` would by all of it."""
    if start.startswith(_GZIP):
        try:
            start = zlib.decompressobj(_GZIP_WINDOW).decompress(start)
        except zlib.error as error:
            raise _damaged(name, error) from error
    whole = start if start.startswith(_UTF_16_MARKS) else start[: start.rfind(b"\n") + 1] or start
    _, header = next(rows_of(text_of(whole, name), name), (0, []))
    id_place(keys_of(header, name), name=name, own=customer_id)


def text_of(content: bytes, name: str) -> str:
    """Return a file's text, or raise InvalidInput when it is another kind of file."""
    raw = content
    if raw.startswith(_GZIP):
        try:
            raw = gzip.decompress(raw)
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise _damaged(name, error) from error
    if raw.startswith((b"PK\x03\x04", b"PAR1", b"\xd0\xcf\x11\xe0")):
        raise InvalidInput(f"{name} is not CSV: export the sheet as CSV UTF-8")
    if raw.startswith(_UTF_16_MARKS):
        return raw.decode(_CODECS[UTF_16], errors="replace")
    try:
        return raw.decode(_CODECS[UTF_8])
    except UnicodeDecodeError:
        return raw.decode(_CODECS[WINDOWS_1252], errors="replace")


def _damaged(name: str, error: Exception) -> InvalidInput:
    return InvalidInput(f"{name} is damaged gzip ({error}): upload it again")


def rows_of(text: str, name: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each row that is not blank, the header first, and the line that it ends on."""
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


def keys_of(header: Sequence[str], name: str) -> list[str]:
    """Return a header's names, normalised. A missing or repeated name is an error."""
    if not header:
        raise InvalidInput(f"{name} is empty: upload it again, with a header and rows")
    if len(header) > MOST_COLUMNS:
        raise InvalidInput(
            f"{name} has {len(header)} columns, at most {MOST_COLUMNS} are read: keep those that "
            "may predict who cancels"
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


def id_place(keys: Sequence[str], *, name: str, own: str) -> int:
    """Return where the customer's id stands. ``own`` is its header when it is none we know."""
    accepted = (normalised(own),) if own else BY_NAME["customer_id"].accepted
    for key in accepted:  # the most specific first
        if key in keys:
            return keys.index(key)
    expected = repr(own) if own else "CustomerID, customer_id, client id or user id"
    raise InvalidInput(
        f"{name} has no column of customer ids: expected {expected}. Rename the column, or name it "
        "in the setting 'columns', as in customer_id = \"the header in your file\""
    )
