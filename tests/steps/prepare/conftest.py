"""A tenant whose buckets are folders, and Prepare run on DuckDB without a container."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from adapters.engines.duckdb.prepare import duckdb_engine
from adapters.engines.prepare import Workspace
from bench.folder_objects import FolderObjects
from steps.prepare.run import PrepareRun
from steps.prepare.step import prepare
from tessera import naming
from tessera.records.codec import encode
from tessera.records.runs.prepare import PrepareRecord
from tests.endings import RunEnding, end_run
from tests.tickets import ticket, upload

SECRET = b"a secret for tests"


@dataclasses.dataclass
class Shop:
    """A tenant and its history. Each run has a second of 2026-12-01 to itself."""

    folder: Path
    runs: int = 0

    def __post_init__(self) -> None:
        for name in ("data", "identities"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        self.data = FolderObjects(self.folder / "data")
        self.identities = FolderObjects(self.folder / "identities")

    def run(
        self, files: dict[str, str] | None = None, *, ending: RunEnding = "well", **fields: Any
    ) -> PrepareRecord:
        """Upload files, prepare a run of them and end it. Without files it is a scheduled run."""
        self.runs += 1
        run_id = f"r{self.runs}"
        for key, text in (files or {}).items():
            self.data.write(key, text.encode())
        if files:
            fields["upload"] = upload(*files)
        started = dt.datetime(2026, 12, 1, tzinfo=dt.UTC) + dt.timedelta(seconds=self.runs)
        work = self.folder / "work" / run_id
        work.mkdir(parents=True)
        workspace = Workspace(
            data=self.data, identities=self.identities, tenant="default", run_id=run_id,
            secret=SECRET, folder=work, decided=lambda _, **__: None,
        )  # fmt: skip
        run = PrepareRun(
            ticket=ticket(run_id=run_id, started_at=started, **fields), workspace=workspace
        )
        self.data.write_json(workspace.key(naming.TICKET), encode(run.ticket))
        with duckdb_engine(workspace, memory_limit_mb=512) as engine:
            record = prepare(run, engine)
        end_run(self.data, self.identities, run_id=run_id, ending=ending)
        return record

    def upload(self, name: str, text: str, **fields: Any) -> PrepareRecord:
        """Upload one file and prepare its run."""
        return self.run({f"uploads/{name}": text}, **fields)

    def customers(self) -> dict[str, dict[str, Any]]:
        """The latest run's customers by the shop's own id."""
        prefix = naming.run_key("default", f"r{self.runs}", naming.CUSTOMERS)
        rows = self.rows(self.data, prefix)
        people = self.rows(self.identities, naming.identities_prefix("default"))
        id_of = {row["customer_key"]: row["customer_id"] for row in people}
        return {id_of[row["customer_key"]]: row for row in rows}

    def rows(self, bucket: FolderObjects, prefix: str) -> list[dict[str, Any]]:
        """The rows of every Parquet file below a prefix."""
        paths = [
            self.folder / bucket.bucket / key
            for key in bucket.sizes(prefix)
            if key.endswith(".parquet")
        ]
        return [row for path in paths for row in pq.read_table(path).to_pylist()]

    def stored(self) -> dict[str, bytes]:
        """Everything that later runs read, by key."""
        prefixes = (
            (self.data, naming.events_prefix("default")),
            (self.identities, naming.identities_prefix("default")),
            (self.identities, naming.search_prefix("default")),
            (self.identities, naming.order_ids_prefix("default")),
        )
        return {
            f"{bucket.bucket}/{key}": bucket.read(key)
            for bucket, prefix in prefixes
            for key in bucket.sizes(prefix)
        }


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path / "shop")


@pytest.fixture
def new_shop(tmp_path: Path) -> Callable[[], Shop]:
    """Make a tenant for each example of a property."""

    def make() -> Shop:
        return Shop(tmp_path / f"shop-{len(list(tmp_path.iterdir()))}")

    return make
