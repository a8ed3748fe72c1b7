"""The routes of operators: the tenants of a deployment, and no data of any."""

from __future__ import annotations

from tessera.api.documents import tenants
from tessera.api.roles import Scope
from tessera.api.route import Route

_SCOPE: Scope = "tenants:write"
_UNKNOWN = "A destination is not one of the deployment."

OPERATOR_ROUTES = (
    Route(
        method="GET",
        path="/v1/tenants",
        name="tenants",
        scope=_SCOPE,
        does="The tenants, and what holds for each",
        answers=tenants.TenantList,
    ),
    Route(
        method="POST",
        path="/v1/tenants",
        name="make_tenant",
        scope=_SCOPE,
        does="Make a tenant",
        answers=tenants.TenantFacts,
        takes=tenants.NewTenant,
        status=201,
        creates=True,
        judges=f"No tenant may be called so. {_UNKNOWN}",
    ),
    Route(
        method="GET",
        path="/v1/tenants/{tenant}",
        name="tenant",
        scope=_SCOPE,
        does="One tenant: its state and its limits",
        answers=tenants.TenantFacts,
    ),
    Route(
        method="POST",
        path="/v1/tenants/{tenant}/suspend",
        name="suspend_tenant",
        scope=_SCOPE,
        does="Run and send nothing for a tenant, and delete nothing",
        answers=tenants.TenantFacts,
        takes=tenants.SuspendTenant,
    ),
    Route(
        method="POST",
        path="/v1/tenants/{tenant}/resume",
        name="resume_tenant",
        scope=_SCOPE,
        does="Let a suspended tenant go on",
        answers=tenants.TenantFacts,
    ),
    Route(
        method="POST",
        path="/v1/tenants/{tenant}/limits",
        name="limit_tenant",
        scope=_SCOPE,
        does="Set what a tenant may use, whole",
        answers=tenants.TenantFacts,
        takes=tenants.TenantChange,
        judges=_UNKNOWN,
    ),
    Route(
        method="POST",
        path="/v1/tenants/{tenant}/remove",
        name="remove_tenant",
        scope=_SCOPE,
        does="Begin to remove a tenant with all its data, for good; the receipt comes later",
        answers=tenants.RemovalFacts,
        takes=tenants.RemoveTenant,
        status=202,
        creates=True,
        judges="`confirm` is not the tenant's name.",
    ),
    Route(
        method="GET",
        path="/v1/removals",
        name="removals",
        scope=_SCOPE,
        does="The removals of tenants, the newest first",
        answers=tenants.RemovalList,
    ),
    Route(
        method="GET",
        path="/v1/removals/{removal_case}",
        name="removal",
        scope=_SCOPE,
        does="The signed receipt of a removal: what there was, and what is left",
        answers=tenants.SignedRemoval,
    ),
)
