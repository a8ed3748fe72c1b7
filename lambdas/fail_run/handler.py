"""Write error.json and tell others. Called by `FailRun`, whatever state failed."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Mapping
from typing import Any

from adapters.aws.function_logs import logged
from adapters.aws.notices import Notices
from adapters.aws.objects import Objects
from adapters.stores.runs import Runs
from tessera import naming
from tessera.environments import FailRunEnvironment
from tessera.insights.failure import error_record, notification, understand_caught


@logged("FailRun", message="error", facts=("state",))
def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Reply with the failure, for the execution's own record; it names nobody."""
    env = FailRunEnvironment.from_env(os.environ)
    record = _record(event, now=dt.datetime.now(dt.UTC))
    tenant, run_id = record["tenant"], record["run_id"]
    data = Objects(env.data_bucket)
    key = naming.run_key(tenant, run_id, naming.ERROR)
    data.write_json(key, record)
    runs = Runs(env.runs_table)
    runs.fail(
        tenant,
        run_id,
        execution_arn=record["execution_arn"],
        failed_at=record["failed_at"],
        error=record["error"],
    )
    runs.give_turn(tenant, execution_arn=record["execution_arn"])
    where = f"s3://{data.bucket}/{key}"
    told = {name: record[name] for name in ("tenant", "run_id", "state", "error", "message")}
    notices = Notices(env.topic_arn)
    notices.publish("Run Failed", {**told, "what_to_do": record["what_to_do"], "details": where})
    notices.notify(*notification(record, where=where))
    for folder in naming.SERVICE_WRITTEN:  # last: others must learn of the failure in any case
        data.tag_prefix(naming.run_key(tenant, run_id, folder))
    return told


def _record(event: Mapping[str, Any], *, now: dt.datetime) -> dict[str, Any]:
    return error_record(
        understand_caught(event),
        tenant=str(event["tenant"]),
        run_id=str(event["run_id"]),
        state=str(event["state"]),
        execution_arn=str(event["execution_arn"]),
        failed_at=now.isoformat(timespec="milliseconds"),
    )
