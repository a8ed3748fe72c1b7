"""Which events of several uploads count, as SQL for both engines: an order once, a row once.

Two rules stand before the one of event ids, and need more than one upload.

1. *An order exists once.* An order is a customer's order_id. The newest upload that has purchase
   lines of it replaces those of the others. The same holds for what takes money back: refunds,
   cancellations and lines below zero replace only such lines.
2. *A row exists once.* Rows that belong to no such order and have no event_id count as often as the
   upload that has them most often: the same customer, event, instant, amount and order_id.

Lines of an order that are more than ``DAYS_APART`` from each other are different orders: their
numbers have started again.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Sequence

from tessera.customers.summary import IS_ORDER
from tessera.events.names import PURCHASED, RETURNS

DAYS_APART = 31

COLUMNS = "customer_key, event, occurred_at, amount, order_id, event_id, upload_rank"
_SALE, _RETURN = 1, 2
_KIND = (
    f"CASE WHEN event = '{PURCHASED}' AND amount >= 0 THEN {_SALE} "
    f"WHEN event IN {(PURCHASED, *RETURNS)} THEN {_RETURN} END"
)
_LINE = f"order_id IS NOT NULL AND {_KIND} IS NOT NULL"
_ROW = f"event_id IS NULL AND (order_id IS NULL OR {_KIND} IS NULL)"
_SAME_LINES = "PARTITION BY customer_key, order_id, kind"
_ORDER = f"{_SAME_LINES}, part"

_ORDER_LINES = f"""
WITH lines AS (
    SELECT customer_key, order_id, {_KIND} AS kind, occurred_at, newness
    FROM {{events}} WHERE {_LINE}
    GROUP BY customer_key, order_id, {_KIND}, occurred_at, newness
),
shared AS (
    SELECT customer_key, order_id, kind FROM lines
    GROUP BY customer_key, order_id, kind HAVING MIN(newness) <> MAX(newness)
),
gaps AS (
    SELECT customer_key, order_id, kind, occurred_at, newness,
        CASE WHEN occurred_at > LAG(occurred_at) OVER ({_SAME_LINES} ORDER BY occurred_at, newness)
            + INTERVAL {DAYS_APART} DAY THEN 1 ELSE 0 END AS gap
    FROM lines JOIN shared USING (customer_key, order_id, kind)
),
parts AS (
    SELECT customer_key, order_id, kind, occurred_at, newness,
        SUM(gap) OVER ({_SAME_LINES} ORDER BY occurred_at, newness ROWS UNBOUNDED PRECEDING) AS part
    FROM gaps
)
SELECT customer_key, order_id, kind, occurred_at, newness, part,
    MIN(newness) OVER ({_ORDER}) AS oldest, MAX(newness) OVER ({_ORDER}) AS newest,
    MAX(newness) OVER ({_ORDER}, CAST(occurred_at AS DATE)) AS newest_that_day
