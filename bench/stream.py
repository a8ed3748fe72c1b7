"""A million clicks through the steps of an event stream: how fast, in what memory, and exactly.

They come on three days. Some are sent again on a later day, and each batch is delivered twice, the
second time cut differently. A separate process stores them, a folder is the bucket, and Prepare
reads each day as one upload. What it counts must be the events that were sent.
"""

from __future__ import annotations

import datetime as dt
import json
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from bench.folder_objects import FolderObjects
from bench.measure import command
from bench.report import Ratio, Section

EVENTS = 1_000_000
_ROOT = Path(__file__).resolve().parents[1]
_TENANT, _SECRET = "default", b"s" * 64
_FIRST_DAY = dt.date(2026, 11, 26)
_DAYS = 3
_BATCHES = (10_000, 7_000)  # records of a batch: as first delivered, and again
_AGAIN = 0.02  # of the events, sent once more
_NONSENSE = 1_000  # every so many records, one that is no event
_RATE, _MEMORY_MB = 20_000, 1_024
_ENGINE_MB = 4_096  # of Prepare, whose memory is measured elsewhere


def measure(events: int = EVENTS, *, say: Callable[[str], None]) -> Section:
    """Store the deliveries, then let Prepare read each day."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        say(f"storing {events:,} events, twice")
        took = command([sys.executable, "-m", "bench.stream", scratch, str(events)], cwd=_ROOT)
        stored = json.loads((folder / "stored.json").read_text())
        say("reading the days")
        read, rows, history = _prepare(folder)
    sent = stored["records"]
    rate = stored["delivered"] / stored["cpu_seconds"]
    lines = (
        f"{sent:,} records of {events:,} events on {_DAYS} days, {stored['unreadable']:,} of them "
        f"no events, delivered twice: {stored['parts']:,} parts with {stored['rows']:,} rows",
        f"Stored: {rate:,.0f} records per processor second, peak {took.peak_mb:,.0f} MB",
        f"Prepare read {read:,} rows: {rows}. The history has {history:,} events",
    )
    lost = events - history
    return Section(
        "Event stream",
        lines,
        (
            Ratio("Event stream: records stored per processor second", rate, _RATE, least=True),
            Ratio("Event stream: peak MB of storing", took.peak_mb, _MEMORY_MB),
            Ratio("Event stream: events lost or doubled", abs(lost), 0),
            Ratio("Event stream: rows neither counted nor listed", stored["rows"] - read, 0),
        ),
    )


def store(folder: Path, events: int) -> None:
    """Store every batch of both deliveries, and write down what that took."""
    from steps.ingest.store import store_events
    from tessera.sources.stream import records_of

    data = _NewObjects(folder / "data")
    figures = {"records": 0, "delivered": 0, "unreadable": 0, "parts": 0, "rows": 0}
    spent = 0.0
    for size in _BATCHES:
        figures["records"] = figures["unreadable"] = 0
        for batch in _batches(events, size=size):
            event = json.loads(batch)  # Lambda's own work
            began = time.process_time()
            report = store_events(records_of(event), data=data)
            spent += time.process_time() - began
            figures["records"] += report.counts.records
            figures["delivered"] += report.counts.records
            figures["unreadable"] += report.counts.unreadable
            figures["parts"] += report.parts - report.repeated
            figures["rows"] += report.counts.records
    (folder / "stored.json").write_text(json.dumps({**figures, "cpu_seconds": spent}))


class _NewObjects(FolderObjects):
    """A folder that also refuses to write what is there."""

    def create(self, key: str, data: bytes) -> bool:
        """Write an object where there is none. Return whether there was none."""
        is_new = not self.exists(key)
        if is_new:
            self.write(key, data)
        return is_new


def _batches(events: int, *, size: int) -> Iterator[str]:
    """Yield the events that Lambda makes of a shard's records, always the same records."""
    batch: list[str] = []
    for number, (day, data) in enumerate(_records(events)):
        batch.append(_envelope(number, day, data))
        if len(batch) == size:
            yield '{"Records": [' + ",".join(batch) + "]}"
            batch = []
    if batch:
        yield '{"Records": [' + ",".join(batch) + "]}"


