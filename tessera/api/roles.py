"""Who may do what: scopes, the roles that hold them, and the tenant that a request is for."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Mapping
from typing import Literal

Scope = Literal[
    "insights:read",
    "customers:read",
    "runs:write",
    "segments:write",
    "campaigns:write",
    "campaigns:send",
    "settings:write",
    "keys:write",
]
Role = Literal["viewer", "marketer", "admin"]

_VIEWER: tuple[Scope, ...] = ("insights:read",)
_MARKETER: tuple[Scope, ...] = (
    *_VIEWER,
    "customers:read",
    "runs:write",
    "segments:write",
    "campaigns:write",
    "campaigns:send",
)
_ADMIN: tuple[Scope, ...] = (*_MARKETER, "settings:write", "keys:write")
# Each role may do what the one before it may.
ROLES: Mapping[Role, tuple[Scope, ...]] = {
    "viewer": _VIEWER,
    "marketer": _MARKETER,
    "admin": _ADMIN,
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
        The one tenant whose data it may reach.
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


def membership(groups: Iterable[object]) -> tuple[str, Role] | None:
    """Return the tenant and role that a user's groups name, such as ``acme:marketer``.

    None without exactly one such group. A user of two tenants could not say which one is meant.
    """
    matches = [match for match in map(_GROUP.fullmatch, map(str, groups)) if match]
    if len(matches) != 1:
        return None
    role = next(role for role in ROLES if role == matches[0]["role"])
    return matches[0]["tenant"], role
