"""Change files folded to an upload, within a limit of memory, in a separate process."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from bench.folder_objects import FolderObjects
from bench.measure import Measured, command
from bench.report import Ratio, Section

_ROOT = Path(__file__).resolve().parents[1]
_PER_FILE = 1_000_000
_FILE = """
COPY (
    SELECT CASE WHEN i % 50 = 7 THEN 'D' WHEN i % 10 < 3 THEN 'U' ELSE 'I' END AS "Op",
        CAST(hash(i) % {keys} AS TEXT) AS id, 'C' || hash(i + 1) % {customers} AS customer_id,
        '2026-' || lpad(CAST(1 + i % 12 AS TEXT), 2, '0') || '-11 10:00:00' AS placed_at,
        CAST(CAST(i % 90000 AS DECIMAL(12, 2)) / 100 AS TEXT) AS total, 'EUR' AS currency,
        CASE WHEN i % 7 = 0 THEN 'pending' ELSE 'paid' END AS status,
        strftime(TIMESTAMP '2026-01-01' + to_seconds(i // 50), '%Y-%m-%d %H:%M:%S.%f')
            AS dms_commit_at,
        lpad(CAST(i AS TEXT), 35, '0') AS dms_change_seq
    FROM range({first}, {last}) AS numbers(i)
) TO '{path}' (FORMAT parquet, COMPRESSION zstd)"""
_MAPPING = """
[orders]
key = ["id"]
keep = "status = 'paid'"
EventID = "'orders/' || id"
CustomerID = "customer_id"
Date = "placed_at || 'Z'"
Amount = "total"
Currency = "currency"
OrderID = "id"
"""


def measure(count: int, *, memory_mb: int, say: Callable[[str], None]) -> Section:
    """Fold so many changes of a third as many keys, and write the upload's parts."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        say(f"writing {count:,} changes")
        _write(root / "identities/tenants/default/raw/database/public/orders", count=count)
        say("folding them")
        took, record = _folded(root, memory_mb=memory_mb)
        before = _megabytes(root)
        say("folding them, and writing a snapshot in their place")
        compacted, _ = _folded(root, memory_mb=memory_mb, compacts=True)
        say("folding the snapshot")
        again, of_snapshot = _folded(root, memory_mb=memory_mb)
        after = _megabytes(root)
    rate = count / took.cpu_seconds
    lines = (
        f"{count:,} changes of {record['keys']:,} keys, {record['standing']:,} of which are there: "
        f"{record['written']:,} rows written in {record['parts']} parts, {record['omitted']:,} "
        "omitted",
        f"The engine's limit {memory_mb:,} MB, peak {took.peak_mb:,.0f} MB, {took.seconds:.1f} s, "
        f"{took.cpu_seconds:.1f} s of processor: {rate:,.0f} changes per processor second",
        f"With a snapshot in place of the files: {compacted.cpu_seconds:.1f} s of processor, peak "
        f"{compacted.peak_mb:,.0f} MB. {before:,.0f} MB of files become {after:,.0f} MB with "
        f"{of_snapshot['changes']:,} rows, which fold in {again.cpu_seconds:.1f} s of processor",
    )
    ratio = Ratio("100 M changes, processor minutes (extrapolated)", 1e8 / rate / 60, 5)
    return Section("Change files to an upload", lines, (ratio,))


def _folded(
    root: Path, *, memory_mb: int, compacts: bool = False
) -> tuple[Measured, Mapping[str, Any]]:
    words = [str(root), str(memory_mb), *(["compact"] if compacts else [])]
    took = command([sys.executable, "-m", "bench.changes", *words], cwd=_ROOT)
    return took, json.loads((root / "record.json").read_text())


def _megabytes(root: Path) -> float:
    return sum(path.stat().st_size for path in (root / "identities").rglob("*.parquet")) / 1e6


def _write(folder: Path, *, count: int) -> None:
    import duckdb

    folder.mkdir(parents=True)
    with duckdb.connect() as connection:
        for number, first in enumerate(range(0, count, _PER_FILE)):
            query = _FILE.format(
                keys=max(count // 3, 1),
                customers=max(count // 30, 1),
                first=first,
                last=min(first + _PER_FILE, count),
                path=folder / f"20261128-{number:09d}.parquet",
            )
            connection.execute(query)


def _run(root: Path, *, memory_mb: int, compacts: bool) -> Mapping[str, object]:
    from adapters.engines.duckdb.query import DuckDBEngine
    from adapters.stores.upload_folder import UploadFolder
    from steps.curate.curate import curate
    from steps.curate.source import database_source
    from tessera.records.codec import encode
    from tessera.sources.tables.mapping import read_mappings

    class _Unsent(UploadFolder):
        """Takes the parts, and sends them nowhere: the network is not measured."""

        @property
        def is_known(self) -> bool:
            return False

        def replace(self, parts: Mapping[str, Path | bytes], *, rows: int | None = None) -> bool:
            del rows
            return bool(parts)

    for name in ("data", "parts"):
        shutil.rmtree(root / name, ignore_errors=True)
        (root / name).mkdir()
    mapping = read_mappings(_MAPPING, name="orders.toml")["orders"]
    source = database_source("default", table="orders", mapping=mapping)
    return encode(
        curate(
            source,
            identities=FolderObjects(root / "identities"),
            uploads=_Unsent(FolderObjects(root / "data"), tenant=source.tenant, name=source.name),
            engine=DuckDBEngine(memory_limit_mb=memory_mb),
            folder=root / "parts",
            now=dt.datetime.now(dt.UTC) if compacts else None,
        )
    )


if __name__ == "__main__":
    at = Path(sys.argv[1])
    done = _run(at, memory_mb=int(sys.argv[2]), compacts=sys.argv[3:] == ["compact"])
    (at / "record.json").write_text(json.dumps(done))
