"""The API's latency, through its function, without a network: 10 million customers in one file.

Customers are made up. The import is timed from the package that a stage deploys, made for this
machine's Python and processor, in a process that may write nothing and sees no other package.
"""

from __future__ import annotations

import datetime as dt
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast

import numpy as np
import pyarrow as pa

from adapters.aws.objects import Objects
from adapters.stores.profile_reader import ProfileReader
from adapters.tables.parquet import write_batches
from bench.folder_objects import FolderObjects
from bench.insights import made_up_profiles
from bench.report import Ratio, Section
from infra.kit import assets
from lambdas.api.app import create_app
from lambdas.api.function import as_function
from steps.serve.gate import TenantGate
from steps.serve.services import Services
from tessera import naming
from tessera.api.roles import Principal
from tessera.contracts.tables import PROFILES
from tessera.environments.tenancy import Tenancy
from tessera.records.codec import encode
from tessera.records.insights.groups import GroupSet, LabelledGroup
from tessera.records.insights.insights import Insights, Overview, ScoreGrid
from tessera.records.runs.latest import Latest

CUSTOMERS = 10_000_000
_SLICE = 1_000_000
RUN, TENANT = "0" * 16, "shop"
DAY, NOW = dt.date(2026, 11, 30), dt.datetime(2026, 11, 30, tzinfo=dt.UTC)
_CALLS, _IMPORTS = 300, 3
_STATISTICS_MS, _READ_MS, _IMPORT_S = 3.0, 40.0, 1.2


def measure(customers: int = CUSTOMERS, *, say: Callable[[str], None]) -> Section:
    """Time statistics, pages and lookups, and the cold import."""
    say(f"{customers:,} profiles in one file")
    with tempfile.TemporaryDirectory() as scratch:
        call = _function(Path(scratch), customers)
        chance = np.random.default_rng(3)
        keys = [key_of(number) for number in chance.integers(0, customers, _CALLS).tolist()]
        timed = {
            "statistics": times_of(call, ["/v1/segment-statistics?set=value_tier"] * _CALLS),
            "50 customers of a segment": times_of(
                call,
                [f"/v1/customers?segment=Champions&limit=50&cursor={RUN}~{key}" for key in keys],
            ),
            "one customer's row, as a page": times_of(
                call, [f"/v1/customers?limit=1&cursor={RUN}~{key}" for key in keys]
            ),
        }
    say("cold imports")
    cold, uncompiled = (_import_seconds(compiled=compiled) for compiled in (True, False))
    lines, ratios = latencies(timed, limits_ms={"statistics": _STATISTICS_MS})
    imported = Ratio("API: seconds of processor time to import it", cold, _IMPORT_S)
    return Section(
        "API",
        (*lines, f"Import: {cold:.2f} s, {uncompiled:.2f} s without bytecode."),
        (*ratios, imported),
    )


def key_of(number: int) -> str:
    return f"{number:08x}-0000-8000-8000-000000000000"


def _slices(customers: int) -> Iterator[pa.Table]:
    for first in range(0, customers, _SLICE):
        rows = made_up_profiles(min(_SLICE, customers - first))
        keys = pa.array([key_of(first + place) for place in range(len(rows))])
        labels = pa.array(['{"value_tier": "High"}'] * len(rows))
        place = rows.schema.get_field_index
        rows = rows.set_column(place("labels"), "labels", labels)
        yield rows.set_column(place("customer_key"), "customer_key", keys)


def _function(folder: Path, customers: int) -> Callable[[str], dict[str, Any]]:
    """Return what answers an address, from files in a folder."""
    data = FolderObjects(folder)
    made = insights_of(customers)
    write_batches(folder / made.profiles / "part-0.parquet", _slices(customers), PROFILES)
    data.write_json(naming.latest_key(TENANT), encode(Latest(run_id=RUN, as_of=DAY)))
    data.write_json(naming.run_key(TENANT, RUN, naming.INSIGHTS), encode(made))
    return function_on(data)


