"""Record a failed run and notify others. Called by `FailRun`, whatever state failed."""

from __future__ import annotations

import datetime as dt
import os
from typing import Any

from adapters.aws.function_logs import logged
from adapters.aws.notices import Notices
from adapters.aws.objects import Objects
from adapters.stores.runs import Runs
from steps import fail_run
from tessera.environments.fail_run import FailRunEnvironment


@logged("FailRun", message="error", facts=("state",))
def handler(event: dict[str, Any], _context: object) -> dict[str, str]:
    """Reply with the failure, for the execution's own record. It holds no personal data."""
    env = FailRunEnvironment.from_env(os.environ)
    failed = fail_run.FailedExecution.parse(event)
    record = fail_run.fail_run(
        fail_run.record_of(failed, now=dt.datetime.now(dt.UTC)),
        data=Objects(env.data_bucket),
        identities=Objects(env.identities_bucket),
        runs=Runs(env.runs_table),
        notices=Notices(env.topic_arn),
    )
    return {
        "tenant": record.tenant,
        "run_id": record.run_id,
        "state": record.state,
        "error": record.error,
        "message": record.message,
        "history": record.history,
    }
