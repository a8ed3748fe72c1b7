"""The states of live labels, from the events that count."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from adapters.engines.duckdb.session import Connection
from adapters.engines.overlap import VOIDED
from tessera.customers.summary import Period, duckdb_days
from tessera.labels.events import mark_of
from tessera.labels.history import state_of, states, stream_windows, unsettled, voids
from tessera.labels.state import LiveState

_AT_ONCE = 5_000
_INSTANTS = ("first_at", "last_at", "last_event_at")


def read_states(
    connection: Connection, *, period: Period, names: Sequence[str], newness: Sequence[int]
) -> Iterator[tuple[str, LiveState]]:
    """Yield every customer's key and state, from the relations that ``open_history`` made.

    Parameters
    ----------
    period
        Its beginning bounds what counts.
    names, newness
        The uploads' names, and how new they are, the oldest upload first.
    """
    windows = stream_windows(names)
    query = states("history", windows=windows, period=period, days_until_as_of=duckdb_days(period))
    places = dict(enumerate(newness))
    waiting = _waiting(connection, windows=windows, newness=places)
    void = _void(connection, windows=windows, newness=places)
    columns = ", ".join(f"epoch_us({name}) AS {name}" for name in _INSTANTS)
    cursor = connection.cursor().execute(
        f"""SELECT states.* REPLACE (names.customer_key AS customer_key, {columns},
            CAST(monetary * 10000 AS BIGINT) AS monetary,
            list_transform(instants, lambda moment: epoch_us(moment)) AS instants),
            states.customer_key AS name
        FROM ({query}) AS states JOIN names ON states.customer_key = names.name"""  # noqa: S608
    )
    described = [column[0] for column in cursor.description or ()]
    while rows := cursor.fetchmany(_AT_ONCE):
        for values in rows:
            row: dict[str, Any] = dict(zip(described, values, strict=True))
            waits = row["name"] in waiting
            state = state_of(row, as_of=period.as_of, waits=waits)
            for order, window in void.get(row["name"], ()):
                state.void(order, window=window)
            yield row["customer_key"], state


def _waiting(
    connection: Connection, *, windows: Mapping[int, int], newness: Mapping[int, int]
) -> set[Any]:
    if not _exists(connection, "order_lines"):
        return set()
    query = unsettled("order_lines", windows=windows, newness=newness)
    return {row[0] for row in connection.execute(query).fetchall()}


def _void(
    connection: Connection, *, windows: Mapping[int, int], newness: Mapping[int, int]
) -> Mapping[Any, Sequence[tuple[int, int]]]:
    """Return the orders that recent days of the stream void, with the day, by customer."""
    if not _exists(connection, VOIDED):
        return {}
    days = {newness[rank]: window for rank, window in windows.items()}
    orders: dict[Any, list[tuple[int, int]]] = defaultdict(list)
    rows = connection.execute(voids(VOIDED, windows=windows, newness=newness)).fetchall()
    for name, order, new in rows:
        orders[name].append((mark_of(order), days[new]))
    return orders


def _exists(connection: Connection, table: str) -> bool:
    there = f"SELECT 1 FROM duckdb_tables() WHERE table_name = '{table}'"  # noqa: S608
    return connection.execute(there).fetchone() is not None
