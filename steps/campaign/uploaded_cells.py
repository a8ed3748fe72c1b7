"""The cells of a CSV that somebody uploaded for campaigns."""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Iterator

from adapters.aws.objects import Objects
from tessera.errors import InvalidInput

MOST_BYTES = 100_000_000


def read_cells(
    objects: Objects, key: str, *, what: str
) -> tuple[list[str], Iterator[dict[str, str]]]:
    """Return the header of an uploaded CSV, and its rows as texts by column.

    Parameters
    ----------
    objects, key
        Where the file is.
    what
        How a message calls it.

    Raises
    ------
    InvalidInput
        It is too large, empty, or not CSV in UTF-8. The message names the line, and no cell.
    """
    size = int(objects.head(key)["ContentLength"])
    if size > MOST_BYTES:
        raise InvalidInput(
            f"{what} has {size:,} bytes, expected at most {MOST_BYTES:,}: divide it into several"
        )
    try:
        text = objects.read(key).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise InvalidInput(f"{what} is not UTF-8 in line {line}: save it as UTF-8") from None
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    header = [name.strip() for name in next(rows, [])]
    if not any(header):
        raise InvalidInput(f"{what} is empty: expected a header, and a line for each address")
    return header, _cells(rows, header, what=what)


def _delimiter(text: str) -> str:
    """Return what separates the header's columns: a spreadsheet may write semicolons or tabs."""
    first = text.partition("\n")[0]
    return max(",;\t", key=first.count)


def _cells(rows: Iterator[list[str]], header: list[str], *, what: str) -> Iterator[dict[str, str]]:
    """Return each row by column, without blank ones at the end of the file."""
    blank = 0
    for number in itertools.count(2):
        try:
            row = next(rows, None)
        except csv.Error as error:
            raise InvalidInput(f"{what} is not CSV in row {number}: {error}") from None
        if row is None:
            return
        if not any(cell.strip() for cell in row):
            blank += 1
            continue
        if len(row) > len(header):
            raise InvalidInput(
                f"{what} has {len(row)} cells in row {number}, expected {len(header)} as in its "
                "header: put cells with a separator between quotes"
            )
        yield from [{}] * blank  # so that the numbers of later rows stay right
        blank = 0
        yield dict(zip(header, row, strict=False))
