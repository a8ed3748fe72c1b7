"""From history to the customer summary and what is folded beside it, by the shared SQL texts."""

from __future__ import annotations

import contextlib
import datetime as dt

import pyarrow as pa
from pyspark import StorageLevel
from pyspark.sql import DataFrame, Row, SparkSession

from adapters.aws.objects import Objects
from adapters.engines.known import without_added
from adapters.engines.prepare import EarlierRun, Summarised
from adapters.engines.spark.folding import fold_events
from adapters.engines.spark.history import SparkRelations
from adapters.engines.spark.kept import kept
from adapters.engines.spark.products import write_products
from adapters.engines.spark.tables import (
    Written,
    column_names,
    read_tables,
    sql_schema,
    write_tables,
)
from tessera.contracts.table import Table
from tessera.contracts.tables import (
    BEHAVIOUR_DAYS,
    CUSTOMERS,
    FEATURES,
    PREVIOUS,
    PROFILES,
    SUBSCRIPTIONS,
)
from tessera.customers import comparison
from tessera.customers.behaviour import behaviour_days, sampled_buyers
from tessera.customers.days import cohort_records, cohorts, span
from tessera.customers.looks import SEEN_BEFORE, looks_before
from tessera.customers.report_card.split import holdout_days
from tessera.customers.subscriptions.retention.history import subscriptions
from tessera.customers.summary import (
    Period,
    features,
    second_orders,
    spark_days,
    summary_record,
    totals,
)
from tessera.records.file import File

_ASKED = ("customer_key", "days_ago")
_ASKED_SCHEMA = "customer_key STRING, days_ago INT"
_SEEN = dict(zip(SEEN_BEFORE, (pa.int64(), pa.int64(), pa.int32()), strict=True))


def write_summary(
    session: SparkSession,
    *,
    period: Period,
    to: Objects,
    prefixes: dict[str, str],
    products: bool,
    categories: bool,
) -> Summarised:
    """Write the summary's tables, sorted. The view ``customers`` stays.

    Parameters
    ----------
    prefixes
        Where each goes, by its table's name.
    products, categories
        Whether the history names products, and categories of them.
    """
    outputs: list[Written] = []

    def write(
        frame: DataFrame,
        contract: Table,
        *,
        by: tuple[str, ...],
        rows: int,
        descending: tuple[str, ...] = (),
    ) -> None:
        at = prefixes[contract.name]
        outputs.extend(
            write_tables(
                frame,
                to=to,
                prefix=at,
                contract=contract,
                by=by,
                descending=descending,
                rows=rows,
            )
        )

    names = {"customers": "customers", "days": "customer_days", "looks": "look_days"}
    fold_events(session, "history", period=period, **names)
    added_up = _row(session, totals("customers"))
    write(session.table("customers"), CUSTOMERS, by=CUSTOMERS.key, rows=added_up[0])
    distinct = session.sql(features("customers")).persist(StorageLevel.MEMORY_AND_DISK)
    write(distinct, FEATURES, by=FEATURES.key, rows=distinct.count())
    held_out = holdout_days(_row(session, span("customer_days"))[0])
    buyers = sampled_buyers("customers", buyers=added_up[1])
    sampled = int(_row(session, f"SELECT COUNT(*) FROM ({buyers})")[0])  # noqa: S608
    query = behaviour_days(
        "history",
        days="customer_days",
        looks="look_days",
        sampled=f"(SELECT customer_key AS name, customer_key FROM ({buyers}))",  # noqa: S608
        period=period,
        days_until_as_of=spark_days(period),
    )
    with kept(session, "behaviour_days", query) as frame:
        by, oldest_first = BEHAVIOUR_DAYS.key, ("days_ago",)
        write(frame, BEHAVIOUR_DAYS, by=by, descending=oldest_first, rows=frame.count())
    query = subscriptions("history", period=period, days_until_as_of=spark_days(period))
    subscribers = session.sql(query).persist(StorageLevel.MEMORY_AND_DISK)
    write(subscribers, SUBSCRIPTIONS, by=SUBSCRIPTIONS.key, rows=subscribers.count())
    rows = session.sql(cohorts("customer_days", as_of=period.as_of)).collect()
    waited = _row(session, second_orders("customer_days"))[0]
    monetary = added_up[4] if products else None
    figures = write_products(
        session, period=period, monetary=monetary, categories=categories, write=write
    )
    return Summarised(
        summary=summary_record(
            added_up,
            holdout_days=held_out,
            cohorts=cohort_records(sorted(rows)),
            second_order=waited,
            sampled=sampled,
            products=figures,
        ),
        outputs=tuple(File(key=each.key, bytes=each.bytes, sha256=each.sha256) for each in outputs),
    )


def read_looks_before(session: SparkSession, rows: pa.Table, *, period: Period) -> pa.Table:
    """Return what customers had looked at before the days of some rows, in the rows' order.

    The rows fit the driver: files of attributes are read whole there.
    """
    asked = zip(*(rows.column(name).to_pylist() for name in _ASKED), strict=True)
    session.createDataFrame(list(asked), _ASKED_SCHEMA).createOrReplaceTempView("asked")
    of_asked = "(SELECT * FROM history WHERE customer_key IN (SELECT customer_key FROM asked))"
    query = looks_before("asked_looks", rows="asked")
    ordered = f"SELECT * FROM ({query}) AS seen ORDER BY customer_key, days_ago DESC"  # noqa: S608
    folded = fold_events(session, of_asked, period=period, looks="asked_looks")
    seen = session.sql(ordered).collect()
    folded.unpersist()
    columns = {name: pa.array([row[name] for row in seen], type_) for name, type_ in _SEEN.items()}
    return pa.table(columns)


def _row(session: SparkSession, aggregate: str) -> Row:
    row = session.sql(aggregate).first()
    assert row is not None  # noqa: S101 (an aggregate has one row)
    return row


def write_previous(
    session: SparkSession, earlier: EarlierRun | None, *, as_of: dt.date, to: Objects, prefix: str
) -> None:
    """Write PREVIOUS: everyone of either run, with today's history at the moments between them.

    Parameters
    ----------
    earlier
        The previous run. Without one the table is empty.
    as_of
        The present day. This run's customers are in the view ``customers``.
    """
    with contextlib.ExitStack() as stack:
        frame, rows = session.createDataFrame([], sql_schema(PREVIOUS)), 0
        if earlier is not None:
            same = earlier.same_period
            periods = comparison.periods(earlier.period, as_of=as_of, same_period=same)
            known = _known_history(session, earlier)
            for name, period in periods.items():
                events = known if name in comparison.WITHOUT_ADDED else "history"
                view = f"{name}_customers"
                folded = fold_events(session, events, period=period, customers=view)
                stack.callback(folded.unpersist)
            columns = column_names(to, earlier.profiles)
            wanted = [name for name in ("customer_key", *comparison.PUBLISHED) if name in columns]
            published = read_tables(session, to, earlier.profiles, PROFILES, columns=wanted)
            published.createOrReplaceTempView("published_profiles")
            query = comparison.previous(
                "published_profiles", columns=wanted, present="customers", folded=periods
            )
            frame = stack.enter_context(kept(session, "previous", query))
            rows = frame.count()
        write_tables(
            frame, to=to, prefix=prefix, contract=PREVIOUS, by=("customer_key",), rows=rows
        )


def _known_history(session: SparkSession, earlier: EarlierRun) -> str:
    """Make a view of the history without what only came after the previous run."""
    relations = SparkRelations(session)
    query = without_added(relations, known=earlier.known, previous=earlier.period)
    session.sql(query).createOrReplaceTempView("known_history")
    return "known_history"
