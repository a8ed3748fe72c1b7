"""Approve or reject a run that waits. Called by whoever may: by the AWS CLI, or a button.

The event is {"tenant", "run_id", "decision": "approve" or "reject", "by", "why"}.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Mapping
from typing import Any

from adapters.aws.function_logs import logged
from adapters.aws.tasks import Tasks
from adapters.stores.runs import Runs
from tessera.environments import DecideRunEnvironment
from tessera.errors import InvalidInput, NotApproved
from tessera.insights.approval import Decision


@logged("DecideRun", message="decision")
def handler(event: dict[str, Any], _context: object) -> dict[str, str]:
    """Reply with what was decided; a run that doesn't wait is an InvalidInput."""
    decision = Decision.parse(event)
    runs = Runs(DecideRunEnvironment.from_env(os.environ).runs_table)
    found = runs.get(decision.tenant, decision.run_id)
    token = runs.token(decision.tenant, decision.run_id)
    if not token or not _answer(decision, token):
        raise InvalidInput(_why_not(decision, found))
    runs.decide(
        decision.tenant,
        decision.run_id,
        execution_arn=found["execution_arn"],
        decision=decision.verb,
        by=decision.by,
        decided_at=dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds"),
    )
    return {"tenant": decision.tenant, "run_id": decision.run_id, **decision.outcome}


def _answer(decision: Decision, token: str) -> bool:
    if decision.verb == "approve":
        return Tasks().succeed(token, decision.outcome)
    return Tasks().fail(token, error=NotApproved.__name__, cause=decision.rejection)


def _why_not(decision: Decision, found: Mapping[str, str]) -> str:
    run = f"run {decision.run_id!r} of tenant {decision.tenant!r}"
    if not found:
        return f"there is no {run}: check both names against the notification"
    if found.get("decision"):
        by = f" by {found['decided_by']}" if found.get("decided_by") else ""
        word = {"approve": "approved", "reject": "rejected"}[found["decision"]]
        return f"{run} was {word} already{by} at {found['decided_at']}"
    if found.get("waits_until"):
        return f"{run} waits no more: somebody has just decided, or its time was up"
    return f"{run} doesn't wait for an approval: it is {found['status']}"
