"""What operators do with the tenants of a deployment. They reach no data of any."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from adapters.stores.idempotency import Idempotency
from steps import tenancy
from steps.tenancy import Operator, TenantKeeper
from tessera import naming
from tessera.api.documents.tenants import (
    NewTenant,
    OwnLimits,
    RemovalFacts,
    RemovalList,
    RemoveTenant,
    SuspendTenant,
    TenantChange,
    TenantFacts,
    TenantList,
)
from tessera.api.refusals import ProblemPart, conflict, missing, wrong
from tessera.environments.tenancy import Tenancy
from tessera.errors import InvalidInput
from tessera.records.fields import part_of
from tessera.records.removal import RemovalReceipt, removal_case
from tessera.records.tenant import Tenant


class Removals(Protocol):
    """Removes tenants, which takes a while, and keeps the receipts."""

    def start(self, tenant: str, case: str, *, attempt: str) -> None:
        """Begin a removal, or go on with it. The same attempt begins once."""

    def document(self, case: str) -> Mapping[str, Any] | None:
        """Return a receipt with its signature, exactly as it was signed. None without one."""

    def listed(self) -> Sequence[RemovalReceipt]:
        """Return every receipt."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class OperatorServices:
    """What operators' routes work with. Nothing of it is a tenant's.

    Parameters
    ----------
    tenants
        The records of tenants.
    removals
        Removes tenants.
    requests
        The answers to requests with an ``Idempotency-Key``.
    destinations
        The destinations of the deployment.
    tenancy
        What holds for a tenant without its own limits.
    """

    tenants: TenantKeeper
    removals: Removals
    requests: Idempotency
    destinations: Sequence[str]
    tenancy: Tenancy


def list_tenants(services: OperatorServices) -> TenantList:
    """Return the tenants, by name."""
    usual = services.tenancy
    return TenantList(
        items=tuple(map(_facts, services.tenants.listed())),
        limits=OwnLimits(max_runs=usual.max_runs, requests_per_minute=usual.requests_per_minute),
        destinations=tuple(sorted(services.destinations)),
        is_open=usual.open,
    )


def show_tenant(name: str, services: OperatorServices) -> TenantFacts:
    """Return a tenant.

    Raises
    ------
    RequestRefusal
        There is no such tenant.
    """
    return _facts(_known(name, services))


def make_tenant(wanted: NewTenant, by: Operator, services: OperatorServices) -> TenantFacts:
    """Make a tenant.

    Raises
    ------
    RequestRefusal
        It exists, no tenant may be called so, or the deployment has no such destination.
    """
    if not naming.is_tenant(wanted.tenant):
        raise wrong(
            "No tenant may be called so.",
            ProblemPart(where="body.tenant", what=f"{wanted.tenant!r} is not a name"),
        )
    if services.tenants.get(wanted.tenant) is not None:
        raise conflict(f"Tenant {wanted.tenant!r} exists already.")
    made = _changed(Tenant(tenant=wanted.tenant), wanted, services)
    return _facts(_done(lambda: tenancy.make_tenant(made, by=by, tenants=services.tenants)))


def suspend_tenant(
    name: str, why: SuspendTenant, by: Operator, services: OperatorServices
) -> TenantFacts:
    """Stop everything of a tenant, and delete nothing.

    Raises
    ------
    RequestRefusal
        There is no such tenant, or it is being removed.
    """
    _known(name, services)
    return _facts(
        _done(lambda: tenancy.suspend(name, reason=why.reason, by=by, tenants=services.tenants))
    )


def resume_tenant(name: str, by: Operator, services: OperatorServices) -> TenantFacts:
    """Let a suspended tenant go on.

    Raises
    ------
    RequestRefusal
        There is no such tenant, or it is being removed.
    """
    _known(name, services)
    return _facts(_done(lambda: tenancy.resume(name, by=by, tenants=services.tenants)))


def limit_tenant(
    name: str, wanted: TenantChange, by: Operator, services: OperatorServices
) -> TenantFacts:
    """Set what a tenant may use, whole.

    Raises
    ------
    RequestRefusal
        There is no such tenant, it is being removed, or a destination is unknown.
    """
    _known(name, services)
    how: Callable[[Tenant], Tenant] = lambda known: _changed(known, wanted, services)  # noqa: E731
    return _facts(_done(lambda: tenancy.change(name, how, by=by, tenants=services.tenants)))


def remove_tenant(
    name: str, asked: RemoveTenant, by: Operator, services: OperatorServices, *, attempt: str
) -> RemovalFacts:
    """Begin to remove a tenant with all its data. From now on nothing new starts for it.

    Asked again, a removal that has stopped goes on.

    Raises
    ------
    RequestRefusal
        There is no such tenant, it cannot be removed, or its name was not confirmed.
    """
    _known(name, services)
    if asked.confirm != name:
        raise wrong(
            "Nothing is removed: the name was not repeated.",
            ProblemPart(where="body.confirm", what=f"expected {name!r}"),
        )
    if name == naming.DEFAULT_TENANT:
        raise conflict(
            "Tenant 'default' cannot be removed: its uploads and keys have no folder. Remove the "
            "deployment instead."
        )
    marked = _done(
        lambda: tenancy.mark_removing(name, reason=asked.reason, by=by, tenants=services.tenants)
    )
    case = removal_case(marked)
    services.removals.start(name, case, attempt=attempt)
    return RemovalFacts(
        case=case,
        tenant=name,
        asked_at=marked.changed_at,
        asked_by=marked.changed_by,
        reason=marked.reason,
    )


def list_removals(services: OperatorServices) -> RemovalList:
    """Return the removals, the newest first. One that has just begun has no receipt yet."""
    receipts = sorted(
        services.removals.listed(), key=lambda one: (one.asked_at, one.case), reverse=True
    )
    return RemovalList(items=tuple(part_of(one, RemovalFacts) for one in receipts))


def read_removal(case: str, services: OperatorServices) -> Mapping[str, Any]:
    """Return a signed receipt as JSON. It says what is left, while something is.

    Raises
    ------
    RequestRefusal
        There is no such removal, or it has just begun.
    """
    known = services.removals.document(case)
    if known is None:
        raise missing("receipt of this case")
    return known


def _known(name: str, services: OperatorServices) -> Tenant:
    known = services.tenants.get(name)
    if known is None:
        raise missing("tenant of this name")
    return known


def _facts(tenant: Tenant) -> TenantFacts:
    return TenantFacts.of(
        tenant, removal=removal_case(tenant) if tenant.state == "removing" else None
    )


def _changed(known: Tenant, wanted: TenantChange, services: OperatorServices) -> Tenant:
    own = wanted.destinations
    return dataclasses.replace(
        known,
        limits=wanted.limits.record,
        destinations=None if own is None else _own(own, services),
        daily_run=wanted.daily_run,
    )


def _own(names: Sequence[str], services: OperatorServices) -> tuple[str, ...]:
    try:
        return tenancy.check_destinations(names, stage=services.destinations)
    except InvalidInput as error:
        raise wrong(
            "A destination is unknown.", ProblemPart(where="body.destinations", what=str(error))
        ) from None


def _done(change: Callable[[], Tenant]) -> Tenant:
    """Return the tenant after a change. Its state, or somebody else's change, may not fit."""
    try:
        return change()
    except InvalidInput as error:
        raise conflict(f"{str(error)[0].upper()}{str(error)[1:]}.") from None
