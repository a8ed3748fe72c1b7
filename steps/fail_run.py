"""Record why a run failed, and notify people and programs. Earlier results stay in force."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from typing import Any

from adapters.aws.notices import Notices
from adapters.aws.objects import Objects
from adapters.stores.runs import Runs
from tessera import naming
from tessera.insights.failure import notification, understand_caught
from tessera.records.codec import encode
from tessera.records.error import ErrorRecord
from tessera.records.run_failed import RunFailedDetail


def record_of(caught: Mapping[str, Any], *, now: dt.datetime) -> ErrorRecord:
    """Return error.json for what the state machine caught.

    Parameters
    ----------
    caught
        ``tenant``, ``run_id``, ``state`` and ``execution_arn``, and ``error`` with the ``Error``
        and ``Cause`` of the failed state.
    now
        When it failed.
    """
    failure = understand_caught(caught)
    return ErrorRecord(
        tenant=str(caught["tenant"]),
        run_id=str(caught["run_id"]),
        state=str(caught["state"]),
        error=failure.error,
        message=failure.message,
        what_to_do=failure.what_to_do,
        details=failure.details,
        execution_arn=str(caught["execution_arn"]),
        failed_at=now,
    )


def fail_run(record: ErrorRecord, *, data: Objects, runs: Runs, notices: Notices) -> None:
    """Write error.json, end the run and the tenant's turn, then send event and notification."""
    key = naming.run_key(record.tenant, record.run_id, naming.ERROR)
    data.write_json(key, encode(record))
    runs.fail(
        record.tenant,
        record.run_id,
        execution_arn=record.execution_arn,
        failed_at=record.failed_at.isoformat(timespec="milliseconds"),
        error=record.error,
    )
    runs.give_turn(record.tenant, execution_arn=record.execution_arn)
    where = f"s3://{data.bucket}/{key}"
    detail = RunFailedDetail(
        tenant=record.tenant,
        run_id=record.run_id,
        state=record.state,
        error=record.error,
        message=record.message,
        what_to_do=record.what_to_do,
        details=where,
    )
    notices.publish("Run Failed", dataclasses.asdict(detail))
    notices.notify(*notification(record, where=where))
    for folder in naming.SERVICE_WRITTEN:  # last: people must learn of the failure in any case
        data.tag_prefix(naming.run_key(record.tenant, record.run_id, folder))
