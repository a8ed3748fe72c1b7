"""Events folded by executors, each customer's in one place."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyspark import StorageLevel
from pyspark.sql import DataFrame, SparkSession

from adapters.engines.folding import folded
from adapters.engines.spark.session import guarded
from adapters.engines.spark.tables import sql_schema
from tessera.contracts.table import Table
from tessera.contracts.tables import CUSTOMER_DAYS, CUSTOMERS, LOOK_DAYS
from tessera.customers.folding.rows import event_rows
from tessera.customers.summary import Period, spark_days


def _of_one(contract: Table) -> str:
    """Return the type of a customer's rows of a table."""
    rest = dataclasses.replace(contract, columns=contract.columns[1:])
    return f"array<struct<{sql_schema(rest)}>>"


_SCHEMA = (
    f"{sql_schema(CUSTOMERS)}, "
    f"customer_days {_of_one(CUSTOMER_DAYS)}, look_days {_of_one(LOOK_DAYS)}"
)


def fold_events(
    session: SparkSession,
    events: str,
    *,
    period: Period,
    customers: str = "",
    days: str = "",
    looks: str = "",
) -> DataFrame:
    """Make views of what events come to. Return their rows, which are kept until unpersisted.

    Parameters
    ----------
    events
        A relation with EVENTS' columns, in any order.
    period
        Events outside it don't count.
    customers, days, looks
        What to call CUSTOMERS, CUSTOMER_DAYS and LOOK_DAYS. What has no name has no view.
    """
    query = event_rows(events, period=period, days_until_as_of=spark_days(period))
    each = session.sql(query).repartition("customer_key").sortWithinPartitions("customer_key")
    rows = each.mapInArrow(_Fold(), _SCHEMA).persist(StorageLevel.MEMORY_AND_DISK)
    views = {
        customers: rows.select(*CUSTOMERS.names),
        days: rows.selectExpr("customer_key", "inline(customer_days)"),
        looks: rows.selectExpr("customer_key", "inline(look_days)"),
    }
    for name, view in views.items():
        if name:
            view.createOrReplaceTempView(name)
    return rows


@dataclasses.dataclass(frozen=True)
class _Fold:
    """Travels to the executors. There it folds the events of whole customers."""

    @guarded
    def __call__(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Yield customers, each with its days."""
        for tables in folded(batches):
            customers = tables.customers
            for name, rows in (("customer_days", tables.days), ("look_days", tables.looks)):
                customers = customers.append_column(name, _of_each(rows, tables.customers))
            yield from customers.to_batches()


def _of_each(rows: pa.Table, customers: pa.Table) -> pa.ListArray:
    """Return a list for each customer: its rows, without the key."""
    keys, *columns = (column.combine_chunks() for column in rows.columns)
    places = pc.index_in(keys, customers.column("customer_key").combine_chunks()).to_numpy()
    starts = np.searchsorted(places, np.arange(len(customers) + 1)).astype(np.int32)
    structs = pa.StructArray.from_arrays(columns, fields=list(rows.schema)[1:])
    return pa.ListArray.from_arrays(pa.array(starts), structs)
