"""Start a run of today for every tenant. Called by the daily rule."""

from __future__ import annotations

import os
from typing import Any

from adapters.aws.executions import Executions
from adapters.aws.function_logs import logged
from adapters.stores.tenants import Tenants
from steps.start_daily_runs import start_daily_runs
from tessera.environments.start_daily_runs import StartDailyRunsEnvironment
from tessera.errors import InvalidInput


@logged("StartDailyRuns", facts=("tenants",))
def handler(event: dict[str, Any], _context: object) -> dict[str, int]:
    """Reply how many tenants have a run of today."""
    time = str(event.get("time", ""))
    if not time:
        raise InvalidInput('the event has no time: expected {"time": "2026-12-01T03:00:00Z"}')
    env = StartDailyRunsEnvironment.from_env(os.environ)
    tenants = start_daily_runs(
        time, tenants=Tenants(env.tenants_table), executions=Executions(env.state_machine_arn)
    )
    return {"tenants": tenants}
