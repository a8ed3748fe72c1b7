"""When customers' subscriptions began and ended, from their events, as one SQL text.

DuckDB and Spark run the same text (see ``tessera.customers.summary``).
"""

from __future__ import annotations

from collections.abc import Callable

from tessera.customers.summary import Period
from tessera.events.names import CANCELLED, SUBSCRIBED

# What names neither money nor an order cancels a subscription, see names.may_lack_money. Few
# events are of either kind, so they are picked before anything is compared.
_SUBSCRIPTIONS = """
WITH marked AS (
    SELECT customer_key, event, occurred_at,
        MAX(CASE WHEN event = '{subscribed}' THEN occurred_at END)
            OVER (PARTITION BY customer_key) AS begun_at
    FROM {events}
    WHERE (event = '{subscribed}' OR event = '{cancelled}' AND amount = 0 AND order_id IS NULL)
        AND {in_period}
),
latest AS (
    SELECT customer_key, begun_at,
        MIN(CASE WHEN event = '{cancelled}' AND occurred_at >= begun_at THEN occurred_at END)
            AS ended_at
    FROM marked WHERE begun_at IS NOT NULL GROUP BY customer_key, begun_at
)
SELECT customer_key, CAST({begun_days_ago} AS INT) AS begun_days_ago,
    CAST({ended_days_ago} AS INT) AS ended_days_ago
FROM latest"""


def subscriptions(events: str, *, period: Period, days_until_as_of: Callable[[str], str]) -> str:
    """Return the query that folds events to SUBSCRIPTIONS, one row a subscriber, in any order.

    Parameters
    ----------
    events
        A relation with EVENTS' columns.
    period
        Events outside it don't count: who subscribed before it began has no row.
    days_until_as_of
        SQL for the calendar days from the local day of an instant (a SQL name) to as_of.

    Notes
    -----
    Who subscribed more than once has the latest subscription's row. It ends with the first
    CANCELLED at or after its beginning that carries neither money nor an order.
    """
    return _SUBSCRIPTIONS.format(
        events=events,
        in_period=period.contains,
        subscribed=SUBSCRIBED,
        cancelled=CANCELLED,
        begun_days_ago=days_until_as_of("begun_at"),
        ended_days_ago=days_until_as_of("ended_at"),
    )
