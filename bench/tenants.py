"""Many tenants' runs at once on one deployed stage, with one tenant that uploads much.

The stage is in the embedded AWS of this process. All uploads arrive before the first run has ended.
Customers of all tenants have the same ids, so pseudonyms that were shared would be found. An
address names its tenant, so a file with another tenant's customer would be found too.
"""

from __future__ import annotations

import datetime as dt
import gzip
import io
import random
import re
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow.parquet as pq

from bench.report import Ratio, Section, table
from local.app.started import started
from local.app.system import System
from local.terminal import Terminal
from tessera import naming
from tessera.errors import InvalidInput

TENANTS = 50
_NOISY_UPLOADS = 4  # of the first tenant: the others upload once
_FEWEST, _EVENTS_EACH = 40, 5
_LAST = dt.datetime(2026, 11, 28, tzinfo=dt.UTC)
_HEADER = "EventName,CustomerID,EventID,Date,Amount,ChannelType,Address\n"
_ADDRESS = re.compile(rb"@(shop-\d+)\.example")
_POLL_S = 2.0
_LONGEST_S = 3600.0  # for all runs together: a run that never starts must not hang the benchmark
_AT_LEAST = 2  # tenants: one that uploads much, and one beside it
_NEVER_WAITS = b"breaker_limit = 1.0\n"  # made-up histories move many customers


def measure(count: int, *, say: Callable[[str], None]) -> Section:
    """Upload for so many tenants at once, wait for all, and look into every object.

    Raises
    ------
    InvalidInput
        There are fewer than two tenants.
    TimeoutError
        Some runs have not ended after an hour.
    """
    if count < _AT_LEAST:
        raise InvalidInput(f"--tenants {count}: expected at least {_AT_LEAST}")
    names = [f"shop-{number:02d}" for number in range(count)]
    with (
        tempfile.TemporaryDirectory() as folder,
        started(tenant=names[0], terminal=Terminal(io.StringIO()), destinations=("export",)) as (
            system,
            _,
        ),
    ):
        began = time.monotonic()
        for number, name in enumerate(names):
            system.put_settings(name, _NEVER_WAITS)
            for part in range(_NOISY_UPLOADS if number == 0 else 1):
                path = Path(folder) / f"{name}-{part}.csv"
                path.write_text(_history(name, customers=_FEWEST + number, seed=part))
                system.upload(path, tenant=name)
        expected = count + _NOISY_UPLOADS - 1
        say(f"{expected} uploads of {count} tenants in {time.monotonic() - began:.0f} s")
        ended = _wait(system, expected, say=say)
        failed = _failures(system, ended, say=say)
        foreign = sum(_foreign(system, name) for name in names)
        shared = _shared_keys(system, names)
    return _section(ended, names, failed=failed, foreign=foreign, shared=shared)


def _history(tenant: str, *, customers: int, seed: int) -> str:
    dice, lines = random.Random(seed), [_HEADER]  # noqa: S311 (made-up data)
    for customer in range(customers):
        for event in range(_EVENTS_EACH):
            at = _LAST - dt.timedelta(days=dice.randrange(400), minutes=dice.randrange(1440))
            lines.append(
                f"PURCHASED,c-{customer},{seed}-{customer}-{event},{at.isoformat()},"
                f"{dice.randrange(5, 200)},EMAIL,c{customer}@{tenant}.example\n"
            )
    return "".join(lines)


def _wait(system: System, expected: int, *, say: Callable[[str], None]) -> list[dict[str, object]]:
    """Return the descriptions of all executions once they have ended."""
    done: dict[str, dict[str, object]] = {}
    until = time.monotonic() + _LONGEST_S
    while len(done) < expected:
        if time.monotonic() > until:
            raise TimeoutError(
                f"{len(done)} of {expected} runs have ended after {_LONGEST_S:.0f} s"
            )
        time.sleep(_POLL_S)
        before = len(done)
        for execution in system.executions():
            if execution not in done:
                described = system.describe(execution)
                is_upload = "key" in described["input"]
                if is_upload and described["status"] != "RUNNING":
                    done[execution] = described
        if len(done) != before:
            say(f"{len(done)} of {expected} runs have ended")
    return list(done.values())


def _failures(system: System, ended: list[dict[str, object]], *, say: Callable[[str], None]) -> int:
    """Return how many runs did not succeed, and say why."""
    failed = [one for one in ended if one["status"] != "SUCCEEDED"]
    for one in failed:
        tenant = naming.upload_tenant(str(one["input"]["key"]))  # type: ignore[index]
        record = system.error_of(str(one["executionArn"]), tenant=tenant) or {}
        say(f"{tenant}: {one['status']}, {record.get('message', one.get('cause', 'no reason'))}")
    return len(failed)


def _texts(system: System, tenant: str) -> Iterator[bytes]:
    """Yield what every object of a tenant has in it, decompressed."""
    for bucket in (system.data_bucket, system.identities_bucket):
        for key in system.keys(bucket, f"{naming.TENANTS}{tenant}/"):
            data = system.read(bucket, key)
            if key.endswith(".parquet"):
                yield str(pq.read_table(io.BytesIO(data)).to_pylist()).encode()
            else:
                yield gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data


def _foreign(system: System, tenant: str) -> int:
    """Return how many objects of a tenant have another one's address in them."""
    own = tenant.encode()
    return sum(1 for text in _texts(system, tenant) if set(_ADDRESS.findall(text)) - {own})


def _shared_keys(system: System, tenants: list[str]) -> int:
    """Return how many pseudonyms two tenants share. Their customers have the same ids."""
    seen: set[str] = set()
    shared = 0
    for tenant in tenants:
        prefix = naming.profiles_prefix(tenant)
        keys = {
            str(key)
            for name in system.keys(system.data_bucket, prefix)
            for key in pq.read_table(io.BytesIO(system.read(system.data_bucket, name)))[
                "customer_key"
            ].to_pylist()
        }
        shared += len(keys & seen)
        seen |= keys
    return shared


def _section(
    ended: list[dict[str, object]], names: list[str], *, failed: int, foreign: int, shared: int
) -> Section:
    quiet: list[float] = []
    noisy: list[float] = []
    first = min(_at(one["startDate"]) for one in ended)
    for one in ended:
        key = str(one["input"]["key"])  # type: ignore[index]
        seconds = (_at(one["stopDate"]) - first).total_seconds()
        (noisy if key.startswith(f"{naming.UPLOADS}{names[0]}/") else quiet).append(seconds)
    rows = [
        ["a tenant with one upload", f"{len(quiet)}", *_spread(quiet)],
        [f"the tenant with {_NOISY_UPLOADS} uploads", f"{len(noisy)}", *_spread(noisy)],
    ]
    head = ["runs of", "runs", "first ended after s", "median s", "last s"]
    ratios = (
        Ratio("runs that did not succeed", failed, 0),
        Ratio("objects with another tenant's customer", foreign, 0),
        Ratio("pseudonyms that tenants share", shared, 0),
        Ratio("the last quiet tenant after the noisy one's last run", max(quiet) / max(noisy), 1.5),
    )
    return Section(f"{len(names)} tenants at once", tuple(table(head, rows)), ratios)


def _spread(seconds: list[float]) -> list[str]:
    return [f"{each:.0f}" for each in (min(seconds), statistics.median(seconds), max(seconds))]


def _at(value: object) -> dt.datetime:
    assert isinstance(value, dt.datetime)  # noqa: S101 (as boto3 returns it)
    return value
