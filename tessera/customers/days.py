"""SQL over customers' purchase days: the models' backtest, and cohorts.

Both read CUSTOMER_DAYS (see ``summary.customer_days``), on DuckDB and Spark alike.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from tessera.contracts.tables import COHORTS
from tessera.records.runs.prepare import Cohort

_ALL_DAYS = 1_000_000
_BACKTEST = """
WITH known AS (
    SELECT customer_key, SUM(bought) AS purchase_days,
        MAX(CASE WHEN bought = 1 THEN days_ago END) AS first_day,
        MIN(CASE WHEN bought = 1 THEN days_ago END) AS last_day,
        MAX_BY(net, CASE WHEN bought = 1 THEN days_ago ELSE -1 END) AS first_day_net,
        SUM(net) AS past
    FROM {days} WHERE days_ago > {holdout_days} GROUP BY customer_key
),
later AS (
    SELECT customer_key, SUM(bought) AS orders, SUM(net) AS spend
    FROM {days} WHERE days_ago <= {holdout_days} GROUP BY customer_key
),
both_sides AS (
    SELECT purchase_days - 1 AS repeats, first_day - last_day AS last_day,
        first_day - {holdout_days} AS age_days, past - first_day_net AS repeat_spend,
        past AS past_spend, COALESCE(orders, 0) AS holdout_orders,
        COALESCE(spend, 0) AS holdout_spend
    FROM known LEFT JOIN later ON known.customer_key = later.customer_key
    WHERE purchase_days > 0
)
SELECT CAST(repeats AS BIGINT) AS repeats, CAST(last_day AS INT) AS last_day,
    CAST(age_days AS INT) AS age_days,
    CAST(repeat_spend AS DECIMAL(18, 4)) AS repeat_spend,
    CAST(past_spend AS DECIMAL(18, 4)) AS past_spend,
    CAST(holdout_orders AS BIGINT) AS holdout_orders,
    CAST(holdout_spend AS DECIMAL(18, 4)) AS holdout_spend,
    COUNT(*) AS customers
FROM both_sides
GROUP BY repeats, last_day, age_days, repeat_spend, past_spend, holdout_orders, holdout_spend
ORDER BY repeats, last_day, age_days, repeat_spend, past_spend, holdout_orders, holdout_spend"""

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


def backtest(days: str, *, holdout_days: int | None) -> str:
    """Return the query that cuts CUSTOMER_DAYS in two: BACKTEST, equal customers in one row.

    Parameters
    ----------
    days
        A relation with CUSTOMER_DAYS' columns.
    holdout_days
        The last days before as_of, which the models must foretell. None holds out every day:
        then there is nobody to test a model on, and the table is empty.
    """
    held_out = _ALL_DAYS if holdout_days is None else holdout_days
    return _BACKTEST.format(days=days, holdout_days=held_out)


def cohorts(days: str, *, as_of: dt.date) -> str:
    """Return the query for COHORTS: who of a month's new buyers buys again how much later.

    ``cohort`` is the month of the first purchase, as 12 * year + month - 1.
    """
    return _COHORTS.format(days=days, as_of=as_of)


def cohort_records(rows: Iterable[Sequence[Any]]) -> tuple[Cohort, ...]:
    """Return the rows of ``cohorts`` as prepare.json has them, money as text."""
    named = (dict(zip(COHORTS.names, row, strict=True)) for row in rows)
    return tuple(Cohort(**{**row, "spend": str(row["spend"])}) for row in named)
