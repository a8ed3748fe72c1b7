"""The refused rows, and the file of them for their owner."""

from __future__ import annotations

import csv
import dataclasses
import gzip
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from tessera.contracts.csv_cells import safe_cell

COLUMNS = ("line", "column", "code", "message", "row", "file")
_COLUMN_OF = {
    "missing_customer_id": "customer_id",
    "missing_date": "date",
    "bad_date": "date",
    "date_out_of_range": "date",
    "unknown_event": "event_name",
    "bad_quantity": "quantity",
    "bad_consent": "ad_consent",
    "other_currency": "currency",
}


@dataclasses.dataclass(frozen=True)
class Reject:
    """A row that was refused; ``line`` is its physical line, 1 being the file's first."""

    file: str
    line: int
    column: str
    code: str
    message: str
    row: str


def faulty_header(code: str, *, header: Sequence[str], columns: Mapping[str, int]) -> str:
    """Return the file's own name of the column that a code is about, empty when it is the row.

    Parameters
    ----------
    header, columns
        The file's header, and where our columns stand in it.
    """
    column = _COLUMN_OF.get(code)
    if column is None and code in ("missing_amount", "bad_amount", "amount_out_of_range"):
        column = "amount" if "amount" in columns else "unit_price"
    place = columns.get(column or "")
    return "" if place is None else header[place]


def write_rejects(path: Path, rejects: Iterable[Reject]) -> Path:
    """Write rejects.csv.gz: the same rejects, the same bytes, and no cell that is a formula."""
    with (
        path.open("wb") as raw,
        gzip.GzipFile(filename="", fileobj=raw, mode="wb", mtime=0) as packed,
        io.TextIOWrapper(packed, encoding="utf-8", newline="") as file,
    ):
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(COLUMNS)
        for reject in rejects:
            texts = (reject.column, reject.code, reject.message, reject.row, reject.file)
            writer.writerow([reject.line, *(safe_cell(text) for text in texts)])
    return path
