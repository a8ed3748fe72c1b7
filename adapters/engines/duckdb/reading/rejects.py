"""The rows of an upload that were refused: where they stand, why, and their text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from adapters.engines.duckdb.reading.files.upload_file import UploadFile
from adapters.engines.duckdb.session import Connection
from tessera.events.reasons import BY_CODE
from tessera.events.rejects import Reject, faulty_header


def rejects_of(connection: Connection, parts: Sequence[UploadFile]) -> Iterator[Reject]:
    """Yield the rows in ``rejected_rows`` and those refused as a whole, by file and line."""
    for index, part in enumerate(parts):
        query = f"SELECT record, code FROM rejected_rows WHERE part = {index} ORDER BY record"  # noqa: S608
        rejected = connection.execute(query).fetchnumpy()
        records = np.asarray(rejected["record"], np.int64)
        codes = [str(code) for code in rejected["code"]]
        # The file is read once more for them: not for none.
        places = part.places(connection, records) if codes else ()
        good = zip(places, codes, strict=True)
        rows = [(line, code, row) for (line, row), code in good]
        rows += [(bad.line, bad.code, bad.row) for bad in part.bad]
        for line, code, row in sorted(rows):
            header = faulty_header(code, header=part.header, columns=part.columns)
            yield Reject(part.name, line, header, code, BY_CODE[code].meaning, row)
