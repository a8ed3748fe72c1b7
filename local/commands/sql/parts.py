"""The files of a state as the bases of the warehouse: runs' tables, and the events of uploads."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from adapters.stores.events import UploadRecord, events_folder, that_count
from adapters.warehouse.files import TablePart
from local.app.state.files import StateFiles
from local.app.state.snapshot import DATA
from tessera import naming
from tessera.contracts.tables import CATALOGUED, LATEST_RUNS
from tessera.records.codec import decode
from tessera.records.runs.latest import Latest
from tessera.records.runs.run_item import RunItem
from tessera.warehouse.views import LOADED_EVENTS


def parts_of(state: StateFiles) -> Mapping[str, Sequence[TablePart]]:
    """Return the parts of each base: pseudonymous tables alone, no addresses."""
    runs = state.runs()
    bases = {table.name: list(_parts(state, runs, table.name)) for table in CATALOGUED}
    tenants = sorted({run.tenant for run in runs})
    events = [part for tenant in tenants for part in _event_parts(state, tenant)]
    latest = [_latest(state, tenant) for tenant in tenants]
    return {**bases, LATEST_RUNS.name: latest, LOADED_EVENTS.name: events}


def _latest(state: StateFiles, tenant: str) -> TablePart:
    key = naming.latest_key(tenant)
    latest = decode(Latest, state.read_json(DATA, key), document=key, tolerant=True)
    return TablePart(
        values={"tenant": tenant, "as_of": latest.as_of.isoformat(), "run": latest.run_id}
    )


def _parts(state: StateFiles, runs: Sequence[RunItem], table: str) -> Iterator[TablePart]:
    for run in runs:
        as_of = str(state.summary(run)["as_of"])
        prefix = f"{naming.tenant_prefix(run.tenant)}{table}/"
        keys = state.keys(DATA, prefix + naming.profiles_partition(as_of, run.run_id))
        yield TablePart(
            files=tuple(_files(state, keys)),
            values={"tenant": run.tenant, "as_of": as_of, "run": run.run_id},
        )


def _event_parts(state: StateFiles, tenant: str) -> Iterator[TablePart]:
    listed = state.keys(DATA, naming.events_prefix(tenant))
    pointers = [key for key in listed if key.endswith("/" + naming.UPLOAD_POINTER)]
    records = [UploadRecord.parse(json.loads(state.read(DATA, key))) for key in pointers]
    for record in that_count(records):
        folder = events_folder(tenant, record)
        keys = [key for key in listed if key.startswith(folder)]
        yield TablePart(
            files=tuple(_files(state, keys)),
            values={"tenant": tenant, "since": record.since, "upload": record.id},
        )


def _files(state: StateFiles, keys: Sequence[str]) -> Iterator[Path]:
    yield from (state.file(DATA, key) for key in keys if key.endswith(".parquet"))
