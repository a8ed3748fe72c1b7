"""Price × quantity compared with the amount, over the files that have both."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator

import pyarrow as pa
from pyspark.sql import DataFrame

from adapters.engines.spark.session import guarded
from tessera.sources.amounts import Mark
from tessera.sources.differences import COMPARED, Differences, compare

_SQL = "compared bigint, differing bigint, example array<string>"
_SCHEMA = pa.schema(
    [
        ("compared", pa.int64()),
        ("differing", pa.int64()),
        ("example", pa.list_(pa.string())),
    ]
)


def differences_of(cells: DataFrame, *, mark: Mark) -> Differences:
    """Return how many rows of texts have an amount that is not price × quantity."""
    rows = cells.where("code IS NULL").select(*COMPARED).mapInArrow(_Compare(mark), _SQL)
    total = Differences()
    for row in rows.collect():
        price, quantity, amount = row["example"] or ("", "", "")
        total += Differences(
            compared=row["compared"],
            differing=row["differing"],
            example=(price, quantity, amount) if row["example"] else None,
        )
    return total


@dataclasses.dataclass(frozen=True)
class _Compare:
    """Travels to the executors; there it compares rows."""

    mark: Mark

    @guarded
    def __call__(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Yield what each batch came to."""
        for batch in batches:
            rows = zip(*(column.to_pylist() for column in batch.columns), strict=True)
            differences = compare(rows, mark=self.mark)
            example = list(differences.example) if differences.example else None
            values = {**dataclasses.asdict(differences), "example": example}
            yield pa.RecordBatch.from_pylist([values], schema=_SCHEMA)
