"""The kinds of faults in an upload: each once, with its number and its first row."""

from __future__ import annotations

import collections
import csv
import dataclasses
from collections.abc import Iterator, Sequence

import numpy as np

from adapters.engines.duckdb.reading.files.upload_file import UploadFile
from adapters.engines.duckdb.session import Connection
from tessera.events.reasons import BY_CODE
from tessera.events.rejects import faulty_header

_CELL_MOST = 60  # characters of a cell that are shown


@dataclasses.dataclass(frozen=True, kw_only=True)
class FaultKind:
    """One kind of fault: what it is, how often it occurs, and where it occurs first.

    Parameters
    ----------
    code, meaning, advice
        The reason, and what its reader can do.
    rows
        How many rows have it.
    file, line
        The first of them. 1 is the file's first line.
    column, cell
        The file's own name of the column, and what the cell has. Empty where it is the whole row.
    """

    code: str
    meaning: str
    advice: str
    rows: int
    file: str
    line: int
    column: str
    cell: str


def kinds_of(connection: Connection, parts: Sequence[UploadFile]) -> tuple[FaultKind, ...]:
    """Return the kinds of faults, the most frequent one first."""
    counts = collections.Counter[str]()
    firsts: dict[str, FaultKind] = {}
    for index, part in enumerate(parts):
        for code, rows, line, row in _in_part(connection, part, index):
            counts[code] += rows
            firsts.setdefault(code, _kind(part, code, line=line, row=row))
    return tuple(dataclasses.replace(firsts[code], rows=n) for code, n in counts.most_common())


def _in_part(
    connection: Connection, part: UploadFile, index: int
) -> Iterator[tuple[str, int, int, str]]:
    """Yield each code of a part with its number of rows, its first line and that row."""
    query = f"""SELECT min(record) AS record, code, count(*) FROM rejected_rows
        WHERE part = {index} GROUP BY code ORDER BY record"""  # noqa: S608 (a number)
    firsts = connection.execute(query).fetchall()
    by_record = dict.fromkeys(int(record) for record, _, _ in firsts)
    records = np.array(sorted(by_record), np.int64)
    places = dict(zip(records.tolist(), part.places(connection, records), strict=True))
    for record, code, rows in firsts:
        yield str(code), int(rows), *places[int(record)]
    counts = collections.Counter(bad.code for bad in part.bad)
    for code, rows in counts.items():
        first = min((bad for bad in part.bad if bad.code == code), key=lambda bad: bad.line)
        yield code, rows, first.line, first.row


def _kind(part: UploadFile, code: str, *, line: int, row: str) -> FaultKind:
    reason = BY_CODE[code]
    header = faulty_header(code, header=part.header, columns=part.columns)
    return FaultKind(
        code=code, meaning=reason.meaning, advice=reason.advice, rows=0, file=part.name,
        line=line, column=header, cell=_cell(part, row, header),
    )  # fmt: skip


def _cell(part: UploadFile, row: str, header: str) -> str:
    """Return a row's cell, or the row itself where the fault is not one cell's."""
    if not header:
        return _short(row)
    delimiter = part.sniffed.delimiter if part.sniffed else ","
    cells = next(csv.reader([row], delimiter=delimiter), [])
    place = list(part.header).index(header)
    return _short(cells[place]) if place < len(cells) else ""


def _short(text: str) -> str:
    return text if len(text) <= _CELL_MOST else f"{text[: _CELL_MOST - 1]}…"
