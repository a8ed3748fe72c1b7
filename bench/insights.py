"""What insights cost: the groups of every segment set, and looking a customer up in the profiles.

Customers are made up. A process that makes their columns is measured with and without the groups,
so that the difference is what Score adds for them.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from adapters.tables.parquet import arrow_schema, write_table
from bench.measure import Measured, command
from bench.report import Ratio, Section
from tessera.contracts.tables import PROFILES
from tessera.segments.groups import CustomerValues, LabelCodes, group_statistics

ROOT = Path(__file__).resolve().parents[1]
CUSTOMERS = 10_000_000
_SETS = {"rfm": 12, "value_tier": 4, "churn_band": 4, "cancel_band": 4, "cluster": 8, "risk": 5}
_FORECASTS = ("historic_value", "clv_365d", "clv_365d_from", "clv_365d_to", "p_no_order_90d")
_SECONDS, _MB = 5.0, 300.0
_PROFILES = 1_000_000
_LOOKUPS = 200
_LOOKUP_MS = 40.0


def measure(*, say: Callable[[str], None]) -> Section:
    """Count the groups of 10 million customers, and look customers up in a million profiles."""
    say(f"the groups of {len(_SETS)} sets of {CUSTOMERS:,} customers")
    without, counted = (_process(what) for what in ("columns", "groups"))
    seconds = counted.cpu_seconds - without.cpu_seconds
    memory = counted.peak_mb - without.peak_mb
    say(f"lookups in {_PROFILES:,} profiles")
    size_mb, p50, p99 = _lookups()
    lines = (
        f"{len(_SETS)} sets of {CUSTOMERS:,} customers: {seconds:.2f} s of processor time and "
        f"{memory:.0f} MB beside the columns.",
        f"{_PROFILES:,} profiles in row groups of {PROFILES.rows_per_group:,}: {size_mb:.0f} MB. "
        f"One customer by key: {p50:.1f} ms of processor time, {p99:.1f} ms at the 99th "
        "percentile.",
    )
    ratios = (
        Ratio("insights: seconds for 10 million customers", seconds, _SECONDS),
        Ratio("insights: MB beside the columns", memory, _MB),
        Ratio("insights: ms of a lookup, 99th percentile", p99, _LOOKUP_MS),
    )
    return Section("Insights", lines, ratios)


def _process(what: str) -> Measured:
    return command([sys.executable, "-m", "bench.insights", what], cwd=ROOT)


def _columns(
    customers: int,
) -> tuple[CustomerValues, dict[str, npt.NDArray[np.float64]], dict[str, LabelCodes]]:
    chance = np.random.default_rng(13)
    values = CustomerValues(
        recency_days=chance.integers(0, 900, customers),
        orders=chance.integers(0, 12, customers),
        monetary=chance.integers(-(10**6), 10**8, customers),
    )
    forecasts = {name: 300 * chance.random(customers) for name in _FORECASTS}
    sets = {
        name: LabelCodes(
            labels=[str(label) for label in range(count)],
            codes=chance.integers(0, count, customers),
        )
        for name, count in _SETS.items()
    }
    return values, forecasts, sets


def _lookups() -> tuple[float, float, float]:
    """Return the size of a file of profiles, and ms of processor time of finding one of them."""
    with tempfile.TemporaryDirectory() as scratch:
        path = write_table(
            Path(scratch) / "profiles.parquet", made_up_profiles(_PROFILES), PROFILES
        )
        file = pq.ParquetFile(path)
        limits = [
            file.metadata.row_group(place).column(0).statistics
            for place in range(file.num_row_groups)
        ]
        highest = np.array([one.max for one in limits])
        chance = np.random.default_rng(1)
        times = []
        for number in chance.integers(0, _PROFILES, _LOOKUPS).tolist():
            key = f"{number:036d}"
            began = time.process_time()
            rows = file.read_row_group(int(np.searchsorted(highest, key)))
            place = np.searchsorted(rows["customer_key"].to_numpy(), key)
            assert rows.slice(int(place), 1).to_pylist()[0]["customer_key"] == key  # noqa: S101
            times.append(1000 * (time.process_time() - began))
        middle, high = np.quantile(times, [0.5, 0.99])
        return path.stat().st_size / 1e6, float(middle), float(high)


def made_up_profiles(rows: int) -> pa.Table:
    """Return profiles with values at random, by key."""
    chance = np.random.default_rng(2)
    columns = {}
    for field in arrow_schema(PROFILES):
        if field.name == "customer_key":
            columns[field.name] = pa.array([f"{number:036d}" for number in range(rows)])
        elif pa.types.is_string(field.type):
            columns[field.name] = pa.array(["Champions", "Loyal", "Lost"]).take(
                pa.array(chance.integers(0, 3, rows))
            )
        elif pa.types.is_floating(field.type):
            columns[field.name] = pa.array(chance.random(rows))
        else:
            whole = pa.array(chance.integers(0, 9_000, rows).astype(np.int32))
            columns[field.name] = whole.cast(_whole_type(field.type)).cast(field.type)
    return pa.table(columns)


def _whole_type(wanted: pa.DataType) -> pa.DataType:
    """Return what Arrow casts to a type of a profile's column."""
    if pa.types.is_decimal(wanted):
        return pa.decimal128(18, 0)
    return pa.int64() if pa.types.is_timestamp(wanted) else pa.int32()


if __name__ == "__main__":
    shop, forecasts, sets = _columns(CUSTOMERS)
    if sys.argv[1] == "groups":
        group_statistics(shop, forecasts=forecasts, sets=sets)
