"""One history as one upload, as an upload a day, and as an upload a month: what many small cost.

The buckets are folders that answer each request after 20 ms, as S3 does. The events are the same.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from adapters.aws.objects import ListedObject
from adapters.engines.duckdb.prepare import duckdb_engine
from adapters.engines.prepare import Workspace
from adapters.stores.events import UploadRecord
from bench.folder_objects import FolderObjects
from bench.report import Ratio, Section, table
from steps.prepare.run import PrepareRun
from steps.prepare.step import prepare
from tessera import naming
from tessera.records.codec import encode
from tessera.records.runs.prepare import PrepareRecord, Summary
from tessera.records.runs.ticket import Part, Ticket, Upload, upload_id
from tessera.settings import RunSettings

_LATENCY_S = 0.02
_DAYS = (365, 1000)
_EVENTS_A_DAY = 200
_CUSTOMERS = 5000
_LAST = dt.datetime(2026, 11, 28, tzinfo=dt.UTC)
_HEADER = "EventName,CustomerID,EventID,Date,Amount\n"
_MOST_S = 2.0  # reading the records of a thousand uploads


class _Slow(FolderObjects):
    """Files behind a network."""

    def read(self, key: str, *, version_id: str | None = None) -> bytes:
        time.sleep(_LATENCY_S)
        return super().read(key, version_id=version_id)

    def exists(self, key: str) -> bool:
        time.sleep(_LATENCY_S)
        return super().exists(key)

    def entries(self, prefix: str) -> list[ListedObject]:
        time.sleep(_LATENCY_S)
        below = FolderObjects(self._folder / prefix).entries("")
        return [dataclasses.replace(each, key=prefix + each.key) for each in below]

    def download(self, key: str, path: Path, *, version_id: str | None = None) -> Path:
        time.sleep(_LATENCY_S)
        return super().download(key, path, version_id=version_id)


@dataclasses.dataclass
class _Shop:
    """A tenant in a folder, and its runs."""

    folder: Path
    runs: int = 0

    def __post_init__(self) -> None:
        self.data, self.identities = (_Slow(self.folder / name) for name in ("data", "identities"))

    def prepare(self, upload: Upload | None) -> PrepareRecord:
        """Prepare a run."""
        self.runs += 1
        work = self.folder / f"work-{self.runs}"
        work.mkdir(parents=True)
        workspace = self.workspace(work)
        ticket = Ticket.issue(
            tenant=naming.DEFAULT_TENANT,
            trigger="upload" if upload else "schedule",
            settings=RunSettings(),
            started_at=_LAST + dt.timedelta(days=1),
            upload=upload,
        )
        run = PrepareRun(
            ticket=dataclasses.replace(ticket, run_id=workspace.run_id), workspace=workspace
        )
        self.data.write_json(workspace.key(naming.TICKET), encode(run.ticket))
        with duckdb_engine(workspace, memory_limit_mb=2048) as engine:
            record = prepare(run, engine)
        if upload:
            workspace.uploads.keep(upload.id, run_id=workspace.run_id)
            workspace.uploads.settle(workspace.run_id)
        return record

    def workspace(self, work: Path) -> Workspace:
        """Return where a run works."""
        return Workspace(
            data=self.data,
            identities=self.identities,
            tenant=naming.DEFAULT_TENANT,
            run_id=f"r{self.runs}",
            secret=b"of the bench",
            folder=work,
            decided=_say_nothing,
        )

    def cut(self, name_of: Callable[[dt.datetime], str]) -> int:
        """Store the events of the one upload again, as an upload for each name. Return how many."""
        events = self.workspace(self.folder).uploads.events
        [whole] = events.uploads()
        rows = pa.concat_tables(
            [pq.read_table(self.folder / "data" / k) for k in events.keys(whole)]
        )
        self.data.delete_prefix(naming.events_prefix(naming.DEFAULT_TENANT))
        names = pa.array([name_of(at) for at in rows["occurred_at"].to_pylist()])
        for name in sorted(set(names.to_pylist())):
            self._store(whole, name, rows.filter(pc.equal(names, name)))
        return len(events.uploads())

    def _store(self, whole: UploadRecord, name: str, rows: pa.Table) -> None:
        folder = naming.source_folder(naming.DEFAULT_TENANT, name)
        path = self.folder / "cut.parquet"
        pq.write_table(rows, path, compression="zstd", store_schema=False)
        at = sorted(rows["occurred_at"].to_pylist())
        record = dataclasses.replace(
            whole,
            id=upload_id(folder),
            name=folder,
            since=at[0].isoformat(),
            stored_at=at[0].isoformat(),
            events=len(rows),
            event_ids=len(rows),
            first_event_at=at[0].isoformat(),
            last_event_at=at[-1].isoformat(),
        )
        events = self.workspace(self.folder).uploads.events
        events.write(record, [path])
        events.commit(record)


def measure(*, say: Callable[[str], None]) -> Section:
    """Count the same events in each form."""
    rows: list[list[str]] = []
    most = 0.0
    for days in _DAYS:
        first: Summary | None = None
        for form, name_of in _FORMS.items():
            say(f"{days} days as {form}")
            with tempfile.TemporaryDirectory() as folder:
                shop = _Shop(Path(folder))
                shop.prepare(_uploaded(shop, days))
                uploads = shop.cut(name_of)
                began = time.perf_counter()
                shop.workspace(Path(folder)).uploads.events.uploads()
                records_s = time.perf_counter() - began
                began = time.perf_counter()
                record = shop.prepare(None)
                total_s = time.perf_counter() - began
            summary = Summary(
                **{f.name: getattr(record, f.name) for f in dataclasses.fields(Summary)}
            )
            first = first or summary
            if summary != first:
                raise AssertionError(f"{form} of {days} days differs: {summary} is not {first}")
            most = max(most, records_s)
            rows.append(
                [f"{days} days, {form}", str(uploads), f"{records_s:.2f}", f"{total_s:.1f}"]
            )
    lines = table(["history", "uploads", "their records, s", "Prepare of a daily run, s"], rows)
    return Section(
        "Many small uploads, 20 ms a request",
        tuple(lines),
        (Ratio("records of 1,000 uploads, seconds", most, _MOST_S),),
    )


_FORMS: dict[str, Callable[[dt.datetime], str]] = {
    "one upload": lambda _: "orders",
    "an upload a month": lambda at: f"stream-{at:%Y-%m}",
    "an upload a day": lambda at: f"stream-{at:%Y-%m-%d}",
}


def _say_nothing(message: str, **facts: str | float | bool | None) -> None:
    """Log nothing of a measured run."""


def _uploaded(shop: _Shop, days: int) -> Upload:
    key = f"{naming.UPLOADS}orders.csv"
    body = (_HEADER + "".join(_lines(days))).encode()
    shop.data.write(key, body)
    return Upload.of(key, parts=(Part(key=key, version_id="", etag="e", bytes=len(body)),))


def _lines(days: int) -> Iterator[str]:
    drawn = random.Random(1)  # noqa: S311 (made-up customers)
    for day, number in itertools.product(range(days), range(_EVENTS_A_DAY)):
        at = _LAST - dt.timedelta(days=day, seconds=drawn.randrange(80_000))
        event = drawn.choice(("PURCHASED", "VIEWED", "VIEWED", "ADDED_TO_CART"))
        amount = f"{drawn.randrange(100, 9000) / 100:.2f}" if event == "PURCHASED" else ""
        yield f"{event},c{drawn.randrange(_CUSTOMERS)},{day}-{number},{at.isoformat()},{amount}\n"
