"""ticket.json: what a run is. CheckUpload writes it, every later step reads it."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import json
from typing import Literal, Self

from tessera import __version__
from tessera.records.fields import Milliseconds
from tessera.settings import RunSettings

Trigger = Literal["upload", "schedule"]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Part:
    """One object version of an upload.

    Parameters
    ----------
    key, version_id, etag
        The object. ``version_id`` is empty in a bucket without versions.
    bytes
        Its size as stored.
    """

    key: str
    version_id: str
    etag: str
    bytes: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class Upload:
    """One file, or the parts of one folder.

    Parameters
    ----------
    id
        Under which the upload's rows are kept: equal for the same name.
    name
        Its key, or its folder when it came in parts.
    parts
        The object versions that make it, in key order.
    closed_by
        The version of the ``_SUCCESS`` that completed a folder. Empty for a single file.
    withdrawn
        Whether its events are to go. Then its one part is the object that says so.
    """

    id: str
    name: str
    parts: tuple[Part, ...]
    closed_by: str = ""
    withdrawn: bool = False

    @classmethod
    def of(
        cls, name: str, *, parts: tuple[Part, ...], closed_by: str = "", withdrawn: bool = False
    ) -> Self:
        """Return the upload of this name."""
        return cls(
            id=upload_id(name), name=name, parts=parts, closed_by=closed_by, withdrawn=withdrawn
        )

    @property
    def versions(self) -> list[list[str]]:
        """The versions of its objects, which distinguish uploads of one name."""
        versions = [[part.key, part.version_id or part.etag] for part in self.parts]
        return [*versions, *([[self.name, self.closed_by]] if self.closed_by else [])]

    @property
    def bytes(self) -> int:
        """The upload's size as stored."""
        return sum(part.bytes for part in self.parts)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Ticket:
    """All that decides a run's result, and when the run began.

    Parameters
    ----------
    version
        The version of Tessera that wrote it.
    tenant, trigger
        Whose run, and what started it.
    run_id
        16 hex digits, equal for the same tenant, object versions, settings and day.
    as_of
        The day to describe. None leaves it to the data.
    started_at
        The only member that does not shape ``run_id``.
    settings
        The stage's defaults with the tenant's own over them.
    settings_digest
        Their SHA-256.
    upload
        The events that started the run. None for a scheduled run, and for attributes.
    attributes
        The customer attributes that started the run. It counts the history as it is.
    """

    version: str
    tenant: str
    run_id: str
    trigger: Trigger
    as_of: dt.date | None
    started_at: Milliseconds
    settings: RunSettings
    settings_digest: str
    upload: Upload | None
    attributes: Upload | None = None

    @property
    def began(self) -> str:
        """When the run began, as the records of uploads and runs have it."""
        return self.started_at.isoformat(timespec="milliseconds")

    @classmethod
    def issue(
        cls,
        *,
        tenant: str,
        trigger: Trigger,
        settings: RunSettings,
        started_at: dt.datetime,
        as_of: dt.date | None = None,
        upload: Upload | None = None,
        attributes: Upload | None = None,
    ) -> Self:
        """Return the ticket of a new run."""
        source = upload or attributes
        versions = source.versions if source else []
        day = as_of.isoformat() if as_of else None
        return cls(
            version=__version__,
            tenant=tenant,
            run_id=_digest([tenant, versions, settings.digest, day]),
            trigger=trigger,
            as_of=as_of,
            started_at=started_at,
            settings=settings,
            settings_digest=settings.digest,
            upload=upload,
            attributes=attributes,
        )

    @property
    def source(self) -> Upload | None:
        """What started the run: events or attributes, None for a scheduled one."""
        return self.upload or self.attributes


def upload_id(name: str) -> str:
    """Return the id under which an upload's rows are kept. Equal names have equal ids."""
    return hashlib.sha256(name.encode()).hexdigest()[:16]


def _digest(value: object) -> str:
    text = json.dumps(value, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
