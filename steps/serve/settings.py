"""A tenant's settings: what the next run uses, saved as a new version with who and when."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import tomllib
from collections.abc import Mapping
from typing import Any

from steps.serve.saved_versions import SavedVersions
from steps.serve.services import Services
from tessera import naming
from tessera.api.documents.settings import (
    Revision,
    SettingsChange,
    SettingsDocument,
    SettingsVersion,
)
from tessera.api.refusals import wrong
from tessera.insights.ticket import merge_settings
from tessera.records.fields import part_of
from tessera.settings import RunSettings
from tessera.sources.toml_text import to_toml

_WHERE = "settings"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Author:
    """Who saves something, for which tenant, and when."""

    tenant: str
    subject: str
    now: dt.datetime


def run_settings(tenant: str, *, services: Services) -> RunSettings:
    """Return the settings that the tenant's next run would use."""
    return _effective(_own(tenant, services), services)


def read_settings(tenant: str, *, services: Services) -> SettingsDocument:
    """Return a tenant's settings."""
    own = _own(tenant, services)
    effective = _effective(own, services)
    settings = _as_json(tomllib.loads(own.decode("utf-8-sig"))) if own else {}
    return part_of(
        _revision(tenant, settings, services),
        SettingsDocument,
        settings=settings,
        effective=_as_json(effective.to_dict()),
        toml=to_toml(settings),
    )


def save_settings(
    change: SettingsChange, author: Author, *, services: Services
) -> SettingsDocument:
    """Save a tenant's settings, whole. The next run uses them.

    Raises
    ------
    RequestRefusal
        They are based on an older version.
    InvalidInput
        A setting is wrong. The message names it.
    """
    text = as_toml(change.settings)
    _effective(text.encode(), services)
    version = SettingsVersion(
        version=change.version + 1,
        saved_by=author.subject,
        saved_at=author.now,
        settings=change.settings,
    )
    _versions(author.tenant, services).add(version, these="These settings are")
    services.data.write(
        naming.settings_key(author.tenant), text.encode(), content_type="application/toml"
    )
    return read_settings(author.tenant, services=services)


def reinstate_settings(tenant: str, *, services: Services) -> bool:
    """Put the last saved version in use where a tenant has no settings. Return whether it did.

    A state on a laptop keeps every version and not the file: each command line names its own.
    """
    key, versions = naming.settings_key(tenant), _versions(tenant, services)
    number = versions.last()
    if not number or services.data.exists(key):
        return False
    saved = versions.read(number)
    services.data.write(key, as_toml(saved.settings).encode(), content_type="application/toml")
    return True


def as_toml(document: Mapping[str, Any]) -> str:
    """Return a document as TOML that reads back equal.

    Raises
    ------
    RequestRefusal
        TOML has no such value, as null.
    """
    try:
        text = to_toml(document)
        if tomllib.loads(text) == document:
            return text
    except (TypeError, ValueError):
        pass
    raise wrong(
        "TOML cannot hold this document: use texts, numbers, lists and tables, and no null."
    )


def _own(tenant: str, services: Services) -> bytes | None:
    key = naming.settings_key(tenant)
    return services.data.read(key) if services.data.exists(key) else None


def _effective(own: bytes | None, services: Services) -> RunSettings:
    return merge_settings(
        services.run_defaults(), own, where=_WHERE, available=services.destinations
    )


def _as_json(table: Mapping[str, Any]) -> dict[str, Any]:
    """Return a TOML table as JSON has it: days, which TOML can have, as texts."""
    return dict(json.loads(json.dumps(table, default=str)))


def _versions(tenant: str, services: Services) -> SavedVersions[SettingsVersion]:
    return SavedVersions(
        data=services.data,
        prefix=naming.settings_versions_prefix(tenant),
        kind=SettingsVersion,
    )


def _revision(tenant: str, settings: Mapping[str, Any], services: Services) -> Revision:
    """Return the version in use. A file that was written past the API is nobody's version."""
    versions = _versions(tenant, services)
    number = versions.last()
    if number:
        saved = versions.read(number)
        if saved.settings == settings:
            return part_of(saved, Revision)
    return Revision(version=number, saved_by=None, saved_at=None)
