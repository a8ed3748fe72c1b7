"""Measure the runs under way and the time since the last one. Called every 15 minutes.

Step Functions reports a duration when a run has ended. An alarm needs it before.
"""

from __future__ import annotations

import datetime as dt
import os
from typing import Any

from adapters.aws.executions import Executions
from adapters.aws.function_logs import logged
from adapters.aws.metrics import put_hours
from tessera.environments.watch_runs import WatchRunsEnvironment
from tessera.naming import HOURS_SINCE_RUN, LONGEST_RUN_HOURS

_HOUR = dt.timedelta(hours=1)


@logged("WatchRuns", facts=("longest_run_hours", "hours_since_run"))
def handler(_event: dict[str, Any], _context: object) -> dict[str, float | None]:
    """Reply with both, in hours. None where no run has ever succeeded."""
    env = WatchRunsEnvironment.from_env(os.environ)
    executions = Executions(env.state_machine_arn)
    now = dt.datetime.now(dt.UTC)
    longest = max(((now - start) / _HOUR for start in executions.running()), default=0.0)
    put_hours(LONGEST_RUN_HOURS, longest, stage=env.stage)
    ended = executions.last_success()
    since = None if ended is None else (now - ended) / _HOUR
    if since is not None:
        put_hours(HOURS_SINCE_RUN, since, stage=env.stage)
    return {"longest_run_hours": longest, "hours_since_run": since}
