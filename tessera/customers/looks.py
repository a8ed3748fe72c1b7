"""What customers looked at by day, and their sessions: LOOK_DAYS, as one SQL text.

DuckDB and Spark run the same SQL.
"""

from __future__ import annotations

from collections.abc import Callable

from tessera.customers.summary import Period
from tessera.events.names import LOOKS, VIEWED

SEEN_BEFORE = ("views_30d", "sessions_30d", "last_view_days")  # what ``looks_before`` counts
SESSION_MINUTES = 30  # without a look, after which the next one begins a session

# Looks within half an hour of the clock are at most 30 minutes apart, so they are one session.
# Folding them first leaves few rows to sort, however many clicks there are.
_LOOK_DAYS = """
SELECT customer_key, days_ago, CAST(SUM(views) AS BIGINT) AS views,
    CAST(SUM(visits) AS BIGINT) AS visits,
    COUNT(CASE WHEN earlier_at IS NULL OR first_at >= earlier_at + INTERVAL '{minutes}' MINUTE
        THEN 1 END) AS sessions
FROM (
    SELECT *, LAG(last_at) OVER (PARTITION BY customer_key ORDER BY first_at) AS earlier_at
    FROM (
        SELECT customer_key, days_ago, MIN(occurred_at) AS first_at, MAX(occurred_at) AS last_at,
            COUNT(CASE WHEN event = '{viewed}' THEN 1 END) AS views, COUNT(*) AS visits
        FROM (
            SELECT customer_key, event, occurred_at, CAST({days_ago} AS INT) AS days_ago,
                date_trunc('hour', occurred_at) AS clock_hour,
                CASE WHEN minute(occurred_at) < {minutes} THEN 0 ELSE 1 END AS clock_half
            FROM {events} WHERE event IN {looks} AND {in_period}
        ) AS looked
        GROUP BY customer_key, days_ago, clock_hour, clock_half
    ) AS halves
) AS ordered
GROUP BY customer_key, days_ago"""

# Rows of LOOK_DAYS and the asked-for days in one order. Days count backwards from as_of, so days
# before another have larger numbers.
_LOOKS_BEFORE = """
SELECT customer_key, days_ago, COALESCE(views_30d, 0) AS views_30d,
    COALESCE(sessions_30d, 0) AS sessions_30d, latest - days_ago AS last_view_days
FROM (
    SELECT customer_key, days_ago, asked, CAST(SUM(views) OVER month AS BIGINT) AS views_30d,
        CAST(SUM(sessions) OVER month AS BIGINT) AS sessions_30d,
        MIN(looked) OVER before AS latest
    FROM (
        SELECT customer_key, days_ago, views, sessions, days_ago AS looked, 0 AS asked FROM {looks}
        UNION ALL
        SELECT customer_key, days_ago, 0 AS views, 0 AS sessions, CAST(NULL AS INT) AS looked,
            1 AS asked
        FROM {rows}
    ) AS together
    WINDOW month AS (
        PARTITION BY customer_key ORDER BY days_ago RANGE BETWEEN 1 FOLLOWING AND 30 FOLLOWING
    ), before AS (
        PARTITION BY customer_key ORDER BY days_ago
        RANGE BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING
    )
) AS counted
WHERE asked = 1"""

_NO_LOOKS = """(
SELECT customer_key, days_ago, lines AS views, lines AS visits, lines AS sessions
FROM {days} WHERE 1 = 0)"""


def look_days(events: str, *, period: Period, days_until_as_of: Callable[[str], str]) -> str:
    """Return the query that folds events to LOOK_DAYS, in any order.

    Parameters
    ----------
    events
        A relation with EVENTS' columns.
    period
        Events outside it don't count.
    days_until_as_of
        As in ``customer_days``.

    Notes
    -----
    A look is a VIEWED or a SESSION event. The first look begins a session, and so does each that
    comes 30 minutes or more after the one before it. A session counts on the local day on which
    it began, so later looks never change the sessions of earlier days.
    """
    return _LOOK_DAYS.format(
        events=events,
        in_period=period.contains,
        looks=LOOKS,
        viewed=VIEWED,
        minutes=SESSION_MINUTES,
        days_ago=days_until_as_of("occurred_at"),
    )


def no_looks(days: str) -> str:
    """Return a LOOK_DAYS without rows, for a summary whose looks nobody reads.

    Parameters
    ----------
    days
        A relation with CUSTOMER_DAYS' columns.
    """
    return _NO_LOOKS.format(days=days)


def looks_before(looks: str, *, rows: str) -> str:
    """Return the query for what customers had looked at before some days, in any order.

    Parameters
    ----------
    looks
        A relation with LOOK_DAYS' columns.
    rows
        A relation of different ``customer_key`` and ``days_ago``, from a day to as_of.

    Notes
    -----
    Each row gets ``views_30d``, ``sessions_30d`` and ``last_view_days`` as CUSTOMERS would have
    them as of that day. Looks of the day itself don't count: what happens on it may follow from
    what is to be foretold.
    """
    return _LOOKS_BEFORE.format(looks=looks, rows=rows)
