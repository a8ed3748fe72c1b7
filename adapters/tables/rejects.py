"""rejects.csv.gz: the rejected rows of an upload, for their owner."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterable
from pathlib import Path

from tessera.contracts.csv_cells import safe_cell
from tessera.events.rejects import COLUMNS, Reject


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
