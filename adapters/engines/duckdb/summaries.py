"""From history to the customer summary and what is folded beside it."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Self

import pyarrow as pa

from adapters.engines.duckdb.folding import fold_table, folded_events
from adapters.engines.duckdb.growing import GrowingTable
from adapters.engines.duckdb.history import BY_CUSTOMER, OF_ASKED, DuckDBRelations, by_customer
from adapters.engines.duckdb.outputs import in_keys, read_by_customer, write_query
from adapters.engines.duckdb.products import write_products
from adapters.engines.duckdb.session import Connection, only_row, parquet, scalar
from adapters.engines.known import without_added
from adapters.tables.parquet import arrow_schema, write_batches
from tessera.contracts.tables import (
    BEHAVIOUR_DAYS,
    CUSTOMERS,
    FEATURES,
    PREVIOUS,
    SUBSCRIPTIONS,
)
from tessera.customers import comparison
from tessera.customers.behaviour import behaviour_days, sampled_buyers
from tessera.customers.comparison import Known
from tessera.customers.days import cohort_records, cohorts, span
from tessera.customers.looks import SEEN_BEFORE, looks_before
from tessera.customers.report_card.split import holdout_days
from tessera.customers.subscriptions.retention.history import subscriptions
from tessera.customers.summary import (
    Period,
    duckdb_days,
    features,
    second_orders,
    summary_record,
    totals,
)
from tessera.records.runs.prepare import Summary


@dataclasses.dataclass(frozen=True)
class SummaryFiles:
    """Where the summary's tables go: CUSTOMERS, FEATURES and so on."""

    customers: Path
    features: Path
    behaviour_days: Path
    subscriptions: Path
    customer_products: Path

    @classmethod
    def below(cls, folder: Path) -> Self:
        """Return files in a folder, each called like its table."""
        names = [field.name for field in dataclasses.fields(cls)]
        return cls(*(folder / f"{name}.parquet" for name in names))


def write_summary(
    connection: Connection,
    *,
    period: Period,
    files: SummaryFiles,
    products: bool,
    categories: bool = False,
) -> Summary:
    """Write the summary's tables, sorted, so that equal events give equal bytes.

    Parameters
    ----------
    products, categories
        Whether the history names products, and categories of them.
    """
    write_customers(connection, period=period, path=files.customers)
    source = parquet([files.customers])
    totals_row = only_row(connection, totals(source))
    write_query(connection, features(source), files.features, FEATURES)
    held_out = holdout_days(int(scalar(connection, span("customer_days"))))
    chosen = sampled_buyers(source, buyers=totals_row[1])
    sampled = _write_behaviour_days(connection, chosen, period=period, path=files.behaviour_days)
    subscribers = subscriptions("history", period=period, days_until_as_of=duckdb_days(period))
    write_batches(files.subscriptions, read_by_customer(connection, subscribers), SUBSCRIPTIONS)
    rows = connection.execute(cohorts("customer_days", as_of=period.as_of)).fetchall()
    [waited] = only_row(connection, second_orders("customer_days"))
    figures = write_products(
        connection,
        period=period,
        path=files.customer_products,
        monetary=totals_row[4] if products else None,
        categories=categories,
    )
    connection.execute("DROP TABLE customer_days")
    connection.execute("DROP TABLE look_days")
    return summary_record(
        totals_row,
        holdout_days=held_out,
        cohorts=cohort_records(rows),
        second_order=waited,
        sampled=sampled,
        products=figures,
    )


def write_customers(connection: Connection, *, period: Period, path: Path) -> None:
    """Write CUSTOMERS by key, and leave the tables ``customer_days`` and ``look_days``."""
    customers = _fold_days(connection, period=period)
    write_batches(path, (in_keys(connection, rows) for rows in customers), CUSTOMERS)


def _fold_days(connection: Connection, *, period: Period) -> Iterator[pa.Table]:
    """Yield CUSTOMERS by the numbers of customers, while the tables of their days grow."""
    days, looks = (GrowingTable(connection, name) for name in ("customer_days", "look_days"))
    for tables in folded_events(connection, BY_CUSTOMER, period=period):
        days.add(tables.days)
        looks.add(tables.looks)
        yield tables.customers


