"""Rows of people who were erased: they leave the upload before anything of it is counted."""

from __future__ import annotations

import collections
import dataclasses
from collections.abc import Iterable, Iterator

import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql.functions import broadcast

from adapters.engines.spark.reading.judged import EVENT, Judged
from adapters.engines.spark.session import guarded
from tessera.events.erased import ErasedPeople
from tessera.events.names import UNCOUNTED
from tessera.events.reasons import ERASED

_PERSON = "customer_id string, customer_key string"


def without_erased(judged: Judged, erased: ErasedPeople | None) -> Judged:
    """Return rows and people without those who were erased. Their rows are counted as such."""
    if not erased:
        return judged
    persons = judged.rows.where("customer_key IS NOT NULL").select("customer_id", "customer_key")
    matches = persons.distinct().mapInArrow(_Erased(erased), _PERSON).collect()
    if not matches:
        return judged
    frame = judged.rows.sparkSession.createDataFrame(matches, _PERSON)
    gone, ids = frame.select("customer_key").distinct(), frame.select("customer_id").distinct()
    counted = f"code IS NOT NULL OR event NOT IN {UNCOUNTED}"
    theirs = judged.rows.join(broadcast(gone), "customer_key", "left_semi").where(counted)
    counts = collections.Counter(judged.counts)
    for row in theirs.groupBy("code", "event").count().collect():
        counts[_place(row["code"])] -= row["count"]
        counts["", ERASED.code] += row["count"]
    return dataclasses.replace(
        judged,
        rows=_without(judged.rows, gone, "customer_key"),
        people=_without(judged.people, ids, "customer_id"),
        counts=+counts,
    )


def _place(code: str | None) -> tuple[str, str]:
    return (code, "") if code else ("", EVENT)


def _without(rows: DataFrame, gone: DataFrame, column: str) -> DataFrame:
    """Return the rows without some. Rows of nobody stay."""
    kept = rows.join(broadcast(gone), column, "left_anti")
    return kept.select(*rows.columns)


@dataclasses.dataclass(frozen=True)
class _Erased:
    """Travels to the executors. There it finds who was erased."""

    erased: ErasedPeople

    @guarded
    def __call__(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Yield the persons who were."""
        is_erased = self.erased.test()
        for batch in batches:
            mask = [is_erased(key) for key in batch.column("customer_key").to_pylist()]
            yield batch.filter(pa.array(mask, pa.bool_()))
