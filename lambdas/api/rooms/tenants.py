"""The tenants of a deployment, for its operators."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Response

from lambdas.api.calls import OperatorCaller, attempt_of, body_of
from lambdas.api.parameters import RemovalPath, Requested, TenantPath
from lambdas.api.replies import json_reply
from steps.serve import operating as steps
from steps.serve.once import once
from tessera.api.documents.tenants import (
    NewTenant,
    RemovalFacts,
    RemovalList,
    RemoveTenant,
    SuspendTenant,
    TenantChange,
    TenantFacts,
    TenantList,
)

_New = Annotated[NewTenant, Depends(body_of(NewTenant))]
_Change = Annotated[TenantChange, Depends(body_of(TenantChange))]
_Suspend = Annotated[SuspendTenant, Depends(body_of(SuspendTenant))]
_Remove = Annotated[RemoveTenant, Depends(body_of(RemoveTenant))]


def tenants(call: OperatorCaller) -> TenantList:
    """Return the tenants."""
    return steps.list_tenants(call.services)


def make_tenant(call: OperatorCaller, body: _New, idempotency_key: Requested) -> TenantFacts:
    """Make a tenant."""
    return once(
        attempt_of(call, key=idempotency_key, operation="make_tenant", body=body),
        lambda: steps.make_tenant(body, call.operator, call.services),
        kind=TenantFacts,
        requests=call.services.requests,
    )


def tenant(call: OperatorCaller, tenant: TenantPath) -> TenantFacts:
    """Return a tenant."""
    return steps.show_tenant(tenant, call.services)


def suspend_tenant(call: OperatorCaller, tenant: TenantPath, body: _Suspend) -> TenantFacts:
    """Stop everything of a tenant."""
    return steps.suspend_tenant(tenant, body, call.operator, call.services)


def resume_tenant(call: OperatorCaller, tenant: TenantPath) -> TenantFacts:
    """Let a tenant go on."""
    return steps.resume_tenant(tenant, call.operator, call.services)


def limit_tenant(call: OperatorCaller, tenant: TenantPath, body: _Change) -> TenantFacts:
    """Set what a tenant may use."""
    return steps.limit_tenant(tenant, body, call.operator, call.services)


def remove_tenant(
    call: OperatorCaller, tenant: TenantPath, body: _Remove, idempotency_key: Requested
) -> RemovalFacts:
    """Begin to remove a tenant."""
    attempt = attempt_of(call, key=idempotency_key, operation="remove_tenant", body=body)
    return once(
        attempt,
        lambda: steps.remove_tenant(
            tenant, body, call.operator, call.services, attempt=attempt.name
        ),
        kind=RemovalFacts,
        requests=call.services.requests,
    )


def removals(call: OperatorCaller) -> RemovalList:
    """Return the removals."""
    return steps.list_removals(call.services)


def removal(call: OperatorCaller, removal_case: RemovalPath) -> Response:
    """Return a receipt with its signature, which is over the very JSON that was written."""
    return json_reply(steps.read_removal(removal_case, call.services))
