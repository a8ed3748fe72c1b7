"""Write-only keys of pages: ``tsw_<id>_<secret>``. Such a key sends events, and reads nothing.

A page keeps no secret: every visitor can read its key. So a key says whose events these are, and
which page to stop, and nothing else.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from typing import Self

from tessera.api.keys import end_of, new_secret, opens
from tessera.records.fields import Milliseconds, part_of

_TEXT = re.compile(r"tsw_([a-z0-9]{12})_([A-Za-z0-9_-]{43})")


@dataclasses.dataclass(frozen=True, kw_only=True)
class WriteKeyFacts:
    """A write-only key without its secret.

    Parameters
    ----------
    key_id
        Its name in logs, and what revoking it takes.
    label
        The page that uses it, in its owner's words.
    created_by, created_at
        Who made it, and when.
    expires_at
        From when on it no longer works.
    """

    key_id: str
    label: str
    created_by: str
    created_at: Milliseconds
    expires_at: Milliseconds


@dataclasses.dataclass(frozen=True, kw_only=True)
class WriteKey(WriteKeyFacts):
    """A write-only key as it is stored.

    Parameters
    ----------
    tenant
        Whose events it sends.
    digest
        SHA-256 of its secret.
    """

    tenant: str
    digest: str = dataclasses.field(repr=False)

    @property
    def facts(self) -> WriteKeyFacts:
        """The key without what only the store needs."""
        return part_of(self, WriteKeyFacts)

    def works(self, secret: str, *, now: dt.datetime) -> bool:
        """Return whether this is its secret, and it has not expired."""
        return opens(self.digest, secret) and now < self.expires_at


@dataclasses.dataclass(frozen=True, kw_only=True)
class NewWriteKey:
    """A write-only key at the only moment when its text is known.

    Parameters
    ----------
    text
        What its page sends: ``tsw_<id>_<secret>``.
    key
        What is stored.
    """

    text: str = dataclasses.field(repr=False)
    key: WriteKey

    @classmethod
    def of(cls, tenant: str, *, label: str, by: str, now: dt.datetime, days: int) -> Self:
        """Return a new key that works for ``days`` days.

        Raises
        ------
        InvalidInput
            It would work for too long, or not at all.
        """
        expires_at = end_of(now, days=days)
        key_id, secret, digest = new_secret()
        key = WriteKey(
            key_id=key_id,
            label=label,
            created_by=by,
            created_at=now,
            expires_at=expires_at,
            tenant=tenant,
            digest=digest,
        )
        return cls(text=f"tsw_{key_id}_{secret}", key=key)


def parse_write_key(text: str) -> tuple[str, str] | None:
    """Return the id and the secret of a write-only key's text. None for anything else."""
    match = _TEXT.fullmatch(text)
    return (match[1], match[2]) if match else None
