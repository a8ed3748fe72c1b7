"""A cancelled and refunded order gives back at most what it cost, as SQL for both engines.

A file can show twice that money of one order went back: a cancellation and a refund of its full
value. What both take together is therefore at most what the order's purchase lines sold. The
earliest returns count, and later ones are cut. Refunds alone stay as they are, as a shop may give
back more than it got. So do returns of an order whose purchase is not in the history.
"""

from __future__ import annotations

from tessera.customers.orders.overlap import COLUMNS
from tessera.customers.summary import BY_PRODUCT, HISTORY
from tessera.events.names import CANCELLED, PURCHASED, REFUNDED

_IS_RETURN = "amount < 0 AND order_id IS NOT NULL"
_ORDER = "customer_key, order_id"
_UNCHANGED = ", ".join(HISTORY[HISTORY.index("order_id") :])

_RETURNS = f"SELECT {COLUMNS} FROM {{events}} WHERE {_IS_RETURN}"  # noqa: S608 (our own names)
_OVERDRAWN = f"""
WITH returned AS (
    SELECT {_ORDER}, -SUM(amount) AS back FROM {{returns}} GROUP BY {_ORDER}
    HAVING MAX(CASE WHEN event = '{CANCELLED}' THEN 1 ELSE 0 END) = 1
        AND MAX(CASE WHEN event = '{REFUNDED}' THEN 1 ELSE 0 END) = 1
),
bought AS (
    SELECT {_ORDER}, SUM(amount) AS sold FROM {{events}}
    WHERE event = '{PURCHASED}' AND amount >= 0
        AND order_id IN (SELECT order_id FROM returned)
    GROUP BY {_ORDER}
)
SELECT {_ORDER}, sold, back - sold AS excess
FROM returned JOIN bought USING ({_ORDER}) WHERE back > sold"""  # noqa: S608 (our own names)
_CUT = f"""
SELECT customer_key, event, occurred_at, CAST(CASE
        WHEN sold <= before THEN 0
        WHEN sold < before - amount THEN before - sold
        ELSE amount
    END AS DECIMAL(18, 4)) AS amount, {_UNCHANGED}
FROM (
    SELECT {COLUMNS}, sold, COALESCE(-SUM(amount) OVER (
        PARTITION BY {_ORDER} ORDER BY occurred_at, event, amount, upload_rank, {BY_PRODUCT}
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ), 0) AS before
    FROM {{returns}} JOIN {{overdrawn}} USING ({_ORDER})
) AS placed
UNION ALL
SELECT {COLUMNS} FROM {{returns}} AS back WHERE NOT EXISTS (
    SELECT 1 FROM {{overdrawn}} AS excessive
    WHERE excessive.order_id = back.order_id AND excessive.customer_key = back.customer_key
)"""  # noqa: S608 (our own names)
_HISTORY = f"""
SELECT {COLUMNS} FROM {{events}} WHERE NOT ({_IS_RETURN})
UNION ALL SELECT {COLUMNS} FROM {{cut}}"""  # noqa: S608 (our own names)


def order_returns(events: str) -> str:
    """Return the query for what takes back money of an order.

    Parameters
    ----------
    events
        A relation with EVENTS' columns and ``upload_rank``.
    """
    return _RETURNS.format(events=events)


def overdrawn_orders(events: str, *, returns: str) -> str:
    """Return the query for orders that gave back more than they sold: ``sold`` and ``excess``.

    Parameters
    ----------
    events, returns
        A relation with EVENTS' columns, and its ``order_returns``.
    """
    return _OVERDRAWN.format(events=events, returns=returns)


def cut_returns(returns: str, *, overdrawn: str) -> str:
    """Return the query for the returns as they count, those of ``overdrawn`` cut.

    Parameters
    ----------
    returns, overdrawn
        The relations of ``order_returns`` and ``overdrawn_orders``.
    """
    return _CUT.format(returns=returns, overdrawn=overdrawn)


def with_returns(events: str, *, cut: str) -> str:
    """Return the query for the events with their returns as they count.

    Parameters
    ----------
    events, cut
        A relation with EVENTS' columns, and that of ``cut_returns``.
    """
    return _HISTORY.format(events=events, cut=cut)
