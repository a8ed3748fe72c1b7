"""An export's rows, grouped by their orders and read into a table, out of core."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence

import pyarrow as pa

from adapters.engines.duckdb.reading.texts import create_table
from adapters.engines.duckdb.session import Connection
from tessera.sources.first_rows import SAMPLE_ROWS
from tessera.sources.orders.rows import OrderReader

_BATCH = 10_000
_WORDS = 1000
_GROUPED = pa.schema(
    [("record", pa.int64()), ("order_key", pa.string()), ("cells", pa.list_(pa.string()))]
)
Row = Sequence[str | None]
_Numbered = tuple[int, Row]


def write_order_rows(
    connection: Connection, rows: Iterable[Row], *, reader: OrderReader, table: str
) -> dict[str, list[str]]:
    """Make a table of an export's rows: ``record``, its place in the file, and our columns.

    Parameters
    ----------
    rows
        The file's rows, in its order, with all their cells.

    Returns
    -------
    dict
        Cells of our columns from its start, and all words of events unless they are too many.
    """
    taken = reader.layout.taken
    numbered = ((record, [row[at] or None for at in taken]) for record, row in enumerate(rows))
    orders = _grouped(connection, numbered, reader) if reader.layout.lines else _alone(numbered)
    names = reader.layout.given
    schema = pa.schema([("record", pa.int64()), *((name, pa.string()) for name in names)])
    create_table(connection, table, schema, _events(orders, reader))
    sample = {}
    for name in names:
        distinct, limit = ("DISTINCT ", _WORDS) if name == "event_name" else ("", SAMPLE_ROWS)
        query = f"SELECT {distinct}{name} FROM {table} WHERE {name} <> '' LIMIT {limit}"  # noqa: S608
        sample[name] = [str(row[0]) for row in connection.execute(query).fetchall()]
    return sample


def _events(
    orders: Iterable[Sequence[_Numbered]], reader: OrderReader
) -> Iterator[tuple[object, ...]]:
    for order in orders:
        read = reader.read([row for _, row in order])
        for (record, _), cells in zip(order, read, strict=True):
            yield record, *cells


def _alone(rows: Iterable[_Numbered]) -> Iterator[Sequence[_Numbered]]:
    for row in rows:
        yield [row]


def _grouped(
    connection: Connection, rows: Iterable[_Numbered], reader: OrderReader
) -> Iterator[Sequence[_Numbered]]:
    """Return the rows of each order together. A row without an order's number is alone."""
    keyed = ((record, reader.layout.key(row), row) for record, row in rows)
    create_table(connection, "grouped_rows", _GROUPED, keyed)
    ordered = "SELECT order_key, record, cells FROM grouped_rows ORDER BY order_key, record"
    batches = connection.cursor().sql(ordered).to_arrow_reader(_BATCH)
    return _by_key(
        row for batch in batches for row in zip(*map(pa.Array.to_pylist, batch), strict=True)
    )


def _by_key(sorted_rows: Iterable[tuple[str, int, Row]]) -> Iterator[Sequence[_Numbered]]:
    for key, order in itertools.groupby(sorted_rows, key=lambda row: row[0]):
        numbered = ((int(record), cells) for _, record, cells in order)
        if key:
            yield list(numbered)
        else:
            yield from _alone(numbered)
