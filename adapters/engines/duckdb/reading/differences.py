"""Price × quantity compared with the amount, over the files that have both."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from adapters.engines.duckdb.reading.fast_path import FileSource
from adapters.engines.duckdb.reading.files.upload_file import UploadFile
from adapters.engines.duckdb.session import Connection, scalar
from tessera.sources.amounts import Mark
from tessera.sources.differences import COMPARED, Differences, Texts, compare, is_compared

_AT_ONCE = 10_000


def differences_of(
    connection: Connection, parts: Sequence[UploadFile], *, mark: Mark
) -> Differences:
    """Return how many rows of the parts have an amount that is not price × quantity."""
    total = Differences()
    for part in parts:
        source = part.source(again=True)
        if is_compared(source.columns):
            total += _of_part(connection, source, mark=mark)
    return total


def _of_part(connection: Connection, source: FileSource, *, mark: Mark) -> Differences:
    """Compare in the engine, and look with care only at what does not simply agree."""
    cells = [source.columns.get(name, "NULL") for name in COMPARED]
    price, quantity, amount = (_number(cell, mark) for cell in cells)
    agree = f"COALESCE(abs({price} * COALESCE({quantity}, 1) - {amount}) <= 0.005, false)"
    agreeing = f"SELECT count(*) FILTER ({agree}) FROM {source.relation}"  # noqa: S608
    rest = f"SELECT {', '.join(cells)} FROM {source.relation} WHERE NOT {agree}"  # noqa: S608
    simple = Differences(compared=int(scalar(connection, agreeing)))
    return simple + compare(_texts(connection, rest), mark=mark)


def _number(cell: str, mark: Mark) -> str:
    plain = f"replace({cell}, ',', '.')" if mark == "comma" else cell
    return f"try_cast({plain} AS DECIMAL(18, 4))"


def _texts(connection: Connection, query: str) -> Iterator[Texts]:
    cursor = connection.cursor().execute(query)
    while rows := cursor.fetchmany(_AT_ONCE):
        yield from rows
