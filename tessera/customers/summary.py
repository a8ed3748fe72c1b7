"""The customer summary, events folded to one row a customer, as one SQL text.

DuckDB and Spark run the same text, with UTC as the session's time zone. Only the number of calendar
days between an instant and as_of is written differently. Each engine passes its own.
"""

from __future__ import annotations

import calendar
import dataclasses
import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from tessera.contracts.tables import EVENTS
from tessera.events.names import (
    EMAIL_READS,
    PURCHASED,
    SUBSCRIPTIONS,
    WITHOUT_MONEY,
)
from tessera.events.products import PRODUCT
from tessera.records.products import Products
from tessera.records.runs.prepare import Cohort, ForecastSample, Summary

HISTORY = (*EVENTS.names, "upload_rank")  # the columns of an event in a history
# NULL comes last in one engine and first in the other.
BY_PRODUCT = ", ".join(f"COALESCE({name}, '')" for name in PRODUCT)
# An earlier upload's event wins over a later one's with the same id. The rest of the order only
# makes the choice the same for any order of rows.
_ONE_PER_EVENT_ID = """
SELECT {columns}
FROM {events} WHERE event_id IS NULL
UNION ALL
SELECT {columns}
FROM (
    SELECT *, ROW_NUMBER() OVER (
        PARTITION BY event_id
        ORDER BY upload_rank, occurred_at, customer_key, event, amount, order_id, {product}
    ) AS place
    FROM {events} WHERE event_id IS NOT NULL
) AS numbered
WHERE place = 1"""

# A subscription that began or went on without money on its row is no order.
IS_ORDER = f"(event = '{PURCHASED}' OR event IN {SUBSCRIPTIONS} AND amount > 0)"

_LATELY_DAYS = 30  # of views and e-mails

# bought is 1 or 0 and not a truth value: both engines add it up.
_CUSTOMER_DAYS = """
SELECT customer_key, CAST({days_ago} AS INT) AS days_ago,
    CAST(MAX(CASE WHEN {is_order} THEN 1 ELSE 0 END) AS INT) AS bought,
    CAST(SUM(amount) AS DECIMAL(18, 4)) AS net,
    COUNT(CASE WHEN {is_order} THEN 1 END) AS lines
FROM {events} WHERE event NOT IN {without_money} AND {in_period}
GROUP BY customer_key, {days_ago}"""

_SUMMARY = """
WITH orders AS (
    SELECT customer_key, MIN(occurred_at) AS first_at, MAX(occurred_at) AS last_at
    FROM {events} WHERE {is_order} AND {in_period}
    GROUP BY customer_key, order_id, CASE WHEN order_id IS NULL THEN occurred_at END
),
buyers AS (
    SELECT customer_key, MIN(first_at) AS first_purchase_at, MAX(last_at) AS last_purchase_at,
        COUNT(*) AS frequency
    FROM orders GROUP BY customer_key
),
purchase_days AS (
    SELECT *, CAST(days_ago - LAG(days_ago) OVER (
        PARTITION BY customer_key ORDER BY days_ago
    ) AS BIGINT) AS gap
    FROM {customer_days} WHERE bought = 1
),
days AS (
    SELECT customer_key, COUNT(*) AS purchase_days, MIN(days_ago) AS recency_days,
        MAX(days_ago) AS tenure_days, MAX_BY(net, days_ago) AS first_day_monetary,
        MIN_BY(net, days_ago) AS last_day_monetary, SUM(gap * gap) AS gap_squares,
        SUM(lines) AS lines, COUNT(CASE WHEN days_ago <= 30 THEN 1 END) AS purchase_days_30d,
        COUNT(CASE WHEN days_ago <= 90 THEN 1 END) AS purchase_days_90d,
        COUNT(CASE WHEN days_ago <= 180 THEN 1 END) AS purchase_days_180d
    FROM purchase_days GROUP BY customer_key
),
everybody AS (
    SELECT customer_key, MAX(occurred_at) AS last_event_at, SUM(amount) AS monetary,
        COUNT(*) AS events,
        COUNT(read_at) AS emails_read,
        COUNT(CASE WHEN read_at >= {lately} THEN 1 END) AS emails_30d,
        MAX(read_at) AS last_email_at
    FROM (
        SELECT *, CASE WHEN event IN {email_reads} THEN occurred_at END AS read_at
        FROM {events} WHERE {in_period}
    ) AS counted GROUP BY customer_key
),
looked AS (
    SELECT customer_key, SUM(views) AS views, SUM(visits) AS visits, SUM(sessions) AS sessions,
        SUM(CASE WHEN days_ago <= {lately_days} THEN views END) AS views_30d,
        SUM(CASE WHEN days_ago <= {lately_days} THEN visits END) AS visits_30d,
        SUM(CASE WHEN days_ago <= {lately_days} THEN sessions END) AS sessions_30d,
        MIN(days_ago) AS last_view_days
    FROM {looks} GROUP BY customer_key
)
SELECT everybody.customer_key, first_purchase_at, last_purchase_at, last_event_at, recency_days,
    CAST(COALESCE(frequency, 0) AS BIGINT) AS frequency,
    CAST(monetary AS DECIMAL(18, 4)) AS monetary,
    tenure_days,
    CAST(COALESCE(views, 0) AS BIGINT) AS views,
    CAST(events AS BIGINT) AS events,
    CAST(COALESCE(purchase_days, 0) AS BIGINT) AS purchase_days,
    CAST(COALESCE(first_day_monetary, 0) AS DECIMAL(18, 4)) AS first_day_monetary,
    CAST(COALESCE(last_day_monetary, 0) AS DECIMAL(18, 4)) AS last_day_monetary,
    CAST(COALESCE(gap_squares, 0) AS BIGINT) AS gap_squares,
    CAST(COALESCE(lines, 0) AS BIGINT) AS lines,
    CAST(COALESCE(purchase_days_30d, 0) AS BIGINT) AS purchase_days_30d,
    CAST(COALESCE(purchase_days_90d, 0) AS BIGINT) AS purchase_days_90d,
    CAST(COALESCE(purchase_days_180d, 0) AS BIGINT) AS purchase_days_180d,
    CAST(COALESCE(visits, 0) AS BIGINT) AS visits,
    CAST(COALESCE(visits_30d, 0) AS BIGINT) AS visits_30d,
    CAST(COALESCE(views_30d, 0) AS BIGINT) AS views_30d,
    CAST(COALESCE(sessions, 0) AS BIGINT) AS sessions,
    CAST(COALESCE(sessions_30d, 0) AS BIGINT) AS sessions_30d,
    last_view_days,
    CAST(emails_read AS BIGINT) AS emails_read,
    CAST(emails_30d AS BIGINT) AS emails_30d,
    CAST({last_email_days} AS INT) AS last_email_days
FROM everybody
LEFT JOIN buyers ON everybody.customer_key = buyers.customer_key
LEFT JOIN days ON everybody.customer_key = days.customer_key
LEFT JOIN looked ON everybody.customer_key = looked.customer_key"""

