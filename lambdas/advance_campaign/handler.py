"""Return what to do next with a run. Called by the `AdvanceCampaign` state.

The event is {"tenant", "run", "execution", "rounds"}. ``rounds`` is how often the execution has
called: another execution goes on after a long history. With {"tenant", "run", "failed"} it records
the error that ended the plan.
"""

from __future__ import annotations

import datetime as dt
import os
from typing import Any

from adapters.aws.executions import Executions
from adapters.aws.function_logs import logged
from steps.campaign.advance import advance
from steps.campaign.ask_run import go_on
from steps.campaign.runs import fail_plan
from steps.campaign.sending.services import SendingServices
from tessera.campaigns.sending.next_step import NextStep
from tessera.environments.campaigns import AdvanceCampaignEnvironment

_MOST_ROUNDS = 20  # each has a hundred chunks at most, and an execution 25,000 events


@logged("AdvanceCampaign", message="reason", facts=("next", "chunks"))
def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Reply with ``next``: ``wait`` and ``until``, ``send`` and ``chunks``, or ``end``."""
    environment = AdvanceCampaignEnvironment.from_env(os.environ)
    tenant, run_id = str(event["tenant"]), str(event["run"])
    services = SendingServices.of(environment, tenant=tenant, clock=_now)
    if "failed" in event:
        reason = f"planning ended with {event['failed']}: see the log of PlanCampaign"
        run = fail_plan(services.records.runs, run_id, reason=reason, at=_now())
        return {"tenant": tenant, "run_id": run_id, "next": "end", "reason": run.reason}
    step = advance(services.machine(run_id, execution=str(event["execution"])), at=_now())
    if step.next != "end" and int(event["rounds"]) >= _MOST_ROUNDS:
        executions = Executions(environment.state_machine_arn)
        go_on(tenant, run_id, progress=services.records.progress, executions=executions, at=_now())
        step = NextStep(next="end", reason="another execution goes on")
    known = services.records.progress.read(run_id)
    return {
        "tenant": tenant,
        "run_id": run_id,
        "next": step.next,
        "until": _timestamp(step.until or _now()),
        "chunks": [{"chunk": name, "round": known.round if known else 0} for name in step.chunks],
        "reason": step.reason,
    }


def _timestamp(at: dt.datetime) -> str:
    """Return a moment as a Wait state reads it, never a second too early."""
    later = at.astimezone(dt.UTC) + dt.timedelta(seconds=1 if at.microsecond else 0)
    return later.strftime("%Y-%m-%dT%H:%M:%SZ")


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
