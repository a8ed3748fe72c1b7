"""An export's rows, grouped by their orders and read by executors into events."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa
from pyspark.sql import DataFrame

from adapters.engines.spark.reading.parts import SparkPart
from adapters.engines.spark.reading.rows import CELL_SCHEMA, CELLS, record_batch
from adapters.engines.spark.session import guarded
from tessera.sources.amounts import Mark
from tessera.sources.mappings import HeaderMapping
from tessera.sources.orders.money import Included
from tessera.sources.orders.rows import OrderReader

_BATCH = 10_000
_PLACE = ("part", "line", "code", "raw")
_Row = dict[str, Any]


@dataclasses.dataclass(frozen=True, kw_only=True)
class ReadOrders:
    """Travels to the executors. There it reads orders' rows into rows of texts.

    Parameters
    ----------
    parts, mapping
        The upload's parts, and what their columns mean.
    mark, included
        How amounts are written, and what counts as money.
    """

    parts: Sequence[SparkPart]
    mapping: HeaderMapping
    mark: Mark
    included: Included

    def of(self, rows: DataFrame, schema: str) -> DataFrame:
        """Return rows in ``CELL_SCHEMA`` of rows in ``ORDER_SCHEMA``, an order's rows together."""
        if any(part.layout is not None and part.layout.lines for part in self.parts):
            rows = rows.repartition("part", "order_key").sortWithinPartitions(
                "part", "order_key", "line"
            )
        return rows.mapInArrow(self, schema)

    @guarded
    def __call__(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Yield, of rows in ``ORDER_SCHEMA``, rows in ``CELL_SCHEMA``."""
        rows = (row for batch in batches for row in batch.to_pylist())
        readers = [
            OrderReader(layout=part.layout, mark=self.mark, included=self.included)
            if part.layout
            else None
            for part in self.parts
        ]
        orders = _orders(rows, self.parts)
        read = (row for order in orders for row in self._order(order, readers))
        while some := list(itertools.islice(read, _BATCH)):
            columns = {field.name: [row.get(field.name) for row in some] for field in CELL_SCHEMA}
            yield record_batch(CELL_SCHEMA, columns, count=len(some))

    def _order(
        self, order: Sequence[_Row], readers: Sequence[OrderReader | None]
    ) -> Iterator[_Row]:
        first = order[0]
        if first["code"] is not None:  # a record that is no row
            yield from order
            return
        reader = readers[first["part"]]
        if reader is None:
            raise AssertionError(f"part {first['part']} is no export")
        constants = {name: self.mapping.constants.get(name) for name in CELLS}
        for row, cells in zip(order, reader.read([row["cells"] for row in order]), strict=True):
            place = {name: row[name] for name in _PLACE}
            yield {**place, **constants, **dict(zip(reader.layout.given, cells, strict=True))}


def _orders(rows: Iterable[_Row], parts: Sequence[SparkPart]) -> Iterator[list[_Row]]:
    """Yield the rows of each order. A row without an order's number is alone."""

    def key(row: _Row) -> tuple[int, str]:
        layout = parts[row["part"]].layout
        return row["part"], row["order_key"] if layout is not None and layout.lines else ""

    for (_, name), order in itertools.groupby(rows, key):
        if name:
            yield list(order)
        else:
            yield from ([row] for row in order)


def number_cells(rows: DataFrame, parts: Sequence[SparkPart]) -> Mapping[int, DataFrame]:
    """Return, by part, the cells with money of rows in ``ORDER_SCHEMA``, as the column number."""
    frames = {}
    for number, part in enumerate(parts):
        if part.layout is not None:
            places = [part.layout.taken.index(place) for place in part.layout.numbers]
            cells = ", ".join(f"cells[{place}]" for place in places)
            of_part = rows.where(f"part = {number} AND code IS NULL")
            frames[number] = of_part.selectExpr(f"explode(array({cells})) AS number")
    return frames
