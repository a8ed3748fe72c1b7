"""How fast a destination's plan is made: rendering, comparing with the ledger, writing items.

Customers are made up and come in the batches that an engine gives. Beside the product's way stands
the plain one, customer by customer from the same definition, in the same run.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from adapters.aws.objects import Objects
from adapters.destinations.files.contents import Contents
from adapters.destinations.files.customer_batches import SCHEMA, CustomerBatch
from adapters.destinations.files.import_files import ImportFolder, ItemFiles
from bench.measure import command
from bench.report import Ratio, Section, table
from tessera.destinations import catalog
from tessera.destinations.planning.ledger import Entry
from tessera.destinations.planning.plan import Plan

ROOT = Path(__file__).resolve().parents[1]
CUSTOMERS = 1_000_000
_BATCH = 50_000
_FEW = 200_000
_ONE_BY_ONE = 20_000
_WANTED_A_SECOND = 200_000
_TIMES = 4.0
_FLAT = 1.2
_DAY_US = 86_400_000_000
_NOW_US = 1_777_593_600_000_000  # 2026-05-01
_WORDS = {
    "segment": ["Champions", "Loyal", "At Risk", "Hibernating", "Lost"],
    "rfm_score": ["543", "111", "355", "512"],
    "gap_state": ["active", "lapsed"],
    "labels": [f'{{"value_tier": "{tier}", "churn_band": "{band}"}}' for tier in ("High", "Low")
               for band in ("High", "Low")],
}  # fmt: skip


def measure(*, say: Callable[[str], None]) -> Section:
    """Plan a first load, the same again, and the first one customer by customer."""
    rows, ratios = [], []
    for name in ("braze", "klaviyo"):  # without addresses, and with them
        say(f"{name}: plans of {_FEW:,} customers")
        first, again, singly = (_rate(name, way) for way in (_first, _again, _singly))
        rows.append([name, *(f"{rate:,.0f}" for rate in (first, again, singly))])
        ratios += [
            Ratio(f"{name}: customers planned a second, thousands", first / 1e3,
                  _WANTED_A_SECOND / 1e3, least=True),
            Ratio(f"{name}: times as fast as one by one", first / singly, _TIMES, least=True),
        ]  # fmt: skip
    say(f"memory of plans of {_FEW:,} and {CUSTOMERS:,} customers")
    few, many = (_peak_mb(customers) for customers in (_FEW, CUSTOMERS))
    ratios.append(Ratio(f"memory: {CUSTOMERS:,} customers of {_FEW:,}", many / few, _FLAT))
    head = ["destination", "first load, customers/s", "nothing new", "one by one"]
    memory = f"Peak memory: {few:,.0f} MB for {_FEW:,} customers, {many:,.0f} MB for {CUSTOMERS:,}."
    return Section("Plans of a destination", (*table(head, rows), "", memory), tuple(ratios))


def _rate(name: str, way: Callable[[str], tuple[int, float]]) -> float:
    """Return customers a second of processor time, the best of three."""
    return max(customers / seconds for customers, seconds in (way(name) for _ in range(3)))


def _first(name: str) -> tuple[int, float]:
    return _planned(name, [])


def _again(name: str) -> tuple[int, float]:
    vendor = catalog.LOADED[name]
    ledger = []
    for batch in batches(_FEW):
        contents = Contents(batch, rendering=vendor.render, capabilities=vendor.CAPABILITIES)  # type: ignore[arg-type]
        ledger += [Entry(*each, "") for each in zip(contents.keys, contents.digests, strict=True)]
    return _planned(name, ledger)


def _planned(name: str, ledger: list[Entry]) -> tuple[int, float]:
    vendor, ready = catalog.LOADED[name], list(batches(_FEW))
    with tempfile.TemporaryDirectory() as scratch:
        files = ItemFiles(
            ImportFolder(Path(scratch) / "files", objects=_Nowhere(), prefix=""),
            vendor=vendor,
            plan=Plan(vendor, ledger=ledger),
        )
        began = time.process_time()
        for batch in ready:
            files.add(batch)
        files.finish([])
        return _FEW, time.process_time() - began


def _singly(name: str) -> tuple[int, float]:
    vendor = catalog.LOADED[name]
    [batch] = batches(_ONE_BY_ONE)
    began = time.process_time()
    plan = Plan(vendor, ledger=[])
    lines = [item.to_line() for one in batch.customers for item in plan.offer(one)]
    return len(lines), time.process_time() - began


class _Nowhere(Objects):
    """The part of ``Objects`` that an import folder uses: it takes files and keeps none."""

    def __init__(self) -> None:
        self.bucket = "nowhere"

    def upload(self, path: Path, key: str) -> None:
        """Do nothing."""


def batches(customers: int) -> Iterator[CustomerBatch]:
    """Yield made-up customers as an engine does, an address each."""
    for start in range(0, customers, _BATCH):
        rows = min(_BATCH, customers - start)
        yield CustomerBatch(_batch(np.arange(start, start + rows)))


def _batch(numbers: NDArray[np.int64]) -> pa.RecordBatch:
    chance = np.random.default_rng(int(numbers[0]))
    columns = [_column(field, numbers, chance) for field in SCHEMA]
    return pa.RecordBatch.from_arrays(columns, schema=SCHEMA)


def _column(field: pa.Field, numbers: NDArray[np.int64], chance: np.random.Generator) -> pa.Array:
    rows, kind = len(numbers), field.type
    named = {
        "customer_key": lambda: pa.array([f"{number:036d}" for number in numbers]),
        "customer_id": lambda: pa.array([f"C{number:08d}" for number in numbers]),
        "channel_type": lambda: pa.array(["EMAIL"] * rows),
        "address": lambda: pa.array([f"nobody-{number}@example.com" for number in numbers]),
        "claim": lambda: pa.array([1] * rows, kind),
        "cluster": lambda: pa.array(chance.integers(1, 6, rows), kind),
        "as_of": lambda: pa.array(np.full(rows, _NOW_US // _DAY_US, np.int32)).cast(kind),
    }
    if field.name in named:
        return named[field.name]()
    if field.name in _WORDS:
        return pa.array(chance.choice(_WORDS[field.name], rows).tolist(), kind)
    for is_kind, make in _KINDS:
        if is_kind(kind):
            most = 6 if field.name.endswith("score") else 400
            return pa.array(make(chance, rows, most)).cast(kind)
    return pa.nulls(rows, kind)


_KINDS: list[tuple[Callable[[pa.DataType], bool], Callable[..., Any]]] = [
    (pa.types.is_timestamp, lambda chance, rows, _: _NOW_US - chance.integers(0, 700, rows)
     * _DAY_US),
    (pa.types.is_date, lambda chance, rows, _: (_NOW_US // _DAY_US + chance.integers(0, 90, rows))
     .astype(np.int32)),
    (pa.types.is_decimal, lambda chance, rows, _: [f"{x:.2f}" for x in chance.gamma(2, 80, rows)]),
    (pa.types.is_integer, lambda chance, rows, most: chance.integers(1, most, rows)),
    (pa.types.is_floating, lambda chance, rows, _: chance.random(rows)),
]  # fmt: skip


def _peak_mb(customers: int) -> float:
    """Return the peak memory of a process that plans a first load of so many."""
    arguments = [sys.executable, "-m", "bench.planning", str(customers)]
    return command(arguments, cwd=ROOT).peak_mb


def main(customers: int) -> None:
    """Plan a first load."""
    vendor = catalog.LOADED["klaviyo"]
    with tempfile.TemporaryDirectory() as scratch:
        folder = ImportFolder(Path(scratch) / "files", objects=_Nowhere(), prefix="")
        files = ItemFiles(folder, vendor=vendor, plan=Plan(vendor, ledger=[]))
        for batch in batches(customers):
            files.add(batch)
        files.finish([])


if __name__ == "__main__":
    main(int(sys.argv[1]))