FROM parts"""  # noqa: S608 (our own names)

_ROW_KEY = "customer_key, event, occurred_at, amount, order_key"
_EQUAL_ROWS = f"""
WITH counts AS (
    SELECT customer_key, event, occurred_at, amount, COALESCE(order_id, '') AS order_key,
        upload_rank, COUNT(*) AS copies
    FROM {{events}} WHERE {_ROW} AND ({{overlapping}})
    GROUP BY customer_key, event, occurred_at, amount, COALESCE(order_id, ''), upload_rank
),
shared AS (SELECT {_ROW_KEY} FROM counts GROUP BY {_ROW_KEY} HAVING COUNT(*) > 1)
SELECT {_ROW_KEY}, upload_rank, copies, GREATEST(copies - COALESCE(MAX(copies) OVER (
        PARTITION BY {_ROW_KEY} ORDER BY upload_rank
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ), 0), 0) AS kept
FROM counts JOIN shared USING ({_ROW_KEY})"""  # noqa: S608 (our own names)

_NOT_REPLACED = f"""NOT EXISTS (
    SELECT 1 FROM order_lines AS line
    WHERE line.newness < line.newest AND line.newness = e.newness AND line.order_id = e.order_id
        AND line.customer_key = e.customer_key AND line.occurred_at = e.occurred_at
        AND line.kind = {_KIND}
)"""  # noqa: S608 (our own names)
_SAME_ROW = """same.customer_key = e.customer_key AND same.event = e.event
        AND same.occurred_at = e.occurred_at AND same.amount = e.amount
        AND same.order_key = CASE WHEN e.event_id IS NULL THEN COALESCE(e.order_id, '') END"""
_NOT_EQUAL = f"NOT EXISTS (SELECT 1 FROM equal_rows AS same WHERE {_SAME_ROW})"  # noqa: S608
_KEPT_OF_EQUAL = f"""
UNION ALL
SELECT {COLUMNS} FROM (
    SELECT e.customer_key, e.event, e.occurred_at, e.amount, e.order_id, e.event_id,
        e.upload_rank, same.kept, ROW_NUMBER() OVER (
            PARTITION BY e.customer_key, e.event, e.occurred_at, e.amount, e.order_id, e.upload_rank
            ORDER BY e.upload_rank
        ) AS copy
    FROM {{events}} AS e JOIN equal_rows AS same
        ON {_SAME_ROW} AND same.upload_rank = e.upload_rank
) AS numbered
WHERE copy <= kept"""  # noqa: S608 (our own names)

_ONCE = "SELECT COUNT(*) FROM (SELECT DISTINCT {columns} FROM {of} WHERE {where}) AS once"
_KNOWN_ORDERS = _ONCE.format(
    columns="customer_key, order_id",
    of="order_lines",
    where=f"kind = {_SALE} AND newness = {{newness}} AND oldest < newest",
)
_KNOWN_INSTANTS = _ONCE.format(
    columns="customer_key, occurred_at",
    of="equal_rows",
    where=f"upload_rank = {{rank}} AND order_key = '' AND {IS_ORDER}",
)
_ORDERS_APART = _ONCE.format(
    columns="customer_key, order_id", of="order_lines", where=f"kind = {_SALE} AND part > 0"
)
_ORDERS_MOVED = _ONCE.format(
    columns="customer_key, order_id",
    of="order_lines",
    where="kind = {kind} AND newest_that_day < newest",
)
_SHARED_NUMBERS = f"""
SELECT COUNT(*) FROM (
    SELECT order_id FROM {{events}} WHERE order_id IS NOT NULL AND event = '{PURCHASED}'
    GROUP BY order_id HAVING MIN(customer_key) <> MAX(customer_key)
) AS shared"""  # noqa: S608 (our own names)


@dataclasses.dataclass(frozen=True, kw_only=True)
class HeldOrders:
    """What an upload holds, as far as it decides which rules its events need.

    Parameters
    ----------
    order_ids
        How many of its rows have an order_id. None where it is not known.
    first, last
        The instants of its first and its last event. None without events.
    stored_at
        When its present content came, in ISO 8601.
    """

    order_ids: int | None
    first: dt.datetime | None
    last: dt.datetime | None
    stored_at: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class Overlap:
    """How far the uploads of a history overlap.

    Parameters
    ----------
    known_orders
        Orders of the run's own upload that other uploads have too.
    known_rows
        Rows of the run's own upload that another upload's rows stand for.
    not_counted
        Rows of all uploads that another upload's rows stand for.
    apart_orders
        Order numbers that one customer has in several uploads, for different orders.
    moved_orders
        Orders whose newest lines lack a day that an older upload's have.
    moved_refunds
        Orders whose newest refunds lack a day that an older upload's have.
    shared_numbers
        Order numbers of more than one customer.
    """

    known_orders: int = 0
    known_rows: int = 0
    not_counted: int = 0
    apart_orders: int = 0
    moved_orders: int = 0
    moved_refunds: int = 0
    shared_numbers: int = 0

    def warnings(self) -> tuple[str, ...]:
        """Return what the owner should know, a sentence each."""
        facts = (
            (
                self.shared_numbers,
                "{} used by more than one customer, and count as orders of each: where numbers "
                "start again in each register or year, put its name before them",
            ),
            (
                self.apart_orders,
                f"{{}} used again by the same customer more than {DAYS_APART} days later: the "
                "money of both orders counts, as one order",
            ),
            (
                self.moved_orders,
                "{} known with another date: the newest upload's lines count. Where these are "
                "different orders, give them different numbers",
            ),
            (
                self.moved_refunds,
                "{} refunded on other days in an older upload: the newest upload's refunds count. "
                "Let an upload repeat the earlier refunds of its orders",
            ),
        )
        return tuple(text.format(_numbers(count)) for count, text in facts if count)


def _numbers(count: int) -> str:
    return f"{count:,} order number{' is' if count == 1 else 's are'}"


def may_share_orders(uploads: Sequence[HeldOrders]) -> bool:
    """Return whether more than one upload has order ids."""
    return sum(upload.order_ids != 0 for upload in uploads) > 1


def overlapping(uploads: Sequence[HeldOrders]) -> list[tuple[dt.datetime, dt.datetime]]:
    """Return the times of which more than one upload has events, both ends included."""
    spans = sorted(
        (upload.first, upload.last) for upload in uploads if upload.first and upload.last
    )
    shared: list[tuple[dt.datetime, dt.datetime]] = []
    known_until: dt.datetime | None = None
    for first, last in spans:
        if known_until is not None and first <= known_until:
            end = min(last, known_until)
            if shared and first <= shared[-1][1]:
                shared[-1] = (shared[-1][0], max(shared[-1][1], end))
            else:
                shared.append((first, end))
        known_until = last if known_until is None else max(known_until, last)
    return shared


def newness(uploads: Sequence[HeldOrders]) -> list[int]:
    """Return each upload's place in the order in which their present content came, from 0.

    Parameters
    ----------
    uploads
        In the order in which they first came.
    """
    places = sorted(range(len(uploads)), key=lambda rank: (uploads[rank].stored_at, rank))
    return [places.index(rank) for rank in range(len(uploads))]


def order_lines(events: str) -> str:
    """Return the query for ``order_lines``: what orders that several uploads have are made of.

    Parameters
    ----------
    events
        A relation with EVENTS' columns, ``upload_rank`` (the order in which uploads first came)
        and ``newness`` (the order in which their present content came).
    """
    return _ORDER_LINES.format(events=events)


def equal_rows(events: str, *, times: Iterable[tuple[dt.datetime, dt.datetime]]) -> str:
    """Return the query for ``equal_rows``: rows that several uploads have, with those to keep.

    Parameters
    ----------
    events
        As for ``order_lines``.
    times
        As ``overlapping`` returns them, at least one.
    """
    between = " OR ".join(
        f"occurred_at BETWEEN {_literal(first)} AND {_literal(last)}" for first, last in times
    )
    return _EQUAL_ROWS.format(events=events, overlapping=between)


def counted(events: str, *, orders: bool, rows: bool) -> str:
    """Return the query for the events that count, by the rules that are needed.

    Parameters
    ----------
    events
        As for ``order_lines``.
    orders, rows
        Whether there is a relation ``order_lines``, and one ``equal_rows``.
    """
    conditions = [*([_NOT_REPLACED] if orders else []), *([_NOT_EQUAL] if rows else [])]
    columns = ", ".join(f"e.{name}" for name in COLUMNS.split(", "))
    kept = _KEPT_OF_EQUAL.format(events=events) if rows else ""
    where = " AND ".join(conditions) or "1 = 1"
    return f"SELECT {columns} FROM {events} AS e WHERE {where}{kept}"  # noqa: S608


def known_orders(*, rank: int, newness: int, orders: bool, rows: bool) -> list[str]:
    """Return queries that add up to the orders of an upload that other uploads have too."""
    with_ids = [_KNOWN_ORDERS.format(newness=newness)] if orders else []
    without = [_KNOWN_INSTANTS.format(rank=rank)] if rows else []
    return [*with_ids, *without]


def orders_apart() -> str:
    """Return the query for how many order numbers a customer has for different orders."""
    return _ORDERS_APART


def orders_moved() -> str:
    """Return the query for how many orders have another date in an older upload."""
    return _ORDERS_MOVED.format(kind=_SALE)


def refunds_moved() -> str:
    """Return the query for how many orders have refunds of another date in an older upload."""
    return _ORDERS_MOVED.format(kind=_RETURN)


def shared_numbers(events: str) -> str:
    """Return the query for how many order numbers more than one customer has."""
    return _SHARED_NUMBERS.format(events=events)


def _literal(instant: dt.datetime) -> str:
    return f"TIMESTAMP '{instant.astimezone(dt.UTC).replace(tzinfo=None)}'"
