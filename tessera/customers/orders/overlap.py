"""Which events of several uploads count, as SQL for both engines: an order once, a row once.

Two rules stand before the one of event ids, and need more than one upload.

1. *An order exists once*, by the newest upload that knows it: see ``order_lines``.
2. *A row exists once.* Rows that belong to no such order and have no event_id count as often as the
   upload that has them most often: the same customer, event, instant, amount and order_id.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal

from tessera.customers.orders import order_lines
from tessera.customers.orders.order_lines import DAYS_APART, IS_LINE
from tessera.customers.summary import BY_PRODUCT, HISTORY, IS_ORDER
from tessera.events.names import PURCHASED
from tessera.plurals import plural

COLUMNS = ", ".join(HISTORY)
_ROW = f"event_id IS NULL AND NOT ({IS_LINE})"
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

_SAME_ROW = """same.customer_key = e.customer_key AND same.event = e.event
        AND same.occurred_at = e.occurred_at AND same.amount = e.amount
        AND same.order_key = CASE WHEN e.event_id IS NULL THEN COALESCE(e.order_id, '') END"""
_NOT_EQUAL = f"NOT EXISTS (SELECT 1 FROM equal_rows AS same WHERE {_SAME_ROW})"  # noqa: S608
_KEPT_OF_EQUAL = f"""
UNION ALL
SELECT {COLUMNS} FROM (
    SELECT {{columns}}, same.kept, ROW_NUMBER() OVER (
            PARTITION BY e.customer_key, e.event, e.occurred_at, e.amount, e.order_id, e.upload_rank
            ORDER BY {BY_PRODUCT}
        ) AS copy
    FROM {{events}} AS e JOIN equal_rows AS same
        ON {_SAME_ROW} AND same.upload_rank = e.upload_rank
) AS numbered
WHERE copy <= kept"""  # noqa: S608 (our own names)

_KNOWN_INSTANTS = f"""
SELECT COUNT(*) FROM (
    SELECT DISTINCT customer_key, occurred_at FROM equal_rows
    WHERE upload_rank = {{rank}} AND order_key = '' AND {IS_ORDER}
) AS once"""  # noqa: S608 (our own names)
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
    voided
        How many orders it shows as void.
    """

    order_ids: int | None
    first: dt.datetime | None
    last: dt.datetime | None
    stored_at: str
    voided: int = 0


@dataclasses.dataclass(frozen=True, kw_only=True)
class Overlap:
    """How far the uploads of a history overlap, and which orders gave back too much.

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
    voided_orders
        Orders whose older lines no longer count: a newer upload shows the order as void.
    shared_numbers
        Order numbers of more than one customer.
    overdrawn_orders, overdrawn
        Orders whose returns exceed what they sold, and the money that does not count so.
    """

    known_orders: int = 0
    known_rows: int = 0
    not_counted: int = 0
    apart_orders: int = 0
    moved_orders: int = 0
    moved_refunds: int = 0
    voided_orders: int = 0
    shared_numbers: int = 0
    overdrawn_orders: int = 0
    overdrawn: Decimal = Decimal(0)

    def warnings(self) -> tuple[str, ...]:
        """Return what the owner should know, a sentence each."""
        facts = (
            (
                self.shared_numbers,
                "{} used by more than one customer, and count as orders of each: where numbers "
                "start again in each register or year, put its name before them",
            ),
            (
                self.voided_orders,
                "{} cancelled, refunded, unpaid or for a test in a newer upload: their older lines "
                "no longer count",
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
        by_number = (text.format(_numbers(count)) for count, text in facts if count)
        return (*by_number, *self._overdrawn())

    def _overdrawn(self) -> tuple[str, ...]:
        if not self.overdrawn_orders:
            return ()
        pronoun, together = ("it", "") if self.overdrawn_orders == 1 else ("they", " together")
        money = f"{self.overdrawn:,.4f}".removesuffix("00")
        return (
            f"{plural(self.overdrawn_orders, 'order')} gave back more than {pronoun} cost, by "
            f"{money}{together}: a cancellation and a refund of one order count once",
        )


def _numbers(count: int) -> str:
    return plural(count, "order number is", "order numbers are")


def may_share_orders(uploads: Sequence[HeldOrders]) -> bool:
    """Return whether more than one upload has order ids."""
    return sum(upload.order_ids != 0 or upload.voided > 0 for upload in uploads) > 1


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


def equal_rows(events: str, *, times: Iterable[tuple[dt.datetime, dt.datetime]]) -> str:
    """Return the query for ``equal_rows``: rows that several uploads have, with those to keep.

    Parameters
    ----------
    events
        As for ``order_lines.order_lines``.
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
        As for ``order_lines.order_lines``.
    orders, rows
        Whether there is a relation ``order_lines``, and one ``equal_rows``.
    """
    conditions = [*([order_lines.NOT_REPLACED] if orders else []), *([_NOT_EQUAL] if rows else [])]
    columns = ", ".join(f"e.{name}" for name in HISTORY)
    kept = _KEPT_OF_EQUAL.format(events=events, columns=columns) if rows else ""
    where = " AND ".join(conditions) or "1 = 1"
    return f"SELECT {columns} FROM {events} AS e WHERE {where}{kept}"  # noqa: S608


def known_orders(*, rank: int, newness: int, orders: bool, rows: bool) -> list[str]:
    """Return queries that add up to the orders of an upload that other uploads have too."""
    with_ids = [order_lines.known_orders(newness=newness)] if orders else []
    without = [_KNOWN_INSTANTS.format(rank=rank)] if rows else []
    return [*with_ids, *without]


def shared_numbers(events: str) -> str:
    """Return the query for how many order numbers more than one customer has."""
    return _SHARED_NUMBERS.format(events=events)


def _literal(instant: dt.datetime) -> str:
    return f"TIMESTAMP '{instant.astimezone(dt.UTC).replace(tzinfo=None)}'"
