"""What a sample of buyers did by day: BEHAVIOUR_DAYS, which forecasts are learnt from.

DuckDB and Spark run the same SQL.
"""

from __future__ import annotations

from collections.abc import Callable

from tessera.customers.summary import Period
from tessera.events.names import EMAIL_READS

SAMPLED_BUYERS = 100_000  # at most: training learns from a third of them at six earlier days
_DIGITS = 8  # the first ones of a customer_key are those of a hash

_BUYERS = "SELECT customer_key FROM {customers} WHERE frequency > 0"
_BEHAVIOUR_DAYS = """
SELECT sampled.customer_key, days_ago, CAST(MAX(bought) AS INT) AS bought,
    CAST(SUM(net) AS DECIMAL(18, 4)) AS net, CAST(SUM(lines) AS BIGINT) AS lines,
    CAST(SUM(views) AS BIGINT) AS views, CAST(SUM(sessions) AS BIGINT) AS sessions,
    CAST(SUM(emails) AS BIGINT) AS emails
FROM (
    SELECT customer_key, days_ago, bought, net, lines, 0 AS views, 0 AS sessions, 0 AS emails
    FROM {days} WHERE bought = 1 OR net <> 0
    UNION ALL
    SELECT customer_key, days_ago, 0 AS bought, CAST(0 AS DECIMAL(18, 4)) AS net, 0 AS lines,
        visits AS views, sessions, 0 AS emails
    FROM {looks}
    UNION ALL
    SELECT customer_key, CAST({days_ago} AS INT) AS days_ago, 0 AS bought,
        CAST(0 AS DECIMAL(18, 4)) AS net, 0 AS lines, 0 AS views, 0 AS sessions, 1 AS emails
    FROM {events} WHERE event IN {email_reads} AND {in_period}
) AS seen JOIN {sampled} AS sampled ON seen.customer_key = sampled.name
GROUP BY sampled.customer_key, days_ago"""


def sampled_buyers(customers: str, *, buyers: int, limit: int = SAMPLED_BUYERS) -> str:
    """Return the query for the sampled buyers' keys in CUSTOMERS: all of at most ``limit``.

    Parameters
    ----------
    customers
        A relation with CUSTOMERS' columns. A key's first digits are a hash's, so any range of them
        is a fair sample, and the same from run to run.
    buyers
        How many buyers it has.
    limit
        About how many to choose.
    """
    if buyers <= limit:
        return _BUYERS.format(customers=customers)
    threshold = f"{limit * 16**_DIGITS // buyers:0{_DIGITS}x}"
    return f"{_BUYERS.format(customers=customers)} AND customer_key < '{threshold}'"


def behaviour_days(
    events: str,
    *,
    days: str,
    looks: str,
    sampled: str,
    period: Period,
    days_until_as_of: Callable[[str], str],
) -> str:
    """Return the query for BEHAVIOUR_DAYS, in any order.

    Parameters
    ----------
    events
        A relation with EVENTS' columns.
    days, looks
        Their CUSTOMER_DAYS and LOOK_DAYS in the same period.
    sampled
        A relation of the sampled buyers: ``name``, what events call them, and ``customer_key``.
    period
        Events outside it don't count.
    days_until_as_of
        As in ``folding.rows.event_rows``.
    """
    return _BEHAVIOUR_DAYS.format(
        events=events,
        days=days,
        sampled=sampled,
        in_period=period.contains,
        looks=looks,
        email_reads=EMAIL_READS,
        days_ago=days_until_as_of("occurred_at"),
    )
