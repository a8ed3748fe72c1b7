"""What customers had looked at before some days, from LOOK_DAYS, as one SQL text.

DuckDB and Spark run the same SQL.
"""

from __future__ import annotations

SEEN_BEFORE = ("views_30d", "sessions_30d", "last_view_days")  # what ``looks_before`` counts
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
