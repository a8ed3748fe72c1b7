"""A pull of a large shop from Shopify's stand-in: minutes, requests, memory, and killed halfway.

The shop is served by a separate process, and pulled by another one into a folder. That process is
killed several times (SIGKILL) and started again. What is kept must then be each order once.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench.folder_objects import FolderObjects
from bench.measure import command
from bench.report import Ratio, Section

ORDERS = 1_000_000
_ROOT = Path(__file__).resolve().parents[1]
_PREFIX = "tenants/default/raw/shopify-orders/"
_KILLS = 3
_KILL_AFTER_FILES = 2
_MEMORY_MB = 1_024
_SOON_S = 0.2


def measure(orders: int = ORDERS, *, say: Callable[[str], None]) -> Section:
    """Pull so many orders, once whole and once with kills."""
    with tempfile.TemporaryDirectory() as scratch, _serve(orders) as server:
        assert server.stdout is not None  # noqa: S101 (a pipe)
        url = server.stdout.readline().strip()
        try:
            whole, killed = Path(scratch) / "whole", Path(scratch) / "killed"
            say(f"pulling {orders:,} orders")
            took = command(_client(url, whole), cwd=_ROOT)
            record = json.loads((whole / "record.json").read_text())
            say(f"pulling them again, and killing the process {_KILLS} times")
            _kill(url, killed)
            command(_client(url, killed), cwd=_ROOT)
            say("comparing what was kept")
            lost = abs(_different(whole, killed))
            kept = record["counts"]
        finally:
            server.kill()
    missing = orders - kept["records"]
    lines = (
        f"{orders:,} orders, {kept['rows']:,} rows in {record['pages']} files: "
        f"{took.seconds / 60:.1f} minutes with the stand-in beside it, {record['requests']} "
        f"requests, {took.cpu_seconds:.0f} s of processor, peak {took.peak_mb:,.0f} MB",
        f"Killed {_KILLS} times and resumed: {lost} rows differ",
    )
    return Section(
        "Pull of a shop",
        lines,
        (
            Ratio("Pull: peak MB", took.peak_mb, _MEMORY_MB),
            Ratio("Pull: orders lost", abs(missing), 0),
            Ratio("Pull: rows that differ after kills", lost, 0),
        ),
    )


def _serve(orders: int) -> subprocess.Popen[str]:
    arguments = [sys.executable, "-m", "bench.pull", "serve", str(orders)]
    return subprocess.Popen(arguments, cwd=_ROOT, stdout=subprocess.PIPE, text=True)


def _client(url: str, folder: Path) -> list[str]:
    return [sys.executable, "-m", "bench.pull", "client", url, str(folder)]


def _kill(url: str, folder: Path) -> None:
    """Kill pulls once each has written some files."""
    for number in range(1, _KILLS + 1):
        process = subprocess.Popen(_client(url, folder), cwd=_ROOT)
        while process.poll() is None:
            if len(list(folder.rglob("LOAD*.parquet"))) >= number * _KILL_AFTER_FILES:
                process.kill()
            time.sleep(_SOON_S)


def _different(one: Path, other: Path) -> int:
    """Return how many rows differ after the fold."""
    import duckdb

    from tessera.sources.changes import current_rows_sql
    from tessera.sources.connectors.port import SOURCE_KEY

    columns = (SOURCE_KEY, "EventID", "EventName", "CustomerID", "Date", "Amount", "Currency")
    with duckdb.connect() as connection:
        for name, folder in (("one", one), ("other", other)):
            files = f"{folder}/**/*.parquet"
            connection.execute(f"CREATE VIEW {name} AS FROM read_parquet('{files}')")
            sql = current_rows_sql(name, key=(SOURCE_KEY,), columns=columns)
            connection.execute(f"CREATE TABLE rows_of_{name} AS {sql}")
        query = (
            "SELECT (SELECT count(*) FROM (FROM rows_of_one EXCEPT ALL FROM rows_of_other)) + "
            "(SELECT count(*) FROM (FROM rows_of_other EXCEPT ALL FROM rows_of_one))"
        )
        row = connection.execute(query).fetchone()
    assert row is not None  # noqa: S101 (a count)
    return int(row[0])


def _serve_here(orders: int) -> None:
    from local.services.shopify.orders import generated
    from local.services.shopify.server import ShopifyServer
    from local.services.shopify.shop import Shop

    server = ShopifyServer(Shop(lambda: generated(orders)))
    sys.stdout.write(server.start() + "\n")
    sys.stdout.flush()
    while True:
        time.sleep(60)


def _pull_here(url: str, folder: Path) -> None:
    import datetime as dt

    from adapters.connectors.connect import ShopKey, connect
    from adapters.connectors.journal import ChangeJournal
    from local.services.shopify.server import TOKEN
    from steps.pull.pull import Clock, pull
    from tessera.sources.orders.money import Included

    folder.mkdir(exist_ok=True)
    secret = {"shop": "example", "token": TOKEN}
    connector, transport = connect(
        "shopify",
        key=ShopKey(read=lambda: secret, name="made up"),
        included=Included(),
        folder=folder / "spool",
        endpoint=url,
    )
    record = pull(
        connector,
        transport=transport,
        journal=ChangeJournal(FolderObjects(folder), prefix=_PREFIX),
        clock=Clock(now=lambda: dt.datetime.now(dt.UTC).isoformat(timespec="seconds")),
    )
    facts = {
        "requests": record.requests,
        "pages": record.cursor.pages,
        "counts": dict(record.cursor.counts),
    }
    (folder / "record.json").write_text(json.dumps(facts))


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        _serve_here(int(sys.argv[2]))
    else:
        _pull_here(sys.argv[2], Path(sys.argv[3]))
