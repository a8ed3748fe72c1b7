"""Show what a run would send, and send nothing. Called by people.

The event is {"tenant", "run_id"}. The run ``latest``, the default, is the tenant's last finished
one: with the setting ``dry_run`` it has sent nothing.
"""

from __future__ import annotations

import os
from typing import Any

from adapters.aws.function_logs import logged
from steps.activate.plan import PlanRequest, plan_loads
from tessera.environments.activate import PlanLoadsEnvironment
from tessera.environments.machines import StageMachines
from tessera.insights.cost.run_cost import Billing
from tessera.records.codec import encode


@logged("PlanLoads", facts=("loads",))
def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Reply with a plan for each destination. A run that does not exist is an InvalidInput."""
    environment = PlanLoadsEnvironment.from_env(os.environ)
    billing = Billing(
        machines=StageMachines.from_text(environment.machines), region=os.environ["AWS_REGION"]
    )
    request = PlanRequest.parse(event)
    return encode(plan_loads(request, environment=environment, billing=billing))
