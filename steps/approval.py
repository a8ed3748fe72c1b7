"""Ask people whether a run may be sent, and act on what they decide.

AwaitApproval asks. The run's token then waits in the runs table until DecideRun takes a decision,
or until the state's own timeout ends the wait.
"""

from __future__ import annotations

import dataclasses
import datetime as dt

from adapters.aws.notices import Notices
from adapters.aws.objects import Objects
from adapters.aws.tasks import Tasks
from adapters.stores.records import read_record
from adapters.stores.runs import Runs
from tessera import naming
from tessera.errors import InvalidInput, NotApproved
from tessera.insights.approval import Decision, event_detail, notification
from tessera.insights.cost.run_cost import Billing
from tessera.insights.cost.steps import RunSize
from tessera.insights.cost.words import sentence
from tessera.records.codec import encode
from tessera.records.runs.prepare import PrepareRecord
from tessera.records.runs.run_item import RunItem, WaitingRun
from tessera.records.runs.ticket import Ticket
from tessera.records.scoring.movement import ScoreVerdict

_DONE = {"approve": "approved", "reject": "rejected"}


@dataclasses.dataclass(frozen=True, kw_only=True)
class ApprovalQuestion:
    """A run that has been scored, and the state that waits for a decision on it.

    Parameters
    ----------
    tenant, run_id, execution_arn
        The run.
    token
        The state's token. It is a credential, so no message has it.
    """

    tenant: str
    run_id: str
    execution_arn: str
    token: str = dataclasses.field(repr=False)


def ask(
    question: ApprovalQuestion,
    *,
    data: Objects,
    runs: Runs,
    tasks: Tasks,
    notices: Notices,
    until: dt.datetime,
    decide_function: str,
    billing: Billing,
) -> bool:
    """Let a run continue, or ask people first. Return whether it waits.

    Parameters
    ----------
    question
        The run.
    data, runs, tasks, notices
        The data bucket, the runs table, the state machine's tasks and the notifications.
    until
        When the state times out.
    decide_function
        The function that takes the decision, for the notification.
    billing
        What the run's jobs are billed by, and the region of the function.
    """
    tenant, run_id = question.tenant, question.run_id
    key = naming.run_key(tenant, run_id, naming.SCORE_RECORD)
    breaker = read_record(ScoreVerdict, data, key, tolerant=True).breaker
    if breaker is None or not breaker.waits:
        tasks.succeed(question.token, {"decision": "none needed"})
        return False
    waiting = WaitingRun(
        tenant=tenant,
        run_id=run_id,
        reason=breaker.reason,
        until=until.isoformat(timespec="seconds"),
        expected_cost=_expected_cost(tenant, run_id, data, billing=billing),
    )
    runs.wait(waiting, execution_arn=question.execution_arn, token=question.token)
    notices.publish("Run Waiting", encode(event_detail(waiting, breaker=breaker)))
    notices.notify(*notification(waiting, function=decide_function, region=billing.region))
    return True


def _expected_cost(tenant: str, run_id: str, data: Objects, *, billing: Billing) -> str:
    """Return what the run is expected to cost as a sentence, empty without a price list."""
    folder = naming.run_prefix(tenant, run_id)
    ticket = read_record(Ticket, data, folder + naming.TICKET)
    prepared = read_record(PrepareRecord, data, folder + naming.PREPARE_RECORD)
    cost = billing.expected(RunSize.of(ticket, prepared, machines=billing.machines))
    return sentence(cost) if cost else ""


def decide(decision: Decision, *, runs: Runs, tasks: Tasks, now: dt.datetime) -> None:
    """Approve or reject a run that waits.

    Raises
    ------
    InvalidInput
        The run does not wait. The message says why not.
    """
    run = runs.get(decision.tenant, decision.run_id)
    token = runs.token(decision.tenant, decision.run_id)
    if run is None or not token or not _answer(decision, token, tasks=tasks):
        raise InvalidInput(_why_not(decision, run))
    runs.decide(
        decision.tenant,
        decision.run_id,
        execution_arn=run.execution_arn,
        decision=decision.verb,
        by=decision.by,
        decided_at=now.isoformat(timespec="milliseconds"),
    )


def _answer(decision: Decision, token: str, *, tasks: Tasks) -> bool:
    """Answer the waiting state. Return False if it no longer waits."""
    if decision.verb == "approve":
        return tasks.succeed(token, decision.outcome)
    return tasks.fail(token, error=NotApproved.__name__, cause=decision.rejection)


def _why_not(decision: Decision, item: RunItem | None) -> str:
    run = f"run {decision.run_id!r} of tenant {decision.tenant!r}"
    if item is None:
        return f"there is no {run}: check both names against the notification"
    if item.decision:
        by = f" by {item.decided_by}" if item.decided_by else ""
        return f"{run} was {_DONE[item.decision]} already{by} at {item.decided_at}"
    if item.waits_until:
        return f"{run} no longer waits: somebody has just decided, or its time was up"
    return f"{run} doesn't wait for an approval: it is {item.status}"
