"""Record why a run failed, remove what it stored, and notify people and programs.

Earlier results stay in force, and the tenant's history is as it was before the run.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from typing import Any, Self

from adapters.aws.notices import Notices
from adapters.aws.objects import Objects
from adapters.stores.records import write_record
from adapters.stores.runs import Runs
from adapters.stores.upload_history import UploadHistory
from tessera import naming
from tessera.errors import TesseraError
from tessera.insights.failure.notification import history_after, notification
from tessera.insights.failure.understanding import CaughtError, understand
from tessera.records.codec import encode
from tessera.records.fields import part_of
from tessera.records.messages.run_failed import RunFailedDetail
from tessera.records.runs.error import ErrorRecord


@dataclasses.dataclass(frozen=True, kw_only=True)
class FailedExecution:
    """An execution that failed: the input of FailRun.

    Parameters
    ----------
    tenant, run_id
        The run. ``run_id`` is the execution's name if the run had no ticket yet.
    execution_arn
        The execution.
    caught
        The error, and the state that it ended.
    """

    tenant: str
    run_id: str
    execution_arn: str
    caught: CaughtError

    @classmethod
    def parse(cls, event: Mapping[str, Any]) -> Self:
        """Read the input of FailRun."""
        return cls(
            tenant=str(event["tenant"]),
            run_id=str(event["run_id"]),
            execution_arn=str(event["execution_arn"]),
            caught=CaughtError.parse(event),
        )


def record_of(failed: FailedExecution, *, now: dt.datetime) -> ErrorRecord:
    """Return error.json of an execution that failed now."""
    failure = understand(failed.caught)
    return ErrorRecord(
        tenant=failed.tenant,
        run_id=failed.run_id,
        state=failed.caught.state,
        error=failure.error,
        message=failure.message,
        what_to_do=failure.what_to_do,
        details=failure.details,
        execution_arn=failed.execution_arn,
        failed_at=now,
    )


def fail_run(
    record: ErrorRecord, *, data: Objects, identities: Objects, runs: Runs, notices: Notices
) -> ErrorRecord:
    """End the run, drop its upload, end the tenant's turn, then notify. Return error.json."""
    key = naming.run_key(record.tenant, record.run_id, naming.ERROR)
    write_record(record, data, key)
    failed = runs.fail(
        record.tenant,
        record.run_id,
        execution_arn=record.execution_arn,
        failed_at=record.failed_at.isoformat(timespec="milliseconds"),
        error=record.error,
    )
    if failed:  # otherwise another execution has the run, and what is stored may be its upload
        uploads = UploadHistory(data, identities, tenant=record.tenant)
        record = dataclasses.replace(record, history=_drop_upload(uploads, record.run_id))
        write_record(record, data, key)
    runs.give_turn(record.tenant, execution_arn=record.execution_arn)
    where = f"s3://{data.bucket}/{key}"
    detail = part_of(record, RunFailedDetail, details=where)
    notices.publish("Run Failed", encode(detail))
    notices.notify(*notification(record, where=where))
    for folder in naming.SERVICE_WRITTEN:  # last: people must learn of the failure in any case
        data.tag_prefix(naming.run_key(record.tenant, record.run_id, folder))
    return record


def _drop_upload(uploads: UploadHistory, run_id: str) -> str:
    """Remove what the run stored. Return what became of it, for people."""
    try:
        return history_after(uploads.settle(run_id))
    except TesseraError:  # it counts nowhere, and people must learn of the failure in any case
        return history_after("left")
