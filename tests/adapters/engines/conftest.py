"""Files read, checked and folded by the engine itself, without any cloud."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from adapters.engines.duckdb import history, outputs
from adapters.engines.duckdb.own_events import sort_events, write_events
from adapters.engines.duckdb.reading.files.upload_file import UploadFile
from adapters.engines.duckdb.reading.ingest import ingest
from adapters.engines.duckdb.session import confine, connect, scalar
from adapters.engines.duckdb.summaries import SummaryFiles, write_summary
from adapters.engines.duckdb.validate import FileCheck, validate_file
from adapters.stores.events import UploadRecord
from tessera.customers.summary import Period, day_after
from tessera.events.products import HAS_CATEGORY, HAS_PRODUCT
from tessera.events.pseudonym import ID_KINDS, hmac_blocks, id_blocks
from tessera.events.rejects import Reject
from tessera.records.codec import encode
from tessera.settings import RunSettings

SECRET = b"a secret for tests"


@pytest.fixture
def check(tmp_path: Path) -> Callable[..., FileCheck]:
    """Check a file's bytes under some settings."""

    def run(
        body: bytes | str,
        *,
        name: str = "upload.csv",
        uploaded_at: dt.datetime | None = None,
        **settings: Any,
    ) -> FileCheck:
        path = tmp_path / name
        path.write_bytes(body.encode() if isinstance(body, str) else body)
        return validate_file(path, RunSettings.parse(settings), uploaded_at=uploaded_at)

    return run


@dataclasses.dataclass(frozen=True)
class Folded:
    """What became of some files: customers by their id, and the files themselves."""

    customers: dict[str, dict[str, Any]]
    events: list[dict[str, Any]]
    identities: list[dict[str, Any]]
    rejects: list[Reject]
    read: int
    rejected: int
    ignored: int
    customers_bytes: bytes
    features_bytes: bytes
    behaviour_bytes: bytes
    identities_bytes: bytes
    behaviour: dict[str, list[dict[str, Any]]]
    subscriptions: dict[str, dict[str, Any]]
    bought: list[dict[str, Any]]
    summary: dict[str, Any]

    @property
    def money(self) -> Decimal:
        return sum((row["monetary"] for row in self.customers.values()), Decimal(0))


@pytest.fixture
def fold(tmp_path: Path) -> Callable[..., Folded]:
    """Fold files (paths, or bytes) into customers as of a day."""

    def run(*files: Path | bytes | str, as_of: str = "", **settings: Any) -> Folded:
        folder = Path(_new_folder(tmp_path))
        parts = []
        for index, file in enumerate(files):
            path = file if isinstance(file, Path) else folder / f"upload-{index}.csv"
            if not isinstance(file, Path):
                path.write_bytes(file.encode() if isinstance(file, str) else file)
            parts.append(UploadFile(path.name, path))
        return _fold(parts, folder, RunSettings.parse(settings), as_of)

    return run


def _new_folder(base: Path) -> Path:
    folder = base / f"fold-{len(list(base.iterdir()))}"
    folder.mkdir()
    return folder


def _fold(parts: list[UploadFile], folder: Path, settings: RunSettings, as_of: str) -> Folded:
    files = SummaryFiles.below(folder)
    with connect(folder, memory_limit_mb=512) as db:
        confine(db, folder, files=[part.path for part in parts])
        ingested = ingest(db, parts, settings=settings, currency="", folder=folder)
        outputs.make_keys(db, hmac_blocks(SECRET, tenant="default"))
        keyed = [
            column
            for column in ID_KINDS
            if outputs.make_id_keys(db, column, id_blocks(SECRET, tenant="default", column=column))
        ]
        sort_events(db, ids=keyed)
        events = write_events(db, folder / "events.parquet", ids=keyed)
        identities = outputs.write_identities(db, folder / "identities.parquet")
        count = "SELECT count({}_id) FROM accepted_rows"
        named = scalar(db, f"SELECT count(*) FROM accepted_rows WHERE {HAS_PRODUCT}")
        kinds = scalar(db, f"SELECT count(*) FROM accepted_rows WHERE {HAS_CATEGORY}")
        ids, order_ids = (scalar(db, count.format(kind)) for kind in ("event", "order"))
        record = UploadRecord(
            id="one", name="one.csv", content="c", since="2026-01-01", events=ingested.tally.stored,
            event_ids=ids, order_ids=order_ids, first_event_at=None, last_event_at=None,
            currency="", products=named, categories=kinds,
        )  # fmt: skip
        history.open_history(db, [history.StoredUpload([events], record)], own="one")
        last = history.span_of(db).last
        day = (
            dt.date.fromisoformat(as_of) if as_of else day_after(last, time_zone=settings.time_zone)
        )
        period = Period(
            as_of=day, window_months=settings.window_months, time_zone=settings.time_zone
        )
        summary = write_summary(
            db, period=period, files=files, products=named > 0, categories=kinds > 0
        )
        rejects = list(ingested.rejects())
    people = pq.read_table(identities).to_pylist()
    id_of = {row["customer_key"]: row["customer_id"] for row in people}
    rows = pq.read_table(files.customers).to_pylist()
    return Folded(
        customers={id_of[row["customer_key"]]: row for row in rows},
        events=pq.read_table(events).to_pylist(),
        identities=people,
        rejects=rejects,
        read=ingested.tally.read,
        rejected=sum(ingested.tally.rejected.values()),
        ignored=sum(ingested.tally.not_events.values()),
        customers_bytes=files.customers.read_bytes(),
        features_bytes=files.features.read_bytes(),
        behaviour_bytes=files.behaviour_days.read_bytes(),
        identities_bytes=identities.read_bytes(),
        behaviour=_by_customer(files.behaviour_days, id_of),
        subscriptions={
            id_of[row["customer_key"]]: row
            for row in pq.read_table(files.subscriptions).to_pylist()
        },
        bought=[
            {**row, "customer_key": id_of[row["customer_key"]]}
            for row in pq.read_table(files.customer_products).to_pylist()
        ],
        summary=encode(summary),
    )


def _by_customer(file: Path, id_of: dict[str, str]) -> dict[str, list[dict[str, Any]]]:
    days: dict[str, list[dict[str, Any]]] = {}
    for row in pq.read_table(file).to_pylist():
        days.setdefault(id_of[row.pop("customer_key")], []).append(row)
    return days
