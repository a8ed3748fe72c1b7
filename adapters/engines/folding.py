"""Events that an engine has put by customer, folded batch by batch: for every engine.

What is in memory is a batch, and all events of one customer.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from adapters.tables.columns import decimals, unscaled
from adapters.tables.parquet import arrow_schema
from tessera.contracts.table import Table
from tessera.contracts.tables import CUSTOMER_DAYS, CUSTOMERS, LOOK_DAYS
from tessera.customers.folding.fold import Columns, fold
from tessera.customers.folding.rows import NO_ORDER_ID, EventRows
from tessera.customers.money import Ints

_ROWS = 100_000  # at least, that are folded at once


@dataclasses.dataclass(frozen=True)
class FoldedTables:
    """Rows of CUSTOMERS, CUSTOMER_DAYS and LOOK_DAYS, by customer."""

    customers: pa.Table
    days: pa.Table
    looks: pa.Table


def folded(batches: Iterable[pa.RecordBatch]) -> Iterator[FoldedTables]:
    """Yield what rows of ``event_rows`` come to, some customers at a time, in the rows' order.

    Raises
    ------
    AssertionError
        The customers' keys do not ascend.
    """
    latest = None
    for rows in _whole_customers(batches):
        runs = pc.run_end_encode(rows.column("customer_key"))
        keys = runs.values
        before = keys if latest is None else pa.concat_arrays([latest, keys])
        if not pc.all(pc.less(before[:-1], before[1:]), min_count=0).as_py():
            raise AssertionError("the events are not in the order of their customers")
        latest = keys[-1:]
        yield _folded(keys, _event_rows(runs, rows))


def _whole_customers(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Yield the rows of batches so that no customer is in two."""
    waiting: list[pa.RecordBatch] = []
    for batch in batches:
        waiting.append(batch)
        if sum(map(len, waiting)) < _ROWS:
            continue
        keys = batch.column(0)
        begun = pc.index(keys, keys[-1]).as_py()  # its other rows may be in the next batch
        if begun:
            yield _together([*waiting[:-1], batch.slice(0, begun)])
            waiting = [batch.slice(begun)]
    if waiting:
        yield _together(waiting)


def _together(batches: Sequence[pa.RecordBatch]) -> pa.RecordBatch:
    rows = pa.Table.from_batches(batches)
    columns = [column.combine_chunks() for column in rows.columns]
    return pa.RecordBatch.from_arrays(columns, schema=rows.schema)


def _event_rows(runs: pa.RunEndEncodedArray, rows: pa.RecordBatch) -> EventRows:
    ids = pc.dictionary_encode(rows.column("order_id")).indices
    return EventRows(
        starts=np.concatenate([[0], _numbers(runs.run_ends)])[:-1],
        occurred_us=_numbers(rows.column("occurred_at").cast(pa.int64())),
        minor=_minor(rows.column("amount")),
        orders=_numbers(ids.fill_null(NO_ORDER_ID)),
        days_ago=_numbers(rows.column("days_ago")),
        marks=rows.column("marks").to_numpy(),
    )


def _numbers(column: pa.Array) -> Ints:
    numbers: Ints = column.to_numpy().astype(np.int64)
    return numbers


def _minor(amounts: pa.Decimal128Array) -> Ints:
    """Return amounts in ten-thousandths. Raises AssertionError for other decimals."""
    if amounts.type != pa.decimal128(18, 4) or amounts.null_count:
        raise AssertionError(f"amounts are {amounts.type}, {amounts.null_count} of them absent")
    return unscaled(pa.chunked_array([amounts]))


def _folded(keys: pa.Array, rows: EventRows) -> FoldedTables:
    tables = fold(rows)
    return FoldedTables(
        customers=_table(CUSTOMERS, keys, tables.customers),
        days=_table(CUSTOMER_DAYS, keys.take(pa.array(tables.days["customer"])), tables.days),
        looks=_table(LOOK_DAYS, keys.take(pa.array(tables.looks["customer"])), tables.looks),
    )


def _table(contract: Table, keys: pa.Array, columns: Columns) -> pa.Table:
    schema = arrow_schema(contract)
    key, *fields = schema
    made = [_column(columns[field.name], field.type) for field in fields]
    return pa.table([keys, *made], pa.schema([key.with_type(keys.type), *fields]))


def _column(values: Ints, type_: pa.DataType) -> pa.Array:
    if pa.types.is_decimal(type_):
        return decimals(values, scale=type_.scale)
    return pa.array(values, pa.int64()).cast(type_)
