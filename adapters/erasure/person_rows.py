"""All rows of some customers in the tables below a prefix."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from adapters.aws.object_file import ObjectFile
from adapters.aws.objects import Objects

_KEY = "customer_key"


def rows_of(
    objects: Objects, prefix: str, *, column: str = _KEY, values: Collection[str]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the rows that have one of some values in a column, each with its file's key.

    Row groups that cannot have one are not read. Files without the column are omitted.
    """
    wanted = pa.array(sorted(values), pa.string())
    for key, size in objects.sizes(prefix).items():
        if not key.endswith(".parquet"):
            continue
        with pq.ParquetFile(ObjectFile(objects, key, size=size)) as file:
            if column not in file.schema_arrow.names:
                continue
            place = file.schema_arrow.names.index(column)
            for group in range(file.num_row_groups):
                limits = file.metadata.row_group(group).column(place).statistics
                if _excludes(limits, values):
                    continue
                table = file.read_row_group(group)
                theirs = table.filter(pc.is_in(table.column(column), value_set=wanted))
                yield from ((key, row) for row in theirs.to_pylist())


def _excludes(limits: pq.Statistics | None, values: Collection[str]) -> bool:
    if limits is None or not limits.has_min_max:
        return False
    return all(value < limits.min or value > limits.max for value in values)
