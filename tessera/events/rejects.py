"""A rejected row, as rejects.csv.gz lists it for its owner."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

COLUMNS = ("line", "column", "code", "message", "row", "file")
_COLUMN_OF = {
    "doubtful_id": "customer_id",
    "missing_date": "date",
    "bad_date": "date",
    "ambiguous_date": "date",
    "contrary_date": "date",
    "date_in_future": "date",
    "date_out_of_range": "date",
    "unknown_event": "event_name",
    "bad_quantity": "quantity",
    "bad_consent": "ad_consent",
    "other_currency": "currency",
    "currency_conflict": "currency",
}


@dataclasses.dataclass(frozen=True)
class Reject:
    """A row that was rejected. ``line`` is its physical line, 1 being the file's first."""

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
