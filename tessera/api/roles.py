"""Who may do what: scopes, the roles that hold them, and the tenant that a request is for."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Mapping
from typing import Literal

Scope = Literal[
    "self:read",
    "insights:read",
    "customers:read",
    "runs:write",
    "segments:write",
    "campaigns:write",
    "campaigns:send",
    "settings:write",
    "keys:write",
    "erasures:write",
    "tenants:write",
]
TenantRole = Literal["viewer", "marketer", "admin"]
Role = Literal["viewer", "marketer", "admin", "operator"]
OPERATOR: Literal["operator"] = "operator"
OPERATORS = "operators"  # the group of those who keep a deployment's tenants, and have none
NO_TENANT = ""

_VIEWER: tuple[Scope, ...] = ("self:read", "insights:read")
_MARKETER: tuple[Scope, ...] = (
    *_VIEWER,
    "customers:read",
    "runs:write",
    "segments:write",
    "campaigns:write",
    "campaigns:send",
)
_ADMIN: tuple[Scope, ...] = (*_MARKETER, "settings:write", "keys:write", "erasures:write")
# Each role of a tenant may do what the one before it may.
TENANT_ROLES: Mapping[TenantRole, tuple[Scope, ...]] = {
    "viewer": _VIEWER,
    "marketer": _MARKETER,
    "admin": _ADMIN,
}
# An operator keeps the tenants of a deployment, and reads no data of any.
ROLES: Mapping[Role, tuple[Scope, ...]] = {
    **dict(TENANT_ROLES.items()),
    OPERATOR: ("self:read", "tenants:write"),
}
_GROUP = re.compile(
    r"(?P<tenant>[a-z0-9](?:[a-z0-9-]{0,46}[a-z0-9])?):(?P<role>viewer|marketer|admin)"
)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Principal:
    """The user or API key behind a request.

    Parameters
    ----------
    tenant
        The one tenant whose data it may reach. Empty for an operator, who reaches none.
    role
        What it may do there.
    subject
        Who it is in logs and records: ``user:<id>`` or ``key:<id>``.
    """

    tenant: str
    role: Role
    subject: str

    @property
    def scopes(self) -> tuple[Scope, ...]:
        """What the role may do."""
        return ROLES[self.role]


def roles_with(scope: Scope) -> tuple[Role, ...]:
    """Return the roles that hold a scope, the least first."""
    return tuple(role for role, scopes in ROLES.items() if scope in scopes)


def group_of(tenant: str, role: str) -> str:
    """Return the group that gives a user a role, such as ``acme:marketer``."""
    return OPERATORS if role == OPERATOR else f"{tenant}:{role}"


def membership(groups: Iterable[object]) -> tuple[str, Role] | None:
    """Return the tenant and role that a user's groups name, such as ``acme:marketer``.

    None without exactly one such group. A user of two tenants could not say which one is meant.
    Operators have no tenant.
    """
    members = [member for member in map(_member, map(str, groups)) if member]
    return members[0] if len(members) == 1 else None


def _member(group: str) -> tuple[str, Role] | None:
    if group == OPERATORS:
        return NO_TENANT, OPERATOR
    match = _GROUP.fullmatch(group)
    if match is None:
        return None
    return match["tenant"], next(role for role in TENANT_ROLES if role == match["role"])
