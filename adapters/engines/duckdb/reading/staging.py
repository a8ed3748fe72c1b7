"""The parts of an upload in tables: every row as the fast path reads it, in any order."""

from __future__ import annotations

from pathlib import Path

import duckdb

from adapters.engines.duckdb.reading.fast_path import BESIDE, absent, read_rows
from adapters.engines.duckdb.reading.files.csv_reader import forget_refused
from adapters.engines.duckdb.reading.files.upload_file import UploadFile
from adapters.engines.duckdb.session import Connection, scalar
from tessera.sources.rows import Reading

_BESIDE = ("currency", *BESIDE)


def stage(
    connection: Connection, part: UploadFile, index: int, *, reading: Reading, folder: Path
) -> None:
    """Read a part into its own table: ``table_of`` names it.

    Parameters
    ----------
    index
        Which part of the upload it is.
    folder
        Where a clean copy goes, if the engine cannot read the part as it is.
    """
    _read(connection, part, index, reading=reading, folder=folder)
    _complete(connection, part, index, reading=reading)


def table_of(index: int) -> str:
    """Return the name of a staged part's table."""
    return f"staged_{index}"


def forget_staged(connection: Connection, parts: int) -> None:
    """Drop the rows of so many parts, to make room. Their views have none from then on."""
    for index in range(parts):
        connection.execute(f"DROP TABLE {_facts(index)}")


def _facts(index: int) -> str:
    return f"facts_{index}"


def _read(
    connection: Connection, part: UploadFile, index: int, *, reading: Reading, folder: Path
) -> None:
    """Read a part into a table with the columns that it has."""
    rows = read_rows(part.source(), reading=reading)
    lacking = absent(part.source(), reading=reading)
    beside = "".join(f", {name}" for name in _BESIDE if name not in lacking)
    forget_refused(connection)
    try:
        connection.execute(
            f"""CREATE OR REPLACE TABLE {_facts(index)} AS
            SELECT customer_id, event, occurred_at, amount, odd{beside}
            FROM ({rows})"""  # noqa: S608 (our own names)
        )
    except duckdb.InvalidInputException:
        if part.sniffed is None or part.rewritten:
            raise
        part.rewrite(folder)
        _read(connection, part, index, reading=reading, folder=folder)
        return
    if part.settle(connection, folder=folder):
        _read(connection, part, index, reading=reading, folder=folder)
        return
    count = int(scalar(connection, f"SELECT count(*) FROM {_facts(index)}"))  # noqa: S608
    if part.has(count):
        return
    if part.sniffed is None or part.rewritten:
        raise AssertionError(f"{part.name} has other rows than the {count} that were read")
    part.rewrite(folder)  # the reader and the count disagree: our own reader decides
    _read(connection, part, index, reading=reading, folder=folder)


def _complete(connection: Connection, part: UploadFile, index: int, *, reading: Reading) -> None:
    """Give a staged part the columns it lacks, which a view holds at no cost."""
    lacking = absent(part.source(), reading=reading)
    rest = [f"{lacking[name]} AS {name}" if name in lacking else name for name in _BESIDE]
    connection.execute(
        f"""CREATE VIEW {table_of(index)} AS
        SELECT customer_id, event, occurred_at, amount, odd, {", ".join(rest)}
        FROM {_facts(index)}"""  # noqa: S608 (our own names)
    )