_FEATURES = """
SELECT recency_days, frequency, monetary, COUNT(*) AS customers
FROM {customers} WHERE frequency > 0
GROUP BY recency_days, frequency, monetary
ORDER BY recency_days, frequency, monetary"""


_TOTALS = """
SELECT COUNT(*), COUNT(*) FILTER (WHERE frequency > 0), COUNT(*) FILTER (WHERE frequency > 1),
    COALESCE(SUM(frequency), 0),
    CAST(CAST(COALESCE(SUM(monetary), 0) AS DECIMAL(38, 4)) AS STRING)
FROM {customers}"""


_SECOND_ORDERS = """
WITH firsts AS (
    SELECT customer_key, MAX(days_ago) AS first_days_ago
    FROM {customer_days} WHERE bought = 1 GROUP BY customer_key
)
SELECT MEDIAN(waited_days) FROM (
    SELECT MAX(first_days_ago) - MAX(days_ago) AS waited_days
    FROM {customer_days} AS days JOIN firsts ON days.customer_key = firsts.customer_key
    WHERE bought = 1 AND days_ago < first_days_ago
    GROUP BY days.customer_key
) AS waits"""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Period:
    """The days that count.

    Parameters
    ----------
    as_of
        The day that the summary describes. Its midnight ends the period.
    window_months
        How many months before as_of begin it. 0 for no beginning.
    time_zone
        Says when a day begins.
    known_until
        A day before as_of from which on nothing is known yet. By default as_of itself.
    """

    as_of: dt.date
    window_months: int
    time_zone: str
    known_until: dt.date | None = None

    @property
    def end(self) -> dt.datetime:
        """The first instant that no longer counts, in UTC."""
        return _midnight(self.known_until or self.as_of, self.time_zone)

    @property
    def start(self) -> dt.datetime | None:
        """The first instant that counts, in UTC. None when everything before ``end`` does."""
        if not self.window_months:
            return None
        return _midnight(_months_before(self.as_of, self.window_months), self.time_zone)

    @property
    def ended(self) -> str:
        """SQL that holds for an event after the period."""
        return f"occurred_at >= {sql_instant(self.end)}"

    @property
    def not_begun(self) -> str:
        """SQL that holds for an event before the period."""
        return "1 = 0" if self.start is None else f"occurred_at < {sql_instant(self.start)}"

    @property
    def contains(self) -> str:
        """SQL that holds for an event in the period."""
        return f"NOT ({self.ended}) AND NOT ({self.not_begun})"

    def since(self, days: int) -> str:
        """Return SQL for the instant at which the last so many calendar days began."""
        return sql_instant(_midnight(self.as_of - dt.timedelta(days=days), self.time_zone))


def sql_instant(instant: dt.datetime) -> str:
    """Return an instant as SQL, in UTC as all sessions are."""
    return f"TIMESTAMP '{instant.astimezone(dt.UTC).replace(tzinfo=None)}'"


