"""What a customer summary counts, and what it comes to: SQL around ``folding``.

DuckDB and Spark run the same texts, with UTC as the session's time zone. Only the number of
calendar days between an instant and as_of is written differently. Each engine passes its own.
"""

from __future__ import annotations

import calendar
import dataclasses
import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from tessera.contracts.tables import EVENTS
from tessera.events.names import PURCHASED, SUBSCRIPTIONS
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
    if period.time_zone == "UTC":  # the engine's way through a zone takes ten times as long
        return lambda instant: (
            f"date_diff('day', CAST(make_timestamp(epoch_us({instant})) AS DATE), "
            f"DATE '{period.as_of}')"
        )
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