def function_on(data: Objects) -> Callable[[str], dict[str, Any]]:
    """Return what answers an address from a bucket, as the API's function does."""
    nothing = cast(Any, None)  # the routes that are timed need nothing else
    services = Services(
        data=data, profiles=ProfileReader(data), runs=nothing, tasks=nothing, executions=nothing,
        uploads=nothing, keys=nothing, requests=nothing, users=nothing, finder=nothing,
        gate=_gate(),
        run_defaults=nothing, destinations=(), clock=lambda: NOW, erasures=nothing,
    )  # fmt: skip
    principal = Principal(tenant=TENANT, role="admin", subject="key:bench")
    app = create_app(
        services, principal=lambda _: principal, log=lambda _: None, one_at_a_time=True
    )
    function = as_function(app)

    def call(address: str) -> dict[str, Any]:
        path, _, query = address.partition("?")
        http = {"method": "GET", "path": path, "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1"}
        event = {
            "version": "2.0", "routeKey": "$default", "rawPath": path, "rawQueryString": query,
            "headers": {"host": "api.example"}, "isBase64Encoded": False,
            "requestContext": {"http": {**http, "userAgent": "bench"}, "stage": "$default"},
        }  # fmt: skip
        return dict(function(cast(Any, event), cast(Any, None)))

    return call


def _gate() -> TenantGate:
    """Return a gate that lets everything in: it counts in memory."""
    return TenantGate(lambda _: None, MemoryCounts(), tenancy=Tenancy())


class MemoryCounts:
    """Counts nothing."""

    def take(self, _tenant: str, _number: int, *, most: int, now: dt.datetime) -> bool:  # noqa: ARG002
        """Let everything in."""
        return True


def times_of(call: Callable[[str], dict[str, Any]], addresses: list[str]) -> list[float]:
    """Return the ms of processor time of each call after the first."""
    times = []
    for address in addresses:
        began = time.process_time()
        answer = call(address)
        times.append(1000 * (time.process_time() - began))
        if answer["statusCode"] != 200:
            raise AssertionError(answer)
    return times[1:]


def latencies(
    timed: Mapping[str, Sequence[float]],
    *,
    limits_ms: Mapping[str, float] = MappingProxyType({}),
) -> tuple[list[str], list[Ratio]]:
    """Return a line and a ratio for each kind of call.

    Parameters
    ----------
    timed
        The ms of processor time of its calls.
    limits_ms
        Where the 99th percentile has another limit than that of reading profiles.
    """
    late = {what: float(np.quantile(ms, 0.99)) for what, ms in timed.items()}
    lines = [
        f"{what}: {np.median(ms):.1f} ms of processor time, {late[what]:.1f} ms at the 99th "
        "percentile."
        for what, ms in timed.items()
    ]
    ratios = [
        Ratio(f"API: ms of {what}, 99th percentile", ms, limits_ms.get(what, _READ_MS))
        for what, ms in late.items()
    ]
    return lines, ratios


def _import_seconds(*, compiled: bool) -> float:
    """Return the least processor time of some imports from the package."""
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    here = f"{platform.machine()}-manylinux_2_28"
    package = assets.api_code(python=python, platform=here, compiled=compiled)
    code = (
        f"import sys, time; sys.path.insert(0, {str(package.path)!r}); "
        "began = time.process_time(); import lambdas.api.handler; "
        "print(time.process_time() - began)"
    )
    command = [sys.executable, "-I", "-S", "-B", "-c", code]
    return min(
        float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
        for _ in range(_IMPORTS)
    )


def insights_of(customers: int) -> Insights:
    group = LabelledGroup(
        group="High", uuids=customers, buyers=customers, percentage=100.0, order_count_avg=2.0,
        timeliness_avg_days=5.0, monetary="10.00", monetary_percentage=100.0,
        mean_order_value="5.00", meaning="All.", action="Thank them.", segment="_RFM_High",
    )  # fmt: skip
    sets = {
        name: GroupSet(meaning="Made up.", groups=(group,) * 11)
        for name in ("rfm", "value_tier", "churn_band", "value_at_risk", "cluster")
    }
    folder = naming.profiles_partition(DAY.isoformat(), RUN)
    totals: dict[str, Any] = {"customers": customers, "buyers": 0, "orders": 0, "monetary": "0"}
    return Insights(
        run_id=RUN, as_of=DAY, version="0", tenant=TENANT, upload=None, started_at=NOW,
        finished_at=NOW, currency="EUR",
        overview=Overview(
            **totals, orders_per_buyer=None, average_order_value=None, repeat_buyers=None,
            repeat_rate=None, median_days_to_second_order=None,
        ),
        sets=sets,
        grid=ScoreGrid(
            preset="classic-11", meaning="", measures="orders", scale=5, thresholds={}, bins={},
            cells=(),
        ),
        clusters=(), forecasts=(), forecast_text="", models=None, value=None, cohorts=(),
        retention=None, previous=None, movement=None, flows=(), breaker=None, alerts=(), trend=(),
        profiles=naming.profiles_prefix(TENANT) + folder, destinations=(), reach={}, cost=None,
        warnings=(),
    )  # fmt: skip
