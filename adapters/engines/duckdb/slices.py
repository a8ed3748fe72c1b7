"""Groupings larger than the engine's memory, by slices of customers.

The engine spills the rows that it groups, but keeps a note of each few of them in its memory, some
33 MB for a GB of rows. Beyond so many rows the notes fill its limit, however few groups there are.
Then rows are sorted into slices first, and each slice is grouped alone.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from adapters.engines.duckdb.growing import fill
from adapters.engines.duckdb.session import Connection, memory_bytes

_WITHIN = 7  # times its memory that the engine groups at once: a fourth of it is notes then
_OF_SLICE = 0.5  # of its memory, for the rows of a slice
_MOST = 65_536


def slices_of(connection: Connection, *, row_bytes: int) -> int:
    """Return into how many slices rows must be cut, so that the engine can group each.

    Parameters
    ----------
    row_bytes
        Of all rows that are grouped.
    """
    limit = memory_bytes(connection)
    if row_bytes <= _WITHIN * limit:
        return 1
    return min(_MOST, math.ceil(row_bytes / (_OF_SLICE * limit)))


def sliced(
    connection: Connection, table: str, queries: Sequence[str], *, slice_of: str, slices: int
) -> list[str]:
    """Make a table of what queries give, and return a query for each slice of it, in order.

    Parameters
    ----------
    slice_of
        SQL for the number of a row's slice, from 0. All rows of a customer are in the same.
    """
    # Sorted, so that reading a slice reads little of the others.
    cut = [
        f"SELECT *, ({slice_of})::USMALLINT AS slice FROM ({query}) ORDER BY slice"  # noqa: S608 (our own names)
        for query in queries
    ]
    fill(connection, table, cut)
    return [f"FROM {table} WHERE slice = {each}" for each in range(slices)]
