"""SQL over customers' purchase days: how far they go back, and cohorts.

Both read CUSTOMER_DAYS (see ``fold``), on DuckDB and Spark alike.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from tessera.contracts.tables import COHORTS
from tessera.records.runs.prepare import Cohort

_COHORTS = """
WITH months AS (
    SELECT customer_key, net,
        EXTRACT(YEAR FROM day) * 12 + EXTRACT(MONTH FROM day) - 1 AS month
    FROM (
        SELECT customer_key, net, DATE '{as_of}' - days_ago AS day FROM {days} WHERE bought = 1
    ) AS dated
),
firsts AS (SELECT customer_key, MIN(month) AS cohort FROM months GROUP BY customer_key)
SELECT CAST(cohort AS INT) AS cohort, CAST(month - cohort AS INT) AS months_later,
    COUNT(DISTINCT months.customer_key) AS customers,
    CAST(SUM(net) AS DECIMAL(38, 4)) AS spend
FROM months JOIN firsts ON months.customer_key = firsts.customer_key
GROUP BY cohort, month
ORDER BY cohort, month"""


def span(days: str) -> str:
    """Return the query for the days from the first purchase of all customers to as_of, or 0."""
    return f"SELECT COALESCE(MAX(days_ago), 0) FROM {days} WHERE bought = 1"  # noqa: S608


def cohorts(days: str, *, as_of: dt.date) -> str:
    """Return the query for COHORTS: who of a month's new buyers buys again how much later.

    ``cohort`` is the month of the first purchase, as 12 * year + month - 1.
    """
    return _COHORTS.format(days=days, as_of=as_of)


def cohort_records(rows: Iterable[Sequence[Any]]) -> tuple[Cohort, ...]:
    """Return the rows of ``cohorts`` as prepare.json has them, money as text."""
    named = (dict(zip(COHORTS.names, row, strict=True)) for row in rows)
    return tuple(Cohort(**{**row, "spend": str(row["spend"])}) for row in named)
