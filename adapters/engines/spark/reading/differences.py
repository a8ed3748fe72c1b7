"""Price × quantity compared with the amount, over the rows that have both."""

from __future__ import annotations

from pyspark.sql import DataFrame

from tessera.sources.differences import Differences


def differences_of(rows: DataFrame) -> Differences:
    """Return how many judged rows have an amount that is not price × quantity."""
    [(compared, differing, example)] = rows.selectExpr(
        "count_if(compared)", "count_if(difference IS NOT NULL)", "min(difference)"
    ).collect()
    return Differences(
        compared=compared, differing=differing, example=tuple(example) if example else None
    )
