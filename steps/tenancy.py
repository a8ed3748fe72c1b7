"""Make, list and change the tenants of a stage: what operators do, by command line and API."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Collection
from typing import Protocol

from tessera import naming
from tessera.environments.tenancy import Tenancy
from tessera.errors import InvalidInput
from tessera.records.tenant import Tenant, why_closed

_ATTEMPTS = 5
_RECENT = dt.timedelta(seconds=15)


class TenantKeeper(Protocol):
    """Keeps the tenants of a stage."""

    def listed(self) -> list[Tenant]:
        """Return every tenant, by name."""

    def get(self, name: str) -> Tenant | None:
        """Return a tenant, None for one that is not known."""

    def save(self, tenant: Tenant, *, before: Tenant | None) -> bool:
        """Write a tenant on top of what was read. Return False if somebody changed it meanwhile."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Operator:
    """Who changes tenants, and when.

    Parameters
    ----------
    subject
        Who it is in records: ``user:<id>``, ``key:<id>`` or ``cli``.
    now
        The present instant.
    """

    subject: str
    now: dt.datetime


class RecentTenants:
    """Tenants as they were some seconds ago: one read serves many requests.

    Parameters
    ----------
    read
        Returns a tenant as it is now, None for one that is not known.
    """

    def __init__(self, read: Callable[[str], Tenant | None]) -> None:
        self._read = read
        self._kept: dict[str, tuple[dt.datetime, Tenant | None]] = {}

    def get(self, name: str, *, now: dt.datetime) -> Tenant | None:
        """Return a tenant as it was at most 15 seconds before ``now``."""
        at, known = self._kept.get(name, (now - 2 * _RECENT, None))
        if not dt.timedelta() <= now - at < _RECENT:
            known = self._read(name)
            self._kept[name] = (now, known)
        return known


def why_not(recent: RecentTenants, *, tenancy: Tenancy) -> Callable[[str, dt.datetime], str]:
    """Return a function from a tenant and now to why nothing is taken for it. Empty where it is."""

    def why(name: str, now: dt.datetime) -> str:
        return why_closed(name, recent.get(name, now=now), is_open=tenancy.open)

    return why


def make_tenant(tenant: Tenant, *, by: Operator, tenants: TenantKeeper) -> Tenant:
    """Make a tenant.

    Raises
    ------
    InvalidInput
        It exists, or no tenant may be called so.
    """
    naming.check_tenant(tenant.tenant)
    made = dataclasses.replace(
        tenant, made_at=by.now, made_by=by.subject, changed_at=by.now, changed_by=by.subject
    )
    if not tenants.save(made, before=None):
        raise InvalidInput(
            f"tenant {tenant.tenant!r} exists already: `tessera tenant show {tenant.tenant}`"
        )
    return made


def known_tenant(name: str, *, tenants: TenantKeeper) -> Tenant:
    """Return a tenant.

    Raises
    ------
    InvalidInput
        There is no such tenant.
    """
    known = tenants.get(name)
    if known is None:
        raise InvalidInput(f"there is no tenant {name!r}: `tessera tenant list` has them all")
    return known


def suspend(name: str, *, reason: str, by: Operator, tenants: TenantKeeper) -> Tenant:
    """Stop everything of a tenant, and delete nothing. Suspending it again changes the reason.

    Raises
    ------
    InvalidInput
        There is no such tenant, or it is being removed.
    """
    return change(
        name,
        lambda tenant: dataclasses.replace(tenant, state="suspended", reason=reason),
        by=by,
        tenants=tenants,
    )


def resume(name: str, *, by: Operator, tenants: TenantKeeper) -> Tenant:
    """Let a suspended tenant go on. An active one stays as it is.

    Raises
    ------
    InvalidInput
        There is no such tenant, or it is being removed.
    """
    return change(
        name,
        lambda tenant: dataclasses.replace(tenant, state="active", reason=""),
        by=by,
        tenants=tenants,
    )


def change(
    name: str, how: Callable[[Tenant], Tenant], *, by: Operator, tenants: TenantKeeper
) -> Tenant:
    """Change a tenant's record, on top of whatever others change at the same time.

    Raises
    ------
    InvalidInput
        There is no such tenant, it is being removed, or others keep changing it.
    """
    for _ in range(_ATTEMPTS):
        before = known_tenant(name, tenants=tenants)
        if before.state == "removing":
            raise InvalidInput(f"{before.why_not}: it cannot be changed any more")
        after = how(before)
        if after == before:
            return before
        after = dataclasses.replace(after, changed_at=by.now, changed_by=by.subject)
        if tenants.save(after, before=before):
            return after
    raise InvalidInput(f"tenant {name!r} is being changed by somebody else: try again")


def mark_removing(name: str, *, reason: str, by: Operator, tenants: TenantKeeper) -> Tenant:
    """Return a tenant as one that is being removed: nothing new starts for it.

    The first call gives the removal its instant, by which its case is called.

    Raises
    ------
    InvalidInput
        There is no such tenant, or somebody else changes it.
    """
    known = known_tenant(name, tenants=tenants)
    if known.state == "removing":
        return known
    marked = dataclasses.replace(
        known, state="removing", reason=reason, changed_at=by.now, changed_by=by.subject
    )
    if not tenants.save(marked, before=known):
        raise InvalidInput(f"tenant {name!r} is being changed by somebody else: try again")
    return marked


def check_destinations(names: Collection[str], *, stage: Collection[str]) -> tuple[str, ...]:
    """Return the destinations that a tenant may use.

    Raises
    ------
    InvalidInput
        The stage has no such destination.
    """
    unknown = [name for name in names if name not in stage]
    if unknown:
        raise InvalidInput(
            f"this stage has no destination {unknown[0]!r}: use {', '.join(sorted(stage))}"
        )
    return tuple(sorted(set(names)))
