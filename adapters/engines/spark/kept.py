"""Rows that several queries read, kept for a while."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from pyspark import StorageLevel
from pyspark.sql import DataFrame, SparkSession


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
