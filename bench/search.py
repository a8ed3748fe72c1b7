"""The search for a customer: its index written, its first search and later ones, on files.

Customers are made up. The first search is timed in a fresh process, which has compiled modules
and has read nothing. Reads are counted: on S3 each is one request.
"""

from __future__ import annotations

import dataclasses
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa

from adapters.engines.duckdb.search_index import write_search_index
from adapters.engines.duckdb.session import confine, connect
from adapters.stores.customer_finder import CustomerFinder
from adapters.stores.upload_history import UploadHistory
from adapters.tables.parquet import arrow_schema, write_batches
from bench.folder_objects import FolderObjects
from bench.measure import command
from bench.peers import ROOT
from bench.report import Ratio, Section
from tessera.contracts.tables import IDENTITIES
from tessera.naming import FOLDER_COMPLETE, identities_prefix

SIZES = (1_000_000, 10_000_000)
_TENANT, _UPLOAD = "shop", "0" * 16
_SLICE, _CALLS, _FRESH = 100_000, 200, 5
_SEARCH_MS, _MEMORY_MB = 300.0, 1024


@dataclasses.dataclass(frozen=True)
class Searched:
    """What a fresh process measured: ms of processor time, and reads."""

    import_ms: float
    first_ms: float
    first_reads: int
    times_ms: list[float]
    reads: int


class _Counting(FolderObjects):
    """Files that count how often they are read or listed."""

    reads = 0

    def read_range(
        self, key: str, start: int, size: int, *, version_id: str | None = None
    ) -> bytes:
        type(self).reads += 1
        return super().read_range(key, start, size, version_id=version_id)

    def read(self, key: str, *, version_id: str | None = None) -> bytes:
        type(self).reads += 1
        return super().read(key, version_id=version_id)

    def exists(self, key: str) -> bool:
        type(self).reads += 1
        return super().exists(key)

    def sizes(self, prefix: str) -> dict[str, int]:
        type(self).reads += 1
        return super().sizes(prefix)


def measure(sizes: tuple[int, ...] = SIZES, *, say: Callable[[str], None]) -> Section:
    """Write an index of each size, then search it."""
    lines: list[str] = []
    ratios: list[Ratio] = []
    for customers in sizes:
        say(f"{customers:,} customers to search")
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch)
            people = _people_file(folder, customers)
            arguments = [sys.executable, "-m", "bench.search", "write", scratch]
            wrote = command(arguments, cwd=ROOT)
            index_mb = sum(
                size for key, size in FolderObjects(folder).sizes("tenants/").items()
                if "/search/" in key
            ) / 1e6  # fmt: skip
            fresh = [_searched(folder, customers, seed) for seed in range(_FRESH)]
        first = max(each.first_ms for each in fresh)
        times = np.array([ms for each in fresh for ms in each.times_ms])
        late = float(np.quantile(times, 0.99))
        lines += [
            f"{customers:,} customers, {people / 1e6:.0f} MB of identities: the index of "
            f"{index_mb:.0f} MB took {wrote.cpu_seconds:.1f} s of processor time and "
            f"{wrote.peak_mb:.0f} MB, with the process.",
            f"Search: first {first:.0f} ms with {fresh[0].first_reads} reads, then "
            f"{np.median(times):.1f} ms, {late:.1f} ms at the 99th percentile, with "
            f"{fresh[0].reads / _CALLS:.1f} reads. Import: {fresh[0].import_ms:.0f} ms.",
        ]
        ratios.append(Ratio(f"search of {customers:,}: ms of the first", first, _SEARCH_MS))
        ratios.append(Ratio(f"search of {customers:,}: ms, 99th percentile", late, _SEARCH_MS))
    return Section("Search", tuple(lines), tuple(ratios))


def _people_file(folder: Path, customers: int) -> int:
    """Write identities of made-up customers. Return the bytes."""
    path = folder / identities_prefix(_TENANT, _UPLOAD) / "content=x" / "part-00000.parquet"
    return write_batches(path, _people(customers), IDENTITIES).stat().st_size


def _people(customers: int) -> Iterator[pa.Table]:
    schema = arrow_schema(IDENTITIES)
    for first in range(0, customers, _SLICE):
        numbers = range(first, min(customers, first + _SLICE))
        values: dict[str, list[object]] = {name: [None] * len(numbers) for name in schema.names}
        values["customer_key"] = [_key(number) for number in numbers]
        values["customer_id"] = [f"C-{number}" for number in numbers]
        values["address"] = [_address(number) for number in numbers]
        values["last_seen_at"] = [0] * len(numbers)
        yield pa.Table.from_pydict(values, schema=schema)


def _key(number: int) -> str:
    return f"{number:08x}-0000-8000-8000-{number * 2654435761 % 2**48:012x}"


def _address(number: int) -> str:
    return f"Person{number}@mail.example" if number % 2 else f"+49 170 {number:08d}"


def _write(folder: Path) -> None:
    identities = FolderObjects(folder)
    [people] = identities.keys(identities_prefix(_TENANT))
    index = UploadHistory(identities, identities, tenant=_TENANT).index_folder(people)
    path = folder / index / "part-00000.parquet"
    path.parent.mkdir(parents=True)
    spill = folder / "spill"
    spill.mkdir()
    with connect(spill, memory_limit_mb=_MEMORY_MB) as connection:
        confine(connection, folder)
        write_search_index(connection, [folder / people], path, tenant=_TENANT)
    identities.write(index + FOLDER_COMPLETE, b"{}")


def _searched(folder: Path, customers: int, seed: int) -> Searched:
    code = (
        "import time; began = time.process_time(); import lambdas.find_customer.handler; "
        "took = 1000 * (time.process_time() - began); from bench.search import search_all; "
        f"search_all({str(folder)!r}, {customers}, seed={seed}, import_ms=took)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return Searched(**json.loads(done.stdout))


def search_all(folder: str, customers: int, *, seed: int, import_ms: float) -> None:
    """Search once, then many times, and print what that took."""
    objects = _Counting(Path(folder))
    finder = CustomerFinder(objects, objects)
    numbers = np.random.default_rng(seed).integers(0, customers, _CALLS + 1).tolist()
    times = []
    first_reads = 0
    for place, number in enumerate(numbers):
        term = (f"C-{number}", _address(number).upper(), "nobody@mail.example")[place % 3]
        expected = () if place % 3 == 2 else (_key(number),)
        began = time.process_time()
        keys = finder.find(_TENANT, term)
        times.append(1000 * (time.process_time() - began))
        if keys != expected:
            raise AssertionError(f"{term} has {keys}, not {expected}")
        first_reads = first_reads or _Counting.reads
    result = Searched(import_ms, times[0], first_reads, times[1:], _Counting.reads - first_reads)
    sys.stdout.write(json.dumps(dataclasses.asdict(result)))


if __name__ == "__main__":
    _write(Path(sys.argv[2]))
