"""A fold and named queries on a Spark: run in the Spark process, which has no test framework."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from pyspark.sql import SparkSession

from adapters.engines.spark.folding import fold_events
from tessera.customers.summary import Period


def write(
    source: str,
    target: str,
    history: str,
    counted: tuple[str, int, str],
    steps: Sequence[Mapping[str, str]],
) -> None:
    """Fold a Parquet file of events and run queries. Write each one's rows below a folder.

    Parameters
    ----------
    history
        The query for the events that count. What they come to is in views with the tables' names.
    counted
        Of the period: as_of, window_months, and time_zone.
    """
    spark = SparkSession.builder.config("spark.sql.session.timeZone", "UTC").getOrCreate()
    spark.read.parquet(source).createOrReplaceTempView("events")
    spark.sql(history).cache().createOrReplaceTempView("history")
    as_of, window_months, time_zone = counted
    period = Period(
        as_of=dt.date.fromisoformat(as_of), window_months=window_months, time_zone=time_zone
    )
    folded = {"customers": "customers", "days": "customer_days", "looks": "look_days"}
    fold_events(spark, "history", period=period, **folded)
    for name in folded.values():
        spark.table(name).coalesce(1).write.parquet(f"{target}/{name}")
    for step in steps:
        frame = spark.sql(step["sql"]).cache()
        frame.createOrReplaceTempView(step["name"])
        frame.coalesce(1).write.parquet(f"{target}/{step['name']}")
