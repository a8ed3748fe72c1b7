"""Write the run's summary, manifest and report, and tell others. Called by `FinishRun`.

Every step may be repeated: a retry writes the same again.
"""

from __future__ import annotations

import datetime as dt
import os
from typing import Any

from adapters.aws.function_logs import logged
from adapters.aws.metrics import count_failed_destinations
from adapters.aws.notices import Notices
from adapters.aws.objects import Objects
from adapters.stores.catalog import Catalog
from adapters.stores.runs import Runs
from tessera import naming
from tessera.contracts.tables import MODEL_CARDS, PROFILES, TRANSITIONS
from tessera.environments import FinishRunEnvironment
from tessera.insights.manifest import manifest
from tessera.insights.records import RunRecords
from tessera.insights.report.page import render
from tessera.insights.summary import (
    event_detail,
    failed_destinations,
    notification,
    summarise,
)


@logged("FinishRun", facts=("report",))
def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Reply where the report lies; errors pass through."""
    tenant, run_id = str(event["tenant"]), str(event["run_id"])
    env = FinishRunEnvironment.from_env(os.environ)
    data = Objects(env.data_bucket)
    records = _read(tenant, run_id, data, Objects(env.identities_bucket), now=_now())
    summary = summarise(records)
    report = _write(records, summary, data)
    _catalogue(records, Catalog(env.database), bucket=env.data_bucket)
    for folder in naming.SERVICE_WRITTEN:
        data.tag_prefix(naming.run_key(tenant, run_id, folder))
    # The next run compares itself with this one.
    data.write_json(naming.latest_key(tenant), {"run_id": run_id, "as_of": records.as_of})
    runs = Runs(env.runs_table)
    runs.finish(tenant, run_id, finished_at=records.finished_at)
    runs.give_turn(tenant, execution_arn=runs.get(tenant, run_id)["execution_arn"])
    notices = Notices(env.topic_arn)
    notices.publish("Run Finished", event_detail(summary, report=report))
    notices.notify(*notification(summary, report=report))
    failed = failed_destinations(summary["destinations"])
    count_failed_destinations(len(failed), stage=env.stage)
    return {"tenant": tenant, "run_id": run_id, "report": report}


def _catalogue(records: RunRecords, catalog: Catalog, *, bucket: str) -> None:
    folder = naming.profiles_partition(records.as_of, records.run_id)
    for table, prefix in (
        (PROFILES, naming.profiles_prefix(records.tenant)),
        (TRANSITIONS, naming.transitions_prefix(records.tenant)),
        (MODEL_CARDS, naming.model_cards_prefix(records.tenant)),
    ):
        catalog.add_partition(
            table,
            values=[records.tenant, records.as_of, records.run_id],
            location=f"s3://{bucket}/{prefix}{folder}",
        )


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds")


def _read(tenant: str, run_id: str, data: Objects, identities: Objects, *, now: str) -> RunRecords:
    ticket = data.read_json(naming.run_key(tenant, run_id, naming.TICKET))
    folders = [
        naming.destination_prefix(tenant, run_id, name)
        for name in ticket["settings"]["destinations"]
    ]
    return RunRecords(
        ticket=ticket,
        prepare=data.read_json(naming.run_key(tenant, run_id, naming.PREPARE_RECORD)),
        score=data.read_json(naming.run_key(tenant, run_id, naming.SCORE_RECORD)),
        destinations=tuple(identities.read_json(folder + naming.LOAD_REPORT) for folder in folders),
        loads=tuple(identities.read_json(folder + naming.LOAD_RECORD) for folder in folders),
        finished_at=now,
    )


def _write(records: RunRecords, summary: dict[str, Any], data: Objects) -> str:
    """Write the three files; return the report's address."""
    made = manifest(records)
    page = render(records, made).encode()
    folder = naming.run_prefix(records.tenant, records.run_id)
    data.write_json(folder + naming.SUMMARY, summary)
    data.write_json(folder + naming.MANIFEST, made)
    data.write(folder + naming.REPORT, page, content_type="text/html; charset=utf-8")
    return f"s3://{data.bucket}/{folder}{naming.REPORT}"
