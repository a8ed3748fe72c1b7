"""The rows of an upload that were refused: where they stand, why, and their text."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence

import numpy as np

from adapters.engines.parts import Part
from adapters.engines.session import Connection
from tessera.events.reasons import BY_CODE

_COLUMN_OF = {
    "missing_customer_id": "customer_id",
    "missing_date": "date",
    "bad_date": "date",
    "date_out_of_range": "date",
    "unknown_event": "event_name",
    "bad_quantity": "quantity",
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


def rejects_of(connection: Connection, parts: Sequence[Part]) -> Iterator[Reject]:
    """Yield the rows in ``rejected_rows`` and those refused as a whole, by file and line."""
    for index, part in enumerate(parts):
        query = f"SELECT record, code FROM rejected_rows WHERE part = {index} ORDER BY record"  # noqa: S608
        found = connection.execute(query).fetchnumpy()
        records = np.asarray(found["record"], np.int64)
        codes = [str(code) for code in found["code"]]
        good = zip(part.places(connection, records), codes, strict=True)
        rows = [(line, code, row) for (line, row), code in good]
        rows += [(bad.line, bad.code, bad.row) for bad in part.bad]
        for line, code, row in sorted(rows):
            header = _header_of(part, code)
            yield Reject(part.name, line, header, code, BY_CODE[code].meaning, row)


def _header_of(part: Part, code: str) -> str:
    column = _COLUMN_OF.get(code)
    if column is None and code in ("missing_amount", "bad_amount", "amount_out_of_range"):
        column = "amount" if "amount" in part.columns else "unit_price"
    place = part.columns.get(column or "")
    return "" if place is None else part.header[place]
