"""Let a run continue, or ask people first. Called by `AwaitApproval`, with the state's token."""

from __future__ import annotations

import datetime as dt
import os
from typing import Any

from adapters.aws.function_logs import logged
from adapters.aws.notices import Notices
from adapters.aws.objects import Objects
from adapters.aws.tasks import Tasks
from adapters.stores.runs import Runs
from steps import approval
from tessera.environments.approval import AwaitApprovalEnvironment
from tessera.environments.machines import StageMachines
from tessera.insights.cost.run_cost import Billing


@logged("AwaitApproval", facts=("waits",))
def handler(event: dict[str, Any], _context: object) -> dict[str, bool]:
    """Reply whether the run waits. The state itself continues by its token."""
    env = AwaitApprovalEnvironment.from_env(os.environ)
    question = approval.ApprovalQuestion(
        tenant=str(event["tenant"]),
        run_id=str(event["run_id"]),
        execution_arn=str(event["execution_arn"]),
        token=str(event["token"]),
    )
    waits = approval.ask(
        question,
        data=Objects(env.data_bucket),
        runs=Runs(env.runs_table),
        tasks=Tasks(),
        notices=Notices(env.topic_arn),
        until=dt.datetime.now(dt.UTC) + dt.timedelta(seconds=int(env.approval_seconds)),
        decide_function=env.decide_function,
        billing=Billing(
            machines=StageMachines.from_text(env.machines), region=os.environ["AWS_REGION"]
        ),
    )
    return {"waits": waits}
