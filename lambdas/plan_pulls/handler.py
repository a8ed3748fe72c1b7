"""Name the shops to pull. Called by the state PlanPulls."""

from __future__ import annotations

import dataclasses
import functools
import os
from typing import Any

from adapters.aws.executions import Executions
from adapters.aws.function_logs import logged
from adapters.aws.secrets import has_secret
from adapters.stores.tenants import Tenants
from steps.pull.plan import plan_pulls
from tessera.environments.pulls import PlanPullsEnvironment


@logged("PlanPulls", facts=("count",))
def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Reply which tenants' shops are pulled."""
    env = PlanPullsEnvironment.from_env(os.environ)
    pulls = plan_pulls(
        env.connectors.split(","),
        stage=env.stage,
        tenants=[one.tenant for one in Tenants(env.tenants_table).active()],
        has_secret=functools.cache(has_secret),
        execution=event["execution"],
        running=Executions(env.state_machine_arn).running_arns(),
        reload=event.get("reload") is True,
    )
    return {"count": len(pulls), "pulls": [dataclasses.asdict(pull) for pull in pulls]}
