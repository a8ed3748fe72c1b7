"""What a run is: whose, of which bytes, under which settings. Decided once, by CheckUpload."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import json
import tomllib
from collections.abc import Collection, Mapping
from typing import Any, Literal
from zoneinfo import ZoneInfo

from tessera import __version__
from tessera.errors import InvalidInput
from tessera.segments.sets.catalog import sets_for
from tessera.settings import RunSettings

Trigger = Literal["upload", "schedule"]
Contents = Literal["events", "attributes"]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Part:
    """One object version of an upload; ``bytes`` is its size as stored."""

    key: str
    version_id: str
    etag: str
    bytes: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class Ticket:
    """Everything that decides a run's result, and when it began.

    Parameters
    ----------
    tenant, trigger
        Whose run, and what started it.
    settings
        The stage's defaults with the tenant's own over them.
    as_of
        The day to describe, YYYY-MM-DD; None leaves it to the data.
    name
        The upload's key, or its folder when it came in parts; None for a scheduled run.
    parts
        The object versions that make the upload, in key order; empty for a scheduled run.
    started_at
        ISO 8601 instant, UTC. The only field that does not shape ``run_id``.
    holds
        What the upload is about; with ``attributes`` the run counts the history as it is.
    """

    tenant: str
    trigger: Trigger
    settings: RunSettings
    as_of: str | None
    name: str | None
    parts: tuple[Part, ...]
    started_at: str
    holds: Contents = "events"

    @property
    def run_id(self) -> str:
        """16 hex digits: equal for the same tenant, object versions, settings and day."""
        versions = [[part.key, part.version_id or part.etag] for part in self.parts]
        return _digest([self.tenant, versions, self.settings.digest, self.as_of])

    @property
    def bytes(self) -> int:
        """The upload's size as stored."""
        return sum(part.bytes for part in self.parts)

    def to_dict(self) -> dict[str, Any]:
        """Return the ticket as the jobs read it."""
        return {
            "version": __version__,
            "tenant": self.tenant,
            "run_id": self.run_id,
            "trigger": self.trigger,
            "as_of": self.as_of,
            "started_at": self.started_at,
            "settings": self.settings.to_dict(),
            "settings_digest": self.settings.digest,
            "upload": self._upload("events"),
            "attributes": self._upload("attributes"),
        }

    def _upload(self, contents: Contents) -> dict[str, Any] | None:
        if self.name is None or self.holds != contents:
            return None
        parts = [dataclasses.asdict(part) for part in self.parts]
        return {"id": upload_id(self.name), "name": self.name, "parts": parts}


def upload_id(name: str) -> str:
    """Return the id under which an upload's events are kept; the same key, the same id."""
    return hashlib.sha256(name.encode()).hexdigest()[:16]


def _digest(value: object) -> str:
    text = json.dumps(value, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def merge_settings(
    defaults: Mapping[str, Any], own: bytes | None, *, where: str, available: Collection[str]
) -> RunSettings:
    """Return a tenant's settings over the stage's defaults.

    Parameters
    ----------
    defaults
        The stage's settings.
    own
        The tenant's TOML file; None when there is none.
    where
        The file's address, for messages.
    available
        The destinations that this deployment can reach.

    Raises
    ------
    InvalidInput
        The file is not TOML (the message names the line), a setting, the segment definition or a
        segment set is wrong, or a destination is not available here.
    """
    layers = [defaults] if own is None else [defaults, _parse_toml(own, where)]
    try:
        settings = RunSettings.parse(*layers)
        sets_for(settings)
    except InvalidInput as error:
        raise InvalidInput(str(error) if own is None else f"{where}: {error}") from error
    unknown = [name for name in settings.destinations if name not in available]
    if unknown:
        raise InvalidInput(
            f"{where}: setting 'destinations' names {unknown[0]!r}, which this deployment does not "
            f"have: use {', '.join(sorted(available))}, or deploy with it enabled"
        )
    return settings


def _parse_toml(text: bytes, where: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text.decode("utf-8-sig"))
    except tomllib.TOMLDecodeError as error:
        raise InvalidInput(f"{where} is not valid TOML: {error}; correct that line") from error
    except UnicodeDecodeError as error:
        line = text.count(b"\n", 0, error.start) + 1
        raise InvalidInput(f"{where} is not UTF-8 at line {line}: save it as UTF-8") from error


def check_as_of(text: str | None, *, where: str) -> str | None:
    """Return a day given with an upload, or None when none was given."""
    if not text:
        return None
    try:
        return dt.datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=dt.UTC).date().isoformat()
    except ValueError as error:
        raise InvalidInput(
            f"{where} has the metadata as-of={text!r}: expected a day written as 2026-11-30"
        ) from error


def scheduled_day(time: str, *, time_zone: str) -> str:
    """Return the day that a schedule's instant (ISO 8601) falls on in the tenant's time zone."""
    try:
        instant = dt.datetime.fromisoformat(time)
    except ValueError as error:
        raise InvalidInput(
            f"the schedule's time is {time!r}: expected ISO 8601, as 2026-11-30T03:00:00Z"
        ) from error
    aware = instant if instant.tzinfo else instant.replace(tzinfo=dt.UTC)
    zone = dt.UTC if time_zone == "UTC" else ZoneInfo(time_zone)
    return aware.astimezone(zone).date().isoformat()
