"""The states of customers from the events that a run counts, as one SQL text.

It is what folding the same events gives, but for the marks of old event ids. An event that comes
again after so many days is counted again until the next run.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tessera import naming
from tessera.customers.orders.order_lines import KIND, RETURN, SALE
from tessera.customers.summary import IS_ORDER, Period
from tessera.events.names import CANCELLED, REFUNDED, VIEWED
from tessera.labels.events import ELSEWHERE, SEVERAL, instant_mark, mark_of
from tessera.labels.state import LiveState

KNOWN_DAYS = 7  # of the stream, whose event ids are kept
_EPOCH_ORDINAL = dt.date(1970, 1, 1).toordinal()

_STATES = """
SELECT customer_key,
    array_agg(DISTINCT concat(placed, ':', order_id)) FILTER (WHERE kind = {sale}) AS sales,
    array_agg(DISTINCT concat(placed, ':', order_id)) FILTER (WHERE kind = {back}) AS returned,
    array_agg(DISTINCT order_id) FILTER (WHERE event = '{cancelled}') AS cancelled,
    array_agg(DISTINCT order_id) FILTER (WHERE event = '{refunded}') AS refunded,
    array_agg(DISTINCT order_id) FILTER (WHERE counts AND {is_order}) AS orders,
    array_agg(DISTINCT occurred_at)
        FILTER (WHERE counts AND {is_order} AND order_id IS NULL) AS instants,
    array_agg(DISTINCT event_id) FILTER (WHERE placed >= {known}) AS ids,
    array_agg(DISTINCT days_ago) FILTER (WHERE counts AND {is_order}) AS days,
    MIN(occurred_at) FILTER (WHERE counts AND {is_order}) AS first_at,
    MAX(occurred_at) FILTER (WHERE counts AND {is_order}) AS last_at,
    MAX(occurred_at) FILTER (WHERE counts) AS last_event_at,
    CAST(COALESCE(SUM(amount) FILTER (WHERE counts), 0) AS DECIMAL(18, 4)) AS monetary,
    COUNT(*) FILTER (WHERE counts) AS events,
    COUNT(*) FILTER (WHERE counts AND event = '{viewed}') AS views
FROM (
    SELECT customer_key, event, occurred_at, amount, order_id, event_id, {placed} AS placed,
        CASE WHEN order_id IS NOT NULL THEN {kind} END AS kind, NOT ({not_begun}) AS counts,
        {days_ago} AS days_ago
    FROM {events}
) AS placed_events
GROUP BY customer_key"""


def stream_windows(names: Sequence[str]) -> dict[int, int]:
    """Return the window of each upload that is a day of the stream, by the upload's place.

    Parameters
    ----------
    names
        The uploads' keys or folders, in order.
    """
    windows = {place: stream_window(name) for place, name in enumerate(names)}
    return {place: window for place, window in windows.items() if window is not None}


def stream_window(name: str) -> int | None:
    """Return the window of an upload, from its key or folder. None for no day of the stream."""
    day = naming.stream_day(name)
    return None if day is None else day.toordinal() - _EPOCH_ORDINAL


def states(
    events: str,
    *,
    windows: Mapping[int, int],
    period: Period,
    days_until_as_of: Callable[[str], str],
) -> str:
    """Return the query for everybody's state, one row a customer. ``state_of`` reads a row.

    Parameters
    ----------
    events
        A relation with EVENTS' columns and ``upload_rank``, whose events all count.
    windows
        As of ``stream_windows``.
    period
        Its beginning bounds what counts. Its end does not.
    days_until_as_of
        As in ``folding.rows.event_rows``.
    """
    cases = " ".join(f"WHEN {rank} THEN {window}" for rank, window in windows.items())
    placed = f"CASE upload_rank {cases} ELSE {ELSEWHERE} END" if cases else str(ELSEWHERE)
    return _STATES.format(
        events=events,
        placed=placed,
        known=_first_known(windows),
        kind=KIND,
        sale=SALE,
        back=RETURN,
        cancelled=CANCELLED,
        refunded=REFUNDED,
        viewed=VIEWED,
        is_order=IS_ORDER,
        not_begun=period.not_begun,
        days_ago=days_until_as_of("occurred_at"),
    )


def voids(voided: str, *, windows: Mapping[int, int], newness: Mapping[int, int]) -> str:
    """Return the query for the orders that recent days of the stream void, with their newness.

    Parameters
    ----------
    voided
        A relation with VOIDED_ORDERS' columns and ``newness``.
    windows, newness
        The window and the newness of uploads, by the uploads' places.
    """
    days = _recent(windows, newness)
    return f"SELECT customer_key, order_id, newness FROM {voided} WHERE newness IN ({days})"  # noqa: S608


def unsettled(order_lines: str, *, windows: Mapping[int, int], newness: Mapping[int, int]) -> str:
    """Return the query for customers with an order of several uploads, one a day of the stream.

    When that day is closed again, it is the newest upload, and its lines replace the others'. An
    order that it voids is void no longer once it has a line of it. Days before the last
    ``KNOWN_DAYS`` are not closed again.

    Parameters
    ----------
    order_lines
        The relation of ``order_lines.order_lines``.
    windows, newness
        The window and the newness of uploads, by the uploads' places.
    """
    days = _recent(windows, newness)
    return f"""
SELECT DISTINCT customer_key FROM {order_lines}
WHERE newness IN ({days}) AND (newness < newest OR is_void)"""  # noqa: S608 (our own names)


def state_of(row: Mapping[str, Any], *, as_of: dt.date, waits: bool) -> LiveState:
    """Return the state that a row of ``states`` describes.

    Parameters
    ----------
    row
        Instants in microseconds since 1970, money in minor units.
    as_of
        The period's.
    waits
        Whether the customer is ``unsettled``.
    """
    return LiveState(
        orders=_marks(row["orders"]) | set(map(instant_mark, row["instants"] or ())),
        sales=_lines(row["sales"]),
        returns=_lines(row["returned"]),
        cancelled=_marks(row["cancelled"]),
        refunded=_marks(row["refunded"]),
        ids=_marks(row["ids"]),
        days={as_of.toordinal() - ago for ago in row["days"] or ()},
        first_us=row["first_at"],
        last_us=row["last_at"],
        last_event_us=row["last_event_at"] or 0,
        monetary=row["monetary"],
        events=row["events"],
        views=row["views"],
        waits=waits,
    )


def _recent(windows: Mapping[int, int], newness: Mapping[int, int]) -> str:
    """Return how new the days of the stream are that may be closed again, as a list in SQL."""
    known = _first_known(windows)
    again = [newness[rank] for rank, window in windows.items() if window >= known]
    return ", ".join(map(str, again)) or "NULL"


def _first_known(windows: Mapping[int, int]) -> int:
    return max(windows.values(), default=0) - KNOWN_DAYS + 1


def _marks(keys: Sequence[str | None] | None) -> set[int]:
    return {mark_of(key) for key in keys or () if key is not None}


def _lines(texts: Sequence[str] | None) -> dict[int, int]:
    lines: dict[int, int] = {}
    for text in texts or ():
        window, key = text.split(":")
        mark = mark_of(key)
        lines[mark] = SEVERAL if mark in lines else int(window)
    return lines
