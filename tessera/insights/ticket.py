"""What decides a run: a tenant's settings over the stage's, and the day to describe."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Collection, Iterable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from tessera.errors import InvalidInput
from tessera.segments.sets.catalog import sets_for
from tessera.settings import RunSettings


def merge_settings(
    defaults: Mapping[str, Any], own: bytes | None, *, where: str, available: Collection[str] | None
) -> RunSettings:
    """Return a tenant's settings over the stage's defaults.

    Parameters
    ----------
    defaults
        The stage's settings.
    own
        The tenant's TOML file, or None when there is none.
    where
        The file's address, for messages.
    available
        The destinations that this deployment can reach. None where that is of no matter.

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
    if available is not None:
        _check_destinations(settings, where=where, available=available)
    return settings


def _check_destinations(settings: RunSettings, *, where: str, available: Collection[str]) -> None:
    named: dict[str, Iterable[str]] = {
        "destinations": settings.destinations,
        "omitted_sets": settings.omitted_sets,
    }
    for setting, names in named.items():
        unknown = [name for name in names if name not in available]
        if unknown:
            raise InvalidInput(
                f"{where}: setting {setting!r} names {unknown[0]!r}, which this deployment does "
                f"not have: use {', '.join(sorted(available))}, or deploy with it enabled"
            )


def _parse_toml(text: bytes, where: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text.decode("utf-8-sig"))
    except tomllib.TOMLDecodeError as error:
        raise InvalidInput(f"{where} is not valid TOML: {error}; correct that line") from error
    except UnicodeDecodeError as error:
        line = text.count(b"\n", 0, error.start) + 1
        raise InvalidInput(f"{where} is not UTF-8 at line {line}: save it as UTF-8") from error


def check_as_of(text: str | None, *, where: str) -> dt.date | None:
    """Return a day given with an upload, or None when none was given."""
    if not text:
        return None
    try:
        return dt.datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=dt.UTC).date()
    except ValueError as error:
        raise InvalidInput(
            f"{where} has the metadata as-of={text!r}: expected a day written as 2026-11-30"
        ) from error


def scheduled_day(time: str, *, time_zone: str) -> dt.date:
    """Return the day that a schedule's instant (ISO 8601) falls on in the tenant's time zone."""
    try:
        instant = dt.datetime.fromisoformat(time)
    except ValueError as error:
        raise InvalidInput(
            f"the schedule's time is {time!r}: expected ISO 8601, as 2026-11-30T03:00:00Z"
        ) from error
    aware = instant if instant.tzinfo else instant.replace(tzinfo=dt.UTC)
    zone = dt.UTC if time_zone == "UTC" else ZoneInfo(time_zone)
    return aware.astimezone(zone).date()
