"""Named queries on a Spark: run in the Spark process, which has no test framework."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pyspark.sql import SparkSession


def write(source: str, target: str, steps: Sequence[Mapping[str, str]]) -> None:
    """Run the queries on a Parquet file of events. Write each one's rows below a folder."""
    spark = SparkSession.builder.config("spark.sql.session.timeZone", "UTC").getOrCreate()
    spark.read.parquet(source).createOrReplaceTempView("events")
    for step in steps:
        frame = spark.sql(step["sql"]).cache()
        frame.createOrReplaceTempView(step["name"])
        frame.coalesce(1).write.parquet(f"{target}/{step['name']}")
