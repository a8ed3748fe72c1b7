"""Runs and uploads."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Query

from lambdas.api.calls import Call, Caller, attempt_of, body_of
from lambdas.api.parameters import PageSize, Requested, RunPath
from steps.serve import runs as steps
from steps.serve import uploads as upload_steps
from steps.serve.once import once
from tessera.api.cursors import RUN
from tessera.api.documents.runs import (
    RejectList,
    RunDecision,
    RunDetail,
    RunList,
    RunState,
    StartedRun,
    StartRun,
    UploadList,
    UploadRequest,
    UploadTarget,
)
from tessera.insights.approval import Decision, Verb

_RunCursor = Annotated[
    str | None, Query(pattern=f"^{RUN}$", description="The `next` of the page before")
]
_RunBody = Annotated[StartRun, Depends(body_of(StartRun))]
_UploadBody = Annotated[UploadRequest, Depends(body_of(UploadRequest))]
_DecisionBody = Annotated[RunDecision, Depends(body_of(RunDecision))]


def runs(call: Caller, limit: PageSize = 50, cursor: _RunCursor = None) -> RunList:
    """Return a page of runs."""
    return steps.list_runs(call.tenant, limit=limit, after=cursor, services=call.services)


def run(call: Caller, run_id: RunPath) -> RunDetail:
    """Return one run."""
    return steps.run_detail(call.tenant, run_id, services=call.services)


def rejects(call: Caller, run_id: RunPath) -> RejectList:
    """Return refused rows."""
    return steps.list_rejects(call.tenant, run_id, services=call.services)


def start_run(call: Caller, body: _RunBody, idempotency_key: Requested) -> StartedRun:
    """Start a run."""
    attempt = attempt_of(call, key=idempotency_key, operation="start_run", body=body)
    return once(
        attempt,
        lambda: steps.start_run(body, attempt, services=call.services),
        kind=StartedRun,
        requests=call.services.requests,
    )


def approve_run(call: Caller, run_id: RunPath, body: _DecisionBody) -> RunState:
    """Let a run go on."""
    return _decide(call, run_id, "approve", body)


def reject_run(call: Caller, run_id: RunPath, body: _DecisionBody) -> RunState:
    """Stop a run."""
    return _decide(call, run_id, "reject", body)


def _decide(call: Call, run_id: str, verb: Verb, body: RunDecision) -> RunState:
    decision = Decision(
        tenant=call.tenant, run_id=run_id, verb=verb, by=call.principal.subject, why=body.why
    )
    return steps.decide(decision, services=call.services)


def uploads(call: Caller) -> UploadList:
    """Return the files that are there."""
    return upload_steps.list_uploads(call.tenant, services=call.services)


def create_upload(call: Caller, body: _UploadBody, idempotency_key: Requested) -> UploadTarget:
    """Return where to send a file."""
    attempt = attempt_of(call, key=idempotency_key, operation="create_upload", body=body)
    return once(
        attempt,
        lambda: upload_steps.create_upload(body, attempt, services=call.services),
        kind=UploadTarget,
        requests=call.services.requests,
    )
