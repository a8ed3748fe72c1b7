"""Approve or reject a run that waits. Called by people, with the AWS CLI or a button.

The event is {"tenant", "run_id", "decision": "approve" or "reject", "by", "why"}.
"""

from __future__ import annotations

import datetime as dt
import os
from typing import Any

from adapters.aws.function_logs import logged
from adapters.aws.tasks import Tasks
from adapters.stores.runs import Runs
from steps import approval
from tessera.environments.approval import DecideRunEnvironment
from tessera.insights.approval import Decision


@logged("DecideRun", message="decision")
def handler(event: dict[str, Any], _context: object) -> dict[str, str]:
    """Reply with the decision. A run that does not wait is an InvalidInput."""
    env = DecideRunEnvironment.from_env(os.environ)
    decision = Decision.parse(event)
    runs = Runs(env.runs_table)
    approval.decide(decision, runs=runs, tasks=Tasks(), now=dt.datetime.now(dt.UTC))
    return {"tenant": decision.tenant, "run_id": decision.run_id, **decision.outcome}
