"""Two tenants' runs, made up: the bases of the warehouse as Arrow tables."""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa

from adapters.tables.parquet import arrow_schema, write_table
from adapters.warehouse.files import TablePart
from tessera.contracts.table import Column, Table
from tessera.contracts.tables import LATEST_RUNS
from tessera.warehouse.views import BASES

AS_OF = dt.date(2026, 3, 1)
LABELS = ("Champions", "Loyal", "Lost")
# Whose run, of which day, with how many customers.
RUNS = (
    ("default", AS_OF - dt.timedelta(days=7), "run-a", 25),
    ("default", AS_OF, "run-c", 30),
    ("default", AS_OF, "run-b", 40),
    ("acme", AS_OF - dt.timedelta(days=1), "run-d", 12),
)
_FIXED = {"segment": LABELS, "from_segment": (*LABELS, None), "to_segment": (*LABELS, None),
          "cause": ("behaviour", "time"), "churn_band": ("High", "Low", None),
          "value_tier": ("Gold", "Rest"), "event": ("PURCHASED", "REFUNDED", "VIEWED", "RENEWED"),
          "order_id": ("o1", "o2", "o3", None), "event_id": ("e1", "e2", None, None)}  # fmt: skip


def bases() -> dict[str, pa.Table]:
    """Return the rows of each base, the same each time."""
    dice = random.Random(16)  # noqa: S311 (no secret)
    return {table.name: _rows(table, dice) for table in BASES}


def parts(rows: dict[str, pa.Table], folder: Path) -> dict[str, list[TablePart]]:
    """Write each base as a file. Return the parts of each."""
    return {
        table.name: [
            TablePart(
                files=(write_table(folder / f"{table.name}.parquet", rows[table.name], table),),
                values={},
            )
        ]
        for table in BASES
    }


def rows_of(table: Table) -> pa.Table:
    """Return made-up rows of another table."""
    return _rows(table, random.Random(17))  # noqa: S311 (no secret)


# Of the two runs of one day the smaller one is the latest, as after a withdrawal.
LATEST = {"default": "run-c", "acme": "run-d"}


def _rows(table: Table, dice: random.Random) -> pa.Table:
    if table.name == LATEST_RUNS.name:
        latest = [one for one in RUNS if LATEST[one[0]] == one[2]]
        rows = [dict(zip(("tenant", "as_of", "run"), one, strict=False)) for one in latest]
        return pa.Table.from_pylist(rows, schema=arrow_schema(table))
    rows = [
        {"tenant": tenant, "as_of": as_of, "run": run,
         "since": f"2026-01-0{number % 3 + 1}", "upload": "u",
         "customer_key": f"key-{number:03d}", "name": f"way-{number}"}
        | {one.name: _value(one, dice) for one in table.columns if one.name not in _KEYS}
        for tenant, as_of, run, customers in RUNS
        for number in range(customers)
    ]  # fmt: skip
    return pa.Table.from_pylist(rows, schema=arrow_schema(table))


_KEYS = ("tenant", "as_of", "run", "customer_key", "since", "upload", "name")


def _value(column: Column, dice: random.Random) -> Any:
    if column.name in _FIXED:
        return dice.choice(_FIXED[column.name])
    if column.nullable and dice.random() < 0.2:
        return None
    number = dice.randrange(0, 400)
    return {
        "string": f"text {number}",
        "int": number,
        "bigint": 0 if dice.random() < 0.2 else number,
        "double": number / 400,
        "date": AS_OF - dt.timedelta(days=number),
        "timestamp": dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC) - dt.timedelta(days=number),
    }.get(column.type, Decimal(number) / 100)
