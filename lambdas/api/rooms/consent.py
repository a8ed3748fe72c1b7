"""Consents, lists of receivers and a spam rate. Each function imports its steps, as others do."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends

from lambdas.api.calls import Caller, attempt_of, body_of
from lambdas.api.parameters import ImportPath, ListPath, Requested
from steps.serve.once import once
from tessera.api.documents.campaigns.consent import (
    ConsentCounts,
    FileSize,
    FileTarget,
    ReceiverLists,
)
from tessera.api.documents.campaigns.postmaster import SpamRate
from tessera.campaigns.consent.report import ConsentReport
from tessera.campaigns.sending.brakes import PostmasterFigure

_SizeBody = Annotated[FileSize, Depends(body_of(FileSize))]
_FigureBody = Annotated[PostmasterFigure, Depends(body_of(PostmasterFigure))]


def receiver_lists(call: Caller) -> ReceiverLists:
    """Return the lists of receivers."""
    from steps.serve.campaigns import uploads as steps

    return steps.list_receivers(call.tenant, services=call.services)


def upload_receivers(call: Caller, list_name: ListPath, body: _SizeBody) -> FileTarget:
    """Return where a list goes."""
    from steps.serve.campaigns import uploads as steps

    return steps.upload_receivers(list_name, body, call.tenant, services=call.services)


def consents(call: Caller) -> ConsentCounts:
    """Return how many have consented."""
    from steps.serve.campaigns import consents as steps

    return steps.count(call.tenant, services=call.services)


def create_consent_import(call: Caller, body: _SizeBody, idempotency_key: Requested) -> FileTarget:
    """Return where a file of consents goes."""
    from steps.serve.campaigns import uploads as steps

    attempt = attempt_of(call, key=idempotency_key, operation="create_consent_import", body=body)
    return once(
        attempt,
        lambda: steps.create_import(body, attempt, services=call.services),
        kind=FileTarget,
        requests=call.services.requests,
    )


def start_consent_import(call: Caller, import_id: ImportPath) -> ConsentReport:
    """Import a file of consents."""
    from steps.serve.campaigns import uploads as steps

    return steps.start_import(call.tenant, import_id, services=call.services)


def spam_rate(call: Caller) -> SpamRate:
    """Return Gmail's spam rate."""
    from steps.serve.campaigns import postmaster as steps

    return steps.read_spam_rate(call.tenant, services=call.services)


def enter_spam_rate(call: Caller, body: _FigureBody) -> SpamRate:
    """Keep Gmail's spam rate."""
    from steps.serve.campaigns import postmaster as steps

    return steps.enter_spam_rate(body, call.tenant, services=call.services)
