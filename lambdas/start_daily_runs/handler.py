"""Start a run of today for every tenant. Called by the daily rule.

One rule serves any number of tenants, so the template does not grow with them. A second call on
the same day starts only what is missing.
"""

from __future__ import annotations

import os
from typing import Any

from adapters.aws.executions import Executions
from adapters.aws.function_logs import logged
from adapters.stores.tenants import Tenants
from tessera.environments import StartDailyRunsEnvironment
from tessera.errors import InvalidInput
from tessera.naming import CANARY_TENANT


@logged("StartDailyRuns", facts=("tenants",))
def handler(event: dict[str, Any], _context: object) -> dict[str, int]:
    """Reply how many tenants have a run of today."""
    time = str(event.get("time", ""))
    if not time:
        raise InvalidInput('the event has no time: expected {"time": "2026-12-01T03:00:00Z"}')
    env = StartDailyRunsEnvironment.from_env(os.environ)
    executions = Executions(env.state_machine_arn)
    # The canary's run follows a deployment. Nobody looks at one every day, and it costs money.
    tenants = [one for one in Tenants(env.tenants_table).all() if one != CANARY_TENANT]
    for tenant in tenants:
        executions.start(
            f"daily-{tenant}-{time[:10]}",
            {"trigger": "schedule", "tenant": tenant, "time": time},
        )
    return {"tenants": len(tenants)}