def read_looks_before(connection: Connection, rows: pa.Table, *, period: Period) -> pa.Table:
    """Return what customers had looked at before the days of some rows, in the rows' order."""
    connection.register("asked_days", rows)
    connection.execute(
        """CREATE TABLE asked AS
        SELECT names.name AS customer_key, days_ago
        FROM asked_days JOIN names USING (customer_key)"""
    )
    fold_table(connection, "asked_looks", by_customer(OF_ASKED), period=period, kept="looks")
    query = looks_before("asked_looks", rows="asked")
    return connection.sql(
        f"""SELECT {", ".join(SEEN_BEFORE)} FROM asked_days
        LEFT JOIN names USING (customer_key)
        LEFT JOIN ({query}) AS seen ON seen.customer_key = names.name
            AND seen.days_ago = asked_days.days_ago
        ORDER BY asked_days.customer_key, asked_days.days_ago DESC"""  # noqa: S608
    ).to_arrow_table()


def _write_behaviour_days(
    connection: Connection, buyers: str, *, period: Period, path: Path
) -> int:
    """Write the days of some buyers (a query for their keys). Return how many buyers they are."""
    connection.execute(
        f"""CREATE TABLE sampled AS SELECT name, name AS customer_key
        FROM names SEMI JOIN ({buyers}) AS buyers USING (customer_key)"""  # noqa: S608 (our own names)
    )
    query = behaviour_days(
        "history",
        days="customer_days",
        looks="look_days",
        sampled="sampled",
        period=period,
        days_until_as_of=duckdb_days(period),
    )
    rows = read_by_customer(connection, query, then_by="days_ago DESC")
    write_batches(path, rows, BEHAVIOUR_DAYS)
    sampled = int(scalar(connection, "SELECT count(*) FROM sampled"))
    connection.execute("DROP TABLE sampled")
    return sampled


@dataclasses.dataclass(frozen=True, kw_only=True)
class Comparison:
    """Two periods to compare: the previous run's, and this one's as_of and files.

    Parameters
    ----------
    previous
        What the previous run counted.
    published
        Its profiles.
    as_of
        The present day.
    same_period
        Whether this run counts days in the same way.
    customers
        This run's CUSTOMERS.
    known
        What the previous run knew of the history.
    """

    previous: Period
    published: list[Path]
    as_of: dt.date
    same_period: bool
    customers: Path
    known: Known

    @property
    def periods(self) -> dict[str, Period]:
        """What must be folded again, by the name of its columns in PREVIOUS."""
        return comparison.periods(self.previous, as_of=self.as_of, same_period=self.same_period)


def write_previous(connection: Connection, compared: Comparison | None, *, path: Path) -> None:
    """Write PREVIOUS: everyone of either run, with today's history at the moments between them.

    Columns that Score can derive from others stay empty. Without a comparison, so does the table.
    """
    if compared is None:
        write_batches(path, [arrow_schema(PREVIOUS).empty_table()], PREVIOUS)
        return
    known = without_added(
        DuckDBRelations(connection), known=compared.known, previous=compared.previous
    )
    connection.execute(f"CREATE VIEW known_history AS {known}")
    for name, period in compared.periods.items():
        events = by_customer("known_history") if name in comparison.WITHOUT_ADDED else BY_CUSTOMER
        _fold(connection, f"{name}_customers", period, events=events)
    published = parquet(compared.published)
    described = connection.execute(f"DESCRIBE SELECT * FROM {published}").fetchall()  # noqa: S608
    query = comparison.previous(
        published,
        columns=[row[0] for row in described],
        present=parquet([compared.customers]),
        folded=compared.periods,
    )
    write_query(connection, query, path, PREVIOUS)
    for name in compared.periods:
        connection.execute(f"DROP TABLE {name}_customers")


def _fold(connection: Connection, table: str, period: Period, *, events: str) -> None:
    """Make a table of the CUSTOMERS of some events in some period."""
    fold_table(connection, f"{table}_folded", events, period=period, kept="customers")
    columns = ", ".join(comparison.COMPARED)
    connection.execute(
        f"""CREATE TABLE {table} AS SELECT names.customer_key, {columns}
        FROM {table}_folded AS summary JOIN names ON summary.customer_key = names.name"""  # noqa: S608
    )
    connection.execute(f"DROP TABLE {table}_folded")
