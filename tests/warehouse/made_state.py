"""A state's folder with the made-up runs, as `tessera run` leaves one."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.compute as pc

from adapters.tables.parquet import write_table
from local.app.state.folder import StateFolder
from local.app.state.snapshot import DATA, IDENTITIES, Snapshot, StoredObject
from local.aws.objects.facts import ObjectFacts
from tessera import naming
from tessera.contracts.tables import CATALOGUED, EVENTS
from tests.warehouse import made_rows

_AT = "2026-03-01T00:00:00+00:00"
_RUNS = tuple(
    {"tenant": {"S": tenant}, "run_id": {"S": run}, "status": {"S": "SUCCEEDED"}}
    for tenant, _, run, _ in made_rows.RUNS
)
_UPLOAD = {
    "id": "u1", "name": "uploads/orders.csv", "content": "c1", "since": _AT, "events": 1,
    "event_ids": 0, "first_event_at": None, "last_event_at": None, "currency": "EUR",
}  # fmt: skip


def write_state(path: Path) -> Path:
    """Write the state. Return its folder."""
    folder = StateFolder(path)
    stored: list[StoredObject] = []

    def put(key: str, file: Path) -> None:
        facts = ObjectFacts(key=key, version="v", modified=_AT, bytes=1, etag="e", metadata={})
        stored.append(StoredObject(facts=facts, file=file.name))

    def put_json(key: str, value: object) -> None:
        file = folder.new_file()
        file.write_text(json.dumps(value), encoding="utf-8")
        put(key, file)

    with folder.locked(wait=lambda: None):
        rows = made_rows.bases()
        for tenant, as_of, run, _ in made_rows.RUNS:
            partition = naming.profiles_partition(as_of.isoformat(), run)
            for table in CATALOGUED:
                of_run = rows[table.name].filter(pc.equal(rows[table.name]["run"], run))
                file = write_table(folder.new_file(), of_run.select(table.names), table)
                put(f"{naming.tenant_prefix(tenant)}{table.name}/{partition}p.parquet", file)
            put_json(naming.run_key(tenant, run, naming.SUMMARY), {"as_of": as_of.isoformat()})
            if made_rows.LATEST[tenant] == run:
                latest = {"run_id": run, "as_of": as_of.isoformat()}
                put_json(naming.latest_key(tenant), latest)
        for upload in (_UPLOAD, {**_UPLOAD, "id": "u2", "withdrawn": True}):
            pointer = naming.events_prefix("default", upload["id"])
            put_json(pointer + naming.UPLOAD_POINTER, upload)
            for content in ("c1", "older"):
                events = made_rows.rows_of(EVENTS)
                file = write_table(folder.new_file(), events, EVENTS)
                put(f"{pointer}content={content}/part-0.parquet", file)
        folder.write(
            Snapshot(
                secret="s", saved_at=_AT, runs=_RUNS, stand_ins={},
                objects={DATA: tuple(stored), IDENTITIES: ()},
            )
        )  # fmt: skip
    return path
