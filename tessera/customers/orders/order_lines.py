"""What orders that several uploads have are made of, as SQL for both engines.

*An order exists once.* An order is a customer's order_id. The newest upload that has purchase lines
of it replaces those of the others. The same holds for what takes money back: refunds, cancellations
and lines below zero replace only such lines. An upload that shows the order as void replaces both
kinds, by nothing.

Lines of an order that are more than ``DAYS_APART`` from each other are different orders: their
numbers have started again.
"""

from __future__ import annotations

from tessera.events.names import PURCHASED, RETURNS, VOIDS

DAYS_APART = 31

SALE, RETURN = 1, 2
KIND = (
    f"CASE WHEN event = '{PURCHASED}' AND amount >= 0 THEN {SALE} "
    f"WHEN event IN {(PURCHASED, *RETURNS)} THEN {RETURN} END"
)
IS_LINE = f"order_id IS NOT NULL AND {KIND} IS NOT NULL"
IS_VOID = f"event IN {VOIDS}"
_SAME_LINES = "PARTITION BY customer_key, order_id, kind"
_ORDER = f"{_SAME_LINES}, part"

_VOIDED_ORDERS = f"""
SELECT DISTINCT customer_key, order_id, occurred_at FROM {{rows}} AS void
WHERE NOT EXISTS (
    SELECT 1 FROM (SELECT * FROM {{events}} WHERE {IS_LINE}) AS line
    WHERE line.customer_key = void.customer_key AND line.order_id = void.order_id
        AND line.occurred_at >= void.occurred_at - INTERVAL {DAYS_APART} DAY
        AND line.occurred_at <= void.occurred_at + INTERVAL {DAYS_APART} DAY
)"""  # noqa: S608 (our own names)
_VOID_LINES = """
    UNION ALL
    SELECT customer_key, order_id, kind, occurred_at, newness, TRUE AS is_void
    FROM {voided} CROSS JOIN (SELECT {sale} AS kind UNION ALL SELECT {back}) AS kinds"""

_ORDER_LINES = f"""
WITH lines AS (
    SELECT customer_key, order_id, {KIND} AS kind, occurred_at, newness, FALSE AS is_void
    FROM {{events}} WHERE {IS_LINE}
    GROUP BY customer_key, order_id, {KIND}, occurred_at, newness{{void_lines}}
),
shared AS (
    SELECT customer_key, order_id, kind FROM lines
    GROUP BY customer_key, order_id, kind HAVING MIN(newness) <> MAX(newness)
),
gaps AS (
    SELECT customer_key, order_id, kind, occurred_at, newness, is_void,
        CASE WHEN occurred_at > LAG(occurred_at) OVER ({_SAME_LINES} ORDER BY occurred_at, newness)
            + INTERVAL {DAYS_APART} DAY THEN 1 ELSE 0 END AS gap
    FROM lines JOIN shared USING (customer_key, order_id, kind)
),
parts AS (
    SELECT customer_key, order_id, kind, occurred_at, newness, is_void,
        SUM(gap) OVER ({_SAME_LINES} ORDER BY occurred_at, newness ROWS UNBOUNDED PRECEDING) AS part
    FROM gaps
)
SELECT customer_key, order_id, kind, occurred_at, newness, is_void, part,
    MIN(newness) OVER ({_ORDER}) AS oldest, MAX(newness) OVER ({_ORDER}) AS newest,
    MAX(CASE WHEN NOT is_void THEN newness END) OVER ({_ORDER}) AS newest_line,
    MAX(newness) OVER ({_ORDER}, CAST(occurred_at AS DATE)) AS newest_that_day
FROM parts"""  # noqa: S608 (our own names)

NOT_REPLACED = f"""NOT EXISTS (
    SELECT 1 FROM order_lines AS line
    WHERE line.newness < line.newest AND line.newness = e.newness AND line.order_id = e.order_id
        AND line.customer_key = e.customer_key AND line.occurred_at = e.occurred_at
        AND line.kind = {KIND}
)"""  # noqa: S608 (our own names)

_ORDERS = """
SELECT COUNT(*) FROM (
    SELECT customer_key, order_id FROM order_lines WHERE NOT is_void AND {where}
    GROUP BY customer_key, order_id HAVING {having}
) AS orders"""
_ANY = "COUNT(*) > 0"


def voided_orders(rows: str, *, events: str) -> str:
    """Return the query for the orders that an upload shows as void, as VOIDED_ORDERS.

    An order with lines that count in the same upload is not void: these lines are its state.

    Parameters
    ----------
    rows
        The upload's rows that void an order: they have a customer, an order's id and an instant.
    events
        The upload's events.
    """
    return _VOIDED_ORDERS.format(rows=rows, events=events)


def order_lines(events: str, *, voided: str = "") -> str:
    """Return the query for ``order_lines``: the lines of orders that several uploads have.

    Parameters
    ----------
    events
        A relation with EVENTS' columns, ``upload_rank`` (the order in which uploads first came)
        and ``newness`` (the order in which their present content came).
    voided
        A relation with VOIDED_ORDERS' columns and ``newness``. Empty where no upload has any.
    """
    lines = _VOID_LINES.format(voided=voided, sale=SALE, back=RETURN) if voided else ""
    return _ORDER_LINES.format(events=events, void_lines=lines)


def known_orders(*, newness: int) -> str:
    """Return the query for how many orders of an upload other uploads have too."""
    return _orders(f"kind = {SALE} AND newness = {newness} AND oldest < newest")


def orders_voided() -> str:
    """Return the query for how many orders have older lines, and are void by a newer upload."""
    return _orders("newest_line < newest")


def orders_apart() -> str:
    """Return the query for how many order numbers a customer has for different orders."""
    return _orders(f"kind = {SALE}", having="MIN(part) < MAX(part)")


def orders_moved() -> str:
    """Return the query for how many orders have another date in an older upload."""
    return _moved(SALE)


def refunds_moved() -> str:
    """Return the query for how many orders have refunds of another date in an older upload."""
    return _moved(RETURN)


def _moved(kind: int) -> str:
    return _orders(f"kind = {kind} AND newest_that_day < newest AND newest_line = newest")


def _orders(where: str, *, having: str = _ANY) -> str:
    return _ORDERS.format(where=where, having=having)
