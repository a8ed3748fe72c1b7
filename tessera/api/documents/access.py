"""Who asks, and the API keys and users of a tenant."""

from __future__ import annotations

import dataclasses

from tessera.api.keys import MOST_DAYS, ApiKeyFacts
from tessera.api.roles import Role, Scope
from tessera.errors import InvalidInput


@dataclasses.dataclass(frozen=True, kw_only=True)
class Me:
    """The user or key that asks.

    Parameters
    ----------
    tenant, role, subject
        Whose data it reaches, as what, and who it is.
    scopes
        What the role may do.
    """

    tenant: str
    role: Role
    subject: str
    scopes: tuple[Scope, ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class KeyRequest:
    """A wish for an API key.

    Parameters
    ----------
    label
        What it is for, in 1 to 100 characters.
    role
        What it may do.
    days
        How long it works.
    """

    label: str = dataclasses.field(metadata={"schema": {"minLength": 1, "maxLength": 100}})
    role: Role
    days: int = dataclasses.field(
        default=365, metadata={"unit": "days", "schema": {"minimum": 1, "maximum": MOST_DAYS}}
    )

    def __post_init__(self) -> None:
        """Refuse what no key may have."""
        if not 1 <= len(self.label) <= 100:
            raise InvalidInput("label: expected 1 to 100 characters")
        if not 1 <= self.days <= MOST_DAYS:
            raise InvalidInput(f"days: expected from 1 to {MOST_DAYS}")


@dataclasses.dataclass(frozen=True, kw_only=True)
class CreatedKey(ApiKeyFacts):
    """A new API key. This is the only answer that has its text.

    Parameters
    ----------
    text
        What its owner sends as ``Authorization: Bearer …``.
    """

    text: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class KeyList:
    """The API keys of a tenant, the newest first, expired ones included."""

    items: tuple[ApiKeyFacts, ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class User:
    """A user of the console.

    Parameters
    ----------
    subject
        Who it is in records, such as ``user:<id>``.
    email
        The address that the user signs in with.
    role
        What the user may do.
    """

    subject: str
    email: str
    role: Role


@dataclasses.dataclass(frozen=True, kw_only=True)
class UserList:
    """The users of a tenant, by address."""

    items: tuple[User, ...]
