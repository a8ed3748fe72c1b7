"""The header and the first rows of a file of any kind that an upload can have."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from adapters.engines.duckdb.reading.files.parquet import open_parquet
from adapters.engines.duckdb.session import confine, connect
from adapters.engines.workbooks import write_sheet
from tessera.naming import is_parquet
from tessera.settings import RunSettings
from tessera.sources.sniff import START_BYTES, table_start
from tessera.sources.workbooks import is_workbook


def first_rows(
    path: Path, *, settings: RunSettings
) -> tuple[tuple[str, ...], Sequence[Sequence[str | None]]]:
    """Return a file's header and its first rows as texts, as recognition sees them.

    Raises
    ------
    InvalidInput
        The file is empty, of another kind than its name says, or has no header.
    """
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        if is_parquet(path.name):
            with connect(folder, memory_limit_mb=512) as connection:
                confine(connection, folder, files=[path.absolute()])
                table = open_parquet(connection, path.absolute(), name=path.name)
            return table.header, table.sample
        text = path
        if is_workbook(path.name):
            text = write_sheet(path, sheet=settings.sheet, folder=folder, name=path.name)
        with text.open("rb") as file:
            start = file.read(START_BYTES)
    return table_start(start, name=path.name, settings=settings)
