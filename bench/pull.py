"""Pulls of large shops from their stand-ins: minutes, requests, memory, and killed halfway.

A shop is served by a separate process, and pulled by another one into a folder. That process is
killed several times (SIGKILL) and started again. What is kept must then be each order once.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import duckdb

from bench.measure import command
from bench.report import Ratio, Section
from bench.shops import SHOPS, expected_records
from tessera.sources.changes import DELETE, OPERATION, SEQUENCE, current_rows_sql
from tessera.sources.connectors.port import SOURCE_KEY

ORDERS = 1_000_000
_ROOT = Path(__file__).resolve().parents[1]
_KILLS = 3
_KILL_AFTER_FILES = 2
_MEMORY_MB = 1_024
_SOON_S = 0.2


def measure(
    shops: Sequence[str] = SHOPS, *, orders: int = ORDERS, say: Callable[[str], None]
) -> Section:
    """Pull so many orders of each shop, once whole and once with kills."""
    lines: list[str] = []
    ratios: list[Ratio] = []
    for shop in shops:
        more, figures = _measured(shop, orders, say=say)
        lines += more
        ratios += figures
    return Section("Pulls of shops", tuple(lines), tuple(ratios))


def _measured(
    shop: str, orders: int, *, say: Callable[[str], None]
) -> tuple[tuple[str, str], tuple[Ratio, ...]]:
    with tempfile.TemporaryDirectory() as scratch, _serve(shop, orders) as server:
        assert server.stdout is not None  # noqa: S101 (a pipe)
        url = server.stdout.readline().strip()
        try:
            whole, killed = Path(scratch) / "whole", Path(scratch) / "killed"
            say(f"pulling {orders:,} orders of {shop}")
            took = command(_client(shop, url, whole), cwd=_ROOT)
            record = json.loads((whole / "record.json").read_text())
            say("pulling them again, and killing the process now and then")
            kills = _kill(shop, url, killed)
            command(_client(shop, url, killed), cwd=_ROOT)
            say("comparing what was kept")
            wrong, differ = _compared(whole, killed, expected=expected_records(shop, orders))
        finally:
            server.kill()
    kept, pace = record["counts"], record["requests_per_minute"]
    lines = (
        f"{shop}: {orders:,} orders, {kept['records']:,} records, {kept['rows']:,} rows in "
        f"{record['pages']:,} files: {took.seconds / 60:.1f} minutes with the stand-in beside it, "
        f"{record['requests']:,} requests, {took.cpu_seconds:.0f} s of processor, "
        f"peak {took.peak_mb:,.0f} MB. "
        f"At {pace:,} requests a minute: {record['requests'] / pace:.0f} minutes",
        f"{shop}: killed {kills} times and resumed: {differ} rows differ",
    )
    return lines, (
        Ratio(f"Pull of {shop}: peak MB", took.peak_mb, _MEMORY_MB),
        Ratio(f"Pull of {shop}: records lost or doubled", wrong, 0),
        Ratio(f"Pull of {shop}: rows that differ after kills", differ, 0),
    )


def _serve(shop: str, orders: int) -> subprocess.Popen[str]:
    arguments = [sys.executable, "-m", "bench.shops", "serve", shop, str(orders)]
    return subprocess.Popen(arguments, cwd=_ROOT, stdout=subprocess.PIPE, text=True)


def _client(shop: str, url: str, folder: Path) -> list[str]:
    return [sys.executable, "-m", "bench.shops", "pull", shop, url, str(folder)]


def _kill(shop: str, url: str, folder: Path) -> int:
    """Kill pulls once each has written some files, and return how many did not end before that."""
    killed = 0
    for number in range(1, _KILLS + 1):
        process = subprocess.Popen(_client(shop, url, folder), cwd=_ROOT)
        while process.poll() is None:
            if len(list(folder.rglob("LOAD*.parquet"))) >= number * _KILL_AFTER_FILES:
                process.kill()
            time.sleep(_SOON_S)
        killed += process.returncode == -signal.SIGKILL
    return killed


def _compared(whole: Path, killed: Path, *, expected: int) -> tuple[int, int]:
    """Return how many records are lost or doubled, and how many rows differ after the fold.

    A record may come twice from a shop. Its events are there once.
    """
    columns = (SOURCE_KEY, "EventID", "EventName", "CustomerID", "Date", "Amount", "Currency")
    with duckdb.connect() as connection:
        for name, folder in (("whole", whole), ("killed", killed)):
            files = f"{folder}/**/*.parquet"
            connection.execute(f"CREATE VIEW {name} AS FROM read_parquet('{files}')")
            sql = current_rows_sql(name, key=(SOURCE_KEY,), columns=columns)
            connection.execute(f"CREATE TABLE rows_of_{name} AS {sql}")
        keys = (
            f"SELECT count(DISTINCT {SOURCE_KEY}) FROM whole "
            f"WHERE NOT ({OPERATION} = '{DELETE}' AND {SEQUENCE} IS NULL)"  # the end of a load
        )
        query = (
            f"SELECT ({keys}), "
            "(SELECT count(*) - count(DISTINCT EventID) FROM rows_of_whole), "
            "(SELECT count(*) FROM (FROM rows_of_whole EXCEPT ALL FROM rows_of_killed)) + "
            "(SELECT count(*) FROM (FROM rows_of_killed EXCEPT ALL FROM rows_of_whole))"
        )
        row = connection.execute(query).fetchone()
    assert row is not None  # noqa: S101 (counts)
    kept, doubled, differ = (int(figure) for figure in row)
    return abs(expected - kept) + doubled, differ
