"""API keys: ``tsk_<id>_<secret>``. The secret is shown once. Only its SHA-256 is kept.

The write-only keys of pages (``tessera.api.write_keys``) have the same parts.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import hmac
import re
import secrets
from typing import Self

from tessera.api.roles import Principal, Role
from tessera.errors import InvalidInput
from tessera.records.fields import Milliseconds, part_of

MOST_DAYS = 730
_TEXT = re.compile(r"tsk_([a-z0-9]{12})_([A-Za-z0-9_-]{43})")


@dataclasses.dataclass(frozen=True, kw_only=True)
class ApiKeyFacts:
    """An API key without its secret.

    Parameters
    ----------
    key_id
        Its name in logs, and what revoking it takes.
    label
        What it is for, in its owner's words.
    role
        What it may do.
    created_by, created_at
        Who made it, and when.
    expires_at
        From when on it no longer works.
    """

    key_id: str
    label: str
    role: Role
    created_by: str
    created_at: Milliseconds
    expires_at: Milliseconds


@dataclasses.dataclass(frozen=True, kw_only=True)
class ApiKey(ApiKeyFacts):
    """An API key as it is stored.

    Parameters
    ----------
    tenant
        Whose data it reaches.
    digest
        SHA-256 of its secret. A slow hash protects passwords. 256 random bits need none.
    """

    tenant: str
    digest: str = dataclasses.field(repr=False)

    @property
    def facts(self) -> ApiKeyFacts:
        """The key without what only the store needs."""
        return part_of(self, ApiKeyFacts)

    def principal(self, secret: str, *, now: dt.datetime) -> Principal | None:
        """Return the key's principal. None for a wrong secret, or after it has expired."""
        if not opens(self.digest, secret) or now >= self.expires_at:
            return None
        return Principal(tenant=self.tenant, role=self.role, subject=f"key:{self.key_id}")


@dataclasses.dataclass(frozen=True, kw_only=True)
class NewApiKey:
    """A key at the only moment when its text is known.

    Parameters
    ----------
    text
        What its owner sends: ``tsk_<id>_<secret>``.
    key
        What is stored.
    """

    text: str = dataclasses.field(repr=False)
    key: ApiKey

    @classmethod
    def of(
        cls, tenant: str, *, role: Role, label: str, by: str, now: dt.datetime, days: int
    ) -> Self:
        """Return a new key that works for ``days`` days.

        Raises
        ------
        InvalidInput
            It would work for too long, or not at all.
        """
        expires_at = end_of(now, days=days)
        key_id, secret, digest = new_secret()
        key = ApiKey(
            key_id=key_id,
            label=label,
            role=role,
            created_by=by,
            created_at=now,
            expires_at=expires_at,
            tenant=tenant,
            digest=digest,
        )
        return cls(text=f"tsk_{key_id}_{secret}", key=key)


def parse_key(text: str) -> tuple[str, str] | None:
    """Return the id and the secret of a key's text. None for anything else."""
    match = _TEXT.fullmatch(text)
    return (match[1], match[2]) if match else None


def end_of(now: dt.datetime, *, days: int) -> dt.datetime:
    """Return when a key ends that works for ``days`` days.

    Raises
    ------
    InvalidInput
        It would work for too long, or not at all.
    """
    if not 1 <= days <= MOST_DAYS:
        raise InvalidInput(f"a key for {days} days: expected from 1 to {MOST_DAYS}")
    return now + dt.timedelta(days=days)


def new_secret() -> tuple[str, str, str]:
    """Return a new key's id, its secret, and the digest that is kept of it."""
    key_id, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
    return key_id, secret, _digest(secret)


def opens(digest: str, secret: str) -> bool:
    """Return whether a secret is the one that the digest was kept of."""
    return hmac.compare_digest(digest, _digest(secret))


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
