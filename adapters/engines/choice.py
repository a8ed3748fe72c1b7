"""The choice of an engine: DuckDB on one machine, Spark where the runtime ships it."""

from __future__ import annotations

import importlib.util

from adapters.engines.query import Engine
from tessera.errors import InvalidInput


def choose(name: str = "auto") -> Engine:
    """Return an engine: ``duckdb``, ``spark``, or ``auto`` for Spark where it is installed."""
    if name == "auto":
        name = "spark" if importlib.util.find_spec("pyspark") else "duckdb"
    if name == "spark":
        from adapters.engines.spark.query import SparkEngine  # noqa: PLC0415 (one of them is missing)

        return SparkEngine()
    if name == "duckdb":
        from adapters.engines.duckdb.query import DuckDBEngine  # noqa: PLC0415

        return DuckDBEngine()
    raise InvalidInput(f"engine {name!r}: expected auto, duckdb or spark")
