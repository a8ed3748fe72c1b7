"""From history to the customer summary and what is folded beside it, by the shared SQL texts."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
from collections.abc import Iterator
from typing import Any

from pyspark import StorageLevel
from pyspark.sql import DataFrame, SparkSession

from adapters.engines.spark_tables import Written, read_tables, sql_schema, write_tables
from adapters.objects import Objects
from adapters.prepare.previous import PreviousRun
from tessera.contracts.table import Table
from tessera.contracts.tables import (
    BACKTEST,
    COHORTS,
    CUSTOMERS,
    FEATURES,
    PREVIOUS,
    PROFILES,
)
from tessera.customers import comparison
from tessera.customers.days import backtest, cohorts
from tessera.customers.report_card.split import holdout_days
from tessera.customers.summary import (
    Period,
    customer_days,
    customer_summary,
    features,
    spark_days,
)

_ALL_DAYS = 1_000_000
_PUBLISHED = ("customer_key", "segment")


@dataclasses.dataclass(frozen=True, kw_only=True)
class SparkSummary:
    """What was written, and what prepare.json says of it."""

    outputs: list[Written]
    record: dict[str, Any]


def write_summary(
    session: SparkSession, *, period: Period, to: Objects, prefixes: dict[str, str]
) -> SparkSummary:
    """Write CUSTOMERS, FEATURES and BACKTEST, sorted; the view ``customers`` stays.

    Parameters
    ----------
    prefixes
        Where each goes, by its table's name.
    """
    outputs: list[Written] = []

    def write(frame: DataFrame, contract: Table, *, by: tuple[str, ...], rows: int) -> None:
        at = prefixes[contract.name]
        outputs.extend(write_tables(frame, to=to, prefix=at, contract=contract, by=by, rows=rows))

    days = customer_days("history", period=period, days_until_as_of=spark_days(period))
    with kept(session, "customer_days", days):
        summary = customer_summary("history", days="customer_days", period=period)
        session.sql(summary).persist(StorageLevel.MEMORY_AND_DISK).createOrReplaceTempView(
            "customers"
        )
        totals = _totals(session)
        write(session.table("customers"), CUSTOMERS, by=CUSTOMERS.key, rows=totals["customers"])
        distinct = session.sql(features("customers")).persist(StorageLevel.MEMORY_AND_DISK)
        write(distinct, FEATURES, by=FEATURES.key, rows=distinct.count())
        span = session.sql(
            "SELECT COALESCE(max(days_ago), 0) FROM customer_days WHERE bought = 1"
        ).first()
        held_out = holdout_days(span[0] if span else 0)
        cut = backtest("customer_days", holdout_days=_ALL_DAYS if held_out is None else held_out)
        frame = session.sql(cut).persist(StorageLevel.MEMORY_AND_DISK)
        write(frame, BACKTEST, by=BACKTEST.names[:-1], rows=frame.count())
        found = session.sql(cohorts("customer_days", as_of=period.as_of)).collect()
    record = {
        **totals,
        "holdout_days": held_out,
        "cohorts": [
            {**dict(zip(COHORTS.names[:3], row[:3], strict=True)), "spend": str(row[3])}
            for row in sorted(found)
        ],
    }
    return SparkSummary(outputs=outputs, record=record)


@contextlib.contextmanager
def kept(session: SparkSession, name: str, query: str) -> Iterator[DataFrame]:
    """Keep a query's rows for a while, as a view."""
    frame = session.sql(query).persist(StorageLevel.MEMORY_AND_DISK)
    frame.createOrReplaceTempView(name)
    try:
        yield frame
    finally:
        session.catalog.dropTempView(name)
        frame.unpersist()


def _totals(session: SparkSession) -> dict[str, Any]:
    row = session.sql(
        """SELECT count(*), count(*) FILTER (WHERE frequency > 0), COALESCE(sum(frequency), 0),
        CAST(CAST(COALESCE(sum(monetary), 0) AS DECIMAL(38, 4)) AS STRING) FROM customers"""
    ).first()
    assert row is not None  # noqa: S101 (an aggregate has one row)
    money = str(row[3])
    return {
        "customers": int(row[0]),
        "buyers": int(row[1]),
        "orders": int(row[2]),
        "monetary": money.removesuffix("00") if money.endswith("00") else money,
    }


def write_previous(
    session: SparkSession, before: PreviousRun | None, *, as_of: dt.date, to: Objects, prefix: str
) -> None:
    """Write PREVIOUS: everyone of either run, with today's history at the moments between them.

    Parameters
    ----------
    before
        The previous run; without one the table is empty.
    as_of
        The present day; this run's customers are in the view ``customers``.
    """
    with contextlib.ExitStack() as stack:
        frame, rows = session.createDataFrame([], sql_schema(PREVIOUS)), 0
        if before is not None:
            same = before.record["same_period"]
            periods = comparison.periods(before.period, as_of=as_of, same_period=same)
            for name, period in periods.items():
                _fold(session, f"{name}_customers", period, stack)
            published = read_tables(session, to, before.profiles, PROFILES, columns=_PUBLISHED)
            published.createOrReplaceTempView("published_profiles")
            query = comparison.previous("published_profiles", present="customers", folded=periods)
            frame = stack.enter_context(kept(session, "previous", query))
            rows = frame.count()
        write_tables(
            frame, to=to, prefix=prefix, contract=PREVIOUS, by=("customer_key",), rows=rows
        )


def _fold(session: SparkSession, name: str, period: Period, stack: contextlib.ExitStack) -> None:
    """Make a view of the history's CUSTOMERS in some period."""
    days = customer_days("history", period=period, days_until_as_of=spark_days(period))
    stack.enter_context(kept(session, f"{name}_days", days))
    query = customer_summary("history", days=f"{name}_days", period=period)
    stack.enter_context(kept(session, name, query))