def _envelope(number: int, day: int, data: bytes) -> str:
    import base64

    at = dt.datetime.combine(_FIRST_DAY, dt.time(1), dt.UTC).timestamp() + 86_400 * day
    kinesis = {"data": base64.b64encode(data).decode(), "approximateArrivalTimestamp": at}
    return json.dumps({"eventID": f"shardId-000000000000:{number:056d}", "kinesis": kinesis})


def _records(events: int) -> Iterator[tuple[int, bytes]]:
    """Yield records with the day of their arrival: each event, and some of them again."""
    chance = random.Random(7)  # noqa: S311 (made-up data)
    later: list[tuple[int, bytes]] = []
    for day in range(_DAYS):
        due, later = (
            [again for again in later if again[0] <= day],
            [again for again in later if again[0] > day],
        )
        yield from due
        for number in range(day * events // _DAYS, (day + 1) * events // _DAYS):
            data = json.dumps(_click(number, day, chance)).encode()
            yield day, data
            if chance.random() < _AGAIN:
                later.append((min(day + chance.randrange(2), _DAYS - 1), data))
            if number % _NONSENSE == 0:
                yield day, b'{"EventID": "web-' + str(number).encode()
    yield from later


def _click(number: int, day: int, chance: random.Random) -> dict[str, object]:
    at = dt.datetime.combine(_FIRST_DAY, dt.time(), dt.UTC) + dt.timedelta(
        days=day, seconds=chance.randrange(3600)
    )
    name = chance.choices(("VIEWED", "PROCESSED", "PURCHASED"), (90, 8, 2))[0]
    click: dict[str, object] = {
        "EventID": f"web-{number}",
        "CustomerID": f"C{chance.randrange(100_000):06d}",
        "Date": at.isoformat().replace("+00:00", "Z"),
        "EventName": name,
        "ProductCode": f"SKU{chance.randrange(300)}",
    }
    if name == "PURCHASED":
        click |= {"Amount": chance.randrange(500, 20_000) / 100, "Currency": "EUR"}
        click |= {"OrderID": f"O{number}"}
    return click


def _prepare(folder: Path) -> tuple[int, str, int]:
    """Let Prepare read each day. Return the rows read, what became of them, and the events."""
    from adapters.engines.duckdb.prepare import duckdb_engine
    from adapters.engines.prepare import Workspace
    from steps.prepare.run import PrepareRun
    from steps.prepare.step import prepare
    from tessera import naming
    from tessera.records.runs.ticket import Part, Ticket, Upload
    from tessera.settings import RunSettings
    from tessera.sources.source_settings import settings_of_source

    data = FolderObjects(folder / "data")
    read = accepted = refused = ignored = events = 0
    for number in range(_DAYS):
        day = _FIRST_DAY + dt.timedelta(days=number)
        prefix = naming.source_folder(_TENANT, naming.stream_folder(day.isoformat()))
        sizes = data.sizes(prefix)
        parts = tuple(
            Part(key=key, version_id="", etag="", bytes=size) for key, size in sizes.items()
        )
        upload = Upload.of(prefix, parts=parts)
        ticket = Ticket.issue(
            tenant=_TENANT,
            trigger="upload",
            settings=settings_of_source(RunSettings(), source=naming.STREAM),
            started_at=dt.datetime.combine(day, dt.time(23), dt.UTC),
            as_of=day + dt.timedelta(days=1),
            upload=upload,
        )
        work = folder / f"work-{number}"
        work.mkdir()
        workspace = Workspace(
            data=data, identities=FolderObjects(folder / "identities"), tenant=_TENANT,
            run_id=ticket.run_id, secret=_SECRET, folder=work, decided=lambda *_, **__: None,
        )  # fmt: skip
        with duckdb_engine(workspace, memory_limit_mb=_ENGINE_MB) as engine:
            record = prepare(PrepareRun(ticket=ticket, workspace=workspace), engine)
        workspace.uploads.keep(upload.id, run_id=ticket.run_id)
        read += record.rows.read
        accepted += record.rows.accepted
        refused += sum(record.rows.rejected.values())
        ignored += sum(record.rows.ignored.values())
        events = record.history.events
    return read, f"{accepted:,} accepted, {refused:,} refused, {ignored:,} ignored", events


if __name__ == "__main__":
    store(Path(sys.argv[1]), int(sys.argv[2]))
