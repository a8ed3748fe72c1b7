"""Let a run go on, or ask people first. Called by `AwaitApproval`, with the state's token.

What may go on is answered at once. Otherwise the token waits in the runs table until decide_run
takes it, and the state's own timeout ends the wait.
"""

from __future__ import annotations

import datetime as dt
import os
from typing import Any

from adapters.aws.function_logs import logged
from adapters.aws.notices import Notices
from adapters.aws.objects import Objects
from adapters.aws.tasks import Tasks
from adapters.stores.runs import Runs
from tessera import naming
from tessera.environments import AwaitApprovalEnvironment
from tessera.insights.approval import Waiting


@logged("AwaitApproval", facts=("waits",))
def handler(event: dict[str, Any], _context: object) -> dict[str, bool]:
    """Reply whether the run waits; nobody reads it, the answer goes to the token."""
    env = AwaitApprovalEnvironment.from_env(os.environ)
    tenant, run_id = str(event["tenant"]), str(event["run_id"])
    key = naming.run_key(tenant, run_id, naming.SCORE_RECORD)
    breaker = Objects(env.data_bucket).read_json(key).get("breaker") or {}
    if not breaker.get("waits"):
        Tasks().succeed(str(event["token"]), {"decision": "none needed"})
        return {"waits": False}
    end = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=int(env.approval_seconds))
    waiting = Waiting(
        tenant=tenant,
        run_id=run_id,
        reason=str(breaker["reason"]),
        until=end.isoformat(timespec="seconds"),
    )
    Runs(env.runs_table).wait(
        tenant,
        run_id,
        execution_arn=str(event["execution_arn"]),
        token=str(event["token"]),
        reason=waiting.reason,
        until=waiting.until,
    )
    notices = Notices(env.topic_arn)
    notices.publish("Run Waiting", waiting.detail(breaker))
    notices.notify(
        *waiting.notification(function=env.decide_function, region=os.environ["AWS_REGION"])
    )
    return {"waits": True}
