"""Who asks, and the API keys and users of a tenant."""

from __future__ import annotations

import dataclasses

from tessera.api.keys import MOST_DAYS, ApiKeyFacts
from tessera.api.roles import Role, Scope, TenantRole
from tessera.api.write_keys import WriteKeyFacts
from tessera.errors import InvalidInput


@dataclasses.dataclass(frozen=True, kw_only=True)
class Me:
    """The user or key that asks.

    Parameters
    ----------
    tenant, role, subject
        Whose data it reaches, as what, and who it is. An operator reaches no tenant's: then it is
        empty.
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
    role: TenantRole
    days: int = dataclasses.field(
        default=365, metadata={"unit": "days", "schema": {"minimum": 1, "maximum": MOST_DAYS}}
    )

    def __post_init__(self) -> None:
        """Refuse what no key may have."""
        _check_key(label=self.label, days=self.days)


def _check_key(*, label: str, days: int) -> None:
    if not 1 <= len(label) <= 100:
        raise InvalidInput("label: expected 1 to 100 characters")
    if not 1 <= days <= MOST_DAYS:
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
class WriteKeyRequest:
    """A wish for a write-only key of a page.

    Parameters
    ----------
    label
        The page that will use it, in 1 to 100 characters.
    days
        How long it works.
    """

    label: str = dataclasses.field(metadata={"schema": {"minLength": 1, "maxLength": 100}})
    days: int = dataclasses.field(
        default=365, metadata={"unit": "days", "schema": {"minimum": 1, "maximum": MOST_DAYS}}
    )

    def __post_init__(self) -> None:
        """Refuse what no key may have."""
        _check_key(label=self.label, days=self.days)


@dataclasses.dataclass(frozen=True, kw_only=True)
class CreatedWriteKey(WriteKeyFacts):
    """A new write-only key. This is the only answer that has its text.

    Parameters
    ----------
    text
        What the page sends in the body of ``POST /v1/events``.
    """

    text: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class WriteKeyList:
    """The write-only keys of a tenant, the newest first, expired ones included."""

    items: tuple[WriteKeyFacts, ...]


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
    role: TenantRole


@dataclasses.dataclass(frozen=True, kw_only=True)
class UserList:
    """The users of a tenant, by address."""

    items: tuple[User, ...]
