"""Erasures of people."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Query

from lambdas.api.calls import Caller, attempt_of, body_of
from lambdas.api.parameters import CasePath, PageSize, Requested
from steps.serve import erasures as steps
from steps.serve.once import once
from tessera.api.documents.erasures import ErasureDetail, ErasureList, ErasureOrder
from tessera.erasure.case import ErasureCase
from tessera.erasure.request import CASE

_OrderBody = Annotated[ErasureOrder, Depends(body_of(ErasureOrder))]
_CaseCursor = Annotated[
    str | None, Query(pattern=f"^{CASE}$", description="The `next` of the page before")
]


def erasures(call: Caller, limit: PageSize = 50, cursor: _CaseCursor = None) -> ErasureList:
    """Return a page of erasures."""
    return steps.list_erasures(call.tenant, limit=limit, after=cursor, services=call.services)


def create_erasure(call: Caller, body: _OrderBody, idempotency_key: Requested) -> ErasureCase:
    """Start an erasure."""
    attempt = attempt_of(call, key=idempotency_key, operation="create_erasure", body=body)
    return once(
        attempt,
        lambda: steps.create_erasure(
            body, attempt, by=call.principal.subject, services=call.services
        ),
        kind=ErasureCase,
        requests=call.services.requests,
    )


def erasure(call: Caller, case: CasePath) -> ErasureDetail:
    """Return one erasure."""
    return steps.erasure_detail(call.tenant, case, services=call.services)