def day_after(instant: dt.datetime, *, time_zone: str) -> dt.date:
    """Return the day after the one that an instant falls on: as_of when nobody names it."""
    return instant.astimezone(_zone(time_zone)).date() + dt.timedelta(days=1)


def one_per_event_id(events: str) -> str:
    """Return the query for ``events`` with each event_id once. Rows without one are all kept.

    Parameters
    ----------
    events
        A relation with EVENTS' columns and ``upload_rank``, the order in which uploads came.
    """
    return _ONE_PER_EVENT_ID.format(events=events, columns=", ".join(HISTORY), product=BY_PRODUCT)


def customer_days(events: str, *, period: Period, days_until_as_of: Callable[[str], str]) -> str:
    """Return the query that folds events to CUSTOMER_DAYS, one row a customer and day with money.

    Parameters
    ----------
    events
        A relation with EVENTS' columns.
    period
        Events outside it don't count.
    days_until_as_of
        SQL for the calendar days from the local day of an instant (a SQL name) to as_of.
    """
    return _CUSTOMER_DAYS.format(
        events=events,
        in_period=period.contains,
        is_order=IS_ORDER,
        without_money=WITHOUT_MONEY,
        days_ago=days_until_as_of("occurred_at"),
    )


def customer_summary(
    events: str, *, days: str, looks: str, period: Period, days_until_as_of: Callable[[str], str]
) -> str:
    """Return the query that folds events to CUSTOMERS, one row a customer, in any order.

    Parameters
    ----------
    events
        A relation with EVENTS' columns.
    days, looks
        Their CUSTOMER_DAYS and LOOK_DAYS in the same period.
    period
        Events outside it don't count.
    days_until_as_of
        As in ``customer_days``.

    Notes
    -----
    An order is one order_id, or without it one instant of a customer, of a purchase or of a
    subscription's payment. Refunds, cancellations and returns move money and never count. Amounts
    are decimals, so sums are exact in any order.
    """
    return _SUMMARY.format(
        events=events,
        customer_days=days,
        in_period=period.contains,
        is_order=IS_ORDER,
        looks=looks,
        email_reads=EMAIL_READS,
        lately=period.since(_LATELY_DAYS),
        lately_days=_LATELY_DAYS,
        last_email_days=days_until_as_of("last_email_at"),
    )


def features(customers: str) -> str:
    """Return the query that folds CUSTOMERS to FEATURES: buyers' distinct values, weighted."""
    return _FEATURES.format(customers=customers)


def totals(customers: str) -> str:
    """Return the query for what CUSTOMERS add up to: one row, see ``summary_record``."""
    return _TOTALS.format(customers=customers)


def second_orders(days: str) -> str:
    """Return the query for the median of days from a first purchase day to the second one.

    Parameters
    ----------
    days
        A relation with CUSTOMER_DAYS' columns. NULL if nobody in it has two purchase days.
    """
    return _SECOND_ORDERS.format(customer_days=days)


def summary_record(
    totals_row: Sequence[Any],
    *,
    holdout_days: int | None,
    cohorts: tuple[Cohort, ...],
    second_order: float | None,
    sampled: int,
    products: Products | None,
) -> Summary:
    """Return the totals of a run as its records have them.

    Parameters
    ----------
    totals_row
        The row of ``totals``. Its money becomes text, in cents where they suffice.
    holdout_days, cohorts
        As in the record.
    second_order
        The result of ``second_orders``.
    sampled
        How many of the buyers BEHAVIOUR_DAYS has.
    products
        As in the record.
    """
    customers, buyers, repeat_buyers, orders, money = totals_row
    return Summary(
        customers=int(customers),
        buyers=int(buyers),
        orders=int(orders),
        monetary=str(money).removesuffix("00"),
        holdout_days=holdout_days,
        cohorts=cohorts,
        repeat_buyers=int(repeat_buyers),
        median_days_to_second_order=None if second_order is None else float(second_order),
        forecast_sample=ForecastSample(customers=sampled, of=int(buyers)),
        products=products,
    )


def duckdb_days(period: Period) -> Callable[[str], str]:
    """Return ``days_until_as_of`` for DuckDB."""
    return lambda instant: (
        f"date_diff('day', CAST(timezone('{period.time_zone}', {instant}) AS DATE), "
        f"DATE '{period.as_of}')"
    )


def spark_days(period: Period) -> Callable[[str], str]:
    """Return ``days_until_as_of`` for Spark."""
    return lambda instant: (
        f"datediff(DATE '{period.as_of}', "
        f"to_date(from_utc_timestamp({instant}, '{period.time_zone}')))"
    )


def _midnight(day: dt.date, time_zone: str) -> dt.datetime:
    local = dt.datetime.combine(day, dt.time(), tzinfo=_zone(time_zone))
    return local.astimezone(dt.UTC)


def _zone(time_zone: str) -> dt.tzinfo:
    return dt.UTC if time_zone == "UTC" else ZoneInfo(time_zone)


def _months_before(day: dt.date, months: int) -> dt.date:
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
