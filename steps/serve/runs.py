"""A tenant's runs: listing, starting and deciding on them."""

from __future__ import annotations

from typing import TypeVar

from adapters.aws.objects import Objects
from adapters.stores.records import read_record
from steps import approval
from steps.serve.once import Attempt
from steps.serve.services import Services
from steps.serve.uploads import is_there
from tessera import naming
from tessera.api.documents.runs import (
    RejectList,
    RunDetail,
    RunList,
    RunState,
    StartedRun,
    StartRun,
    StateProgress,
)
from tessera.api.refusals import conflict, missing
from tessera.errors import InvalidInput
from tessera.insights.approval import Decision
from tessera.insights.statistics.flows import flows
from tessera.records.fields import part_of
from tessera.records.insights.groups import SegmentFlow
from tessera.records.insights.insights import Insights
from tessera.records.runs.error import ErrorRecord, FailedRun
from tessera.records.runs.prepare import PrepareRecord
from tessera.records.runs.rejects import RejectedRows
from tessera.records.runs.run_item import RunItem
from tessera.records.scoring.movement import ScoredChanges
from tessera.segments.sets.catalog import RFM

_Record = TypeVar("_Record")


def list_runs(tenant: str, *, limit: int, after: str | None, services: Services) -> RunList:
    """Return a tenant's runs, the newest first, those after a run if one is named.

    Raises
    ------
    RequestRefusal
        The tenant has no such run.
    """
    runs = sorted(
        services.runs.of_tenant(tenant), key=lambda run: (run.started_at, run.run_id), reverse=True
    )
    names = [run.run_id for run in runs]
    if after is not None and after not in names:
        raise missing("run of this id")
    first = 0 if after is None else names.index(after) + 1
    page = runs[first : first + limit]
    more = page and first + limit < len(runs)
    return RunList(items=tuple(map(_state, page)), next=page[-1].run_id if more else None)


def run_detail(tenant: str, run_id: str, *, services: Services) -> RunDetail:
    """Return one run with what is known of it so far.

    Raises
    ------
    RequestRefusal
        The tenant has no such run.
    """
    item = _item(tenant, run_id, services)
    folder, data = naming.run_prefix(tenant, run_id), services.data
    prepared = _known(PrepareRecord, data, folder + naming.PREPARE_RECORD)
    scored = _known(ScoredChanges, data, folder + naming.SCORE_RECORD)
    failure = _known(ErrorRecord, data, folder + naming.ERROR) if item.status == "FAILED" else None
    insights = _known(Insights, data, folder + naming.INSIGHTS)
    return RunDetail(
        **vars(_state(item)),
        as_of=prepared.as_of if prepared else None,
        states=tuple(
            StateProgress(name=name, entered_at=entered, exited_at=exited)
            for name, entered, exited in services.executions.states(item.execution_arn)
        ),
        rows=prepared.rows if prepared else None,
        source=prepared.source if prepared else None,
        history=prepared.history if prepared else None,
        breaker=scored.breaker if scored else None,
        changes=_changes(scored) if scored else {},
        failure=part_of(failure, FailedRun) if failure else None,
        cost=insights.cost if insights else None,
        warnings=prepared.warnings if prepared else (),
    )


def list_rejects(tenant: str, run_id: str, *, services: Services) -> RejectList:
    """Return which rows of a run's upload were refused, and why, without their content.

    Raises
    ------
    RequestRefusal
        The tenant has no such run.
    """
    _item(tenant, run_id, services)
    folder = naming.run_prefix(tenant, run_id)
    prepared = _known(PrepareRecord, services.data, folder + naming.PREPARE_RECORD)
    listed = _known(RejectedRows, services.data, folder + naming.REJECTED_LINES)
    return RejectList(
        run_id=run_id,
        rejected=prepared.rows.rejected if prepared else {},
        items=listed.first if listed else (),
    )


def start_run(request: StartRun, attempt: Attempt, *, services: Services) -> StartedRun:
    """Start a run of today, or read an upload again. A repeated request starts none.

    Raises
    ------
    RequestRefusal
        The tenant has no such upload.
    """
    name = f"api-{attempt.tenant}-{attempt.name}"
    if request.upload is None:
        time = attempt.now.isoformat(timespec="seconds")
        event = {"trigger": "schedule", "tenant": attempt.tenant, "time": time}
    else:
        event = {"trigger": "upload", "key": _own_upload(request.upload, attempt, services)}
    services.executions.start(name, event)
    return StartedRun(execution=name)


def decide(decision: Decision, *, services: Services) -> RunState:
    """Approve or reject a run that waits.

    Raises
    ------
    RequestRefusal
        The tenant has no such run, or it does not wait.
    """
    _item(decision.tenant, decision.run_id, services)
    try:
        approval.decide(decision, runs=services.runs, tasks=services.tasks, now=services.clock())
    except InvalidInput as error:
        raise conflict(f"{error}.") from None
    return _state(_item(decision.tenant, decision.run_id, services))


def _own_upload(key: str, attempt: Attempt, services: Services) -> str:
    try:
        own = naming.upload_tenant(key) == attempt.tenant
    except InvalidInput:
        own = False
    if not own or not is_there(key, services=services):
        raise missing("upload of this key")
    return key


def _item(tenant: str, run_id: str, services: Services) -> RunItem:
    item = services.runs.get(tenant, run_id)
    if item is None:
        raise missing("run of this id")
    return item


def _state(item: RunItem) -> RunState:
    waits = item.status == "RUNNING" and item.waits_until and not item.decision
    queued = item.queued if item.status == "RUNNING" else ""
    return RunState(
        run_id=item.run_id,
        status="QUEUED" if queued else "WAITING" if waits else item.status,
        queued=queued or None,
        started_at=item.started_at or None,
        finished_at=item.finished_at or None,
        upload=item.upload or None,
        error=item.error or None,
        waits_for=item.waits_for or None,
        waits_until=item.waits_until or None,
        expected_cost=item.expected_cost or None,
        decision=item.decision or None,
        decided_by=item.decided_by or None,
        decided_at=item.decided_at or None,
    )


def _changes(scored: ScoredChanges) -> dict[str, tuple[SegmentFlow, ...]]:
    """Return each set's segments before and after."""
    sets = {RFM: scored.movement} if scored.movement else {}
    return {name: flows(movement) for name, movement in {**sets, **scored.set_movements}.items()}


def _known(cls: type[_Record], data: Objects, key: str) -> _Record | None:
    return read_record(cls, data, key, tolerant=True) if data.exists(key) else None
