"""Files that campaigns read: lists of receivers, and consents. The API signs where they go."""

from __future__ import annotations

import datetime as dt

from adapters.stores.records import read_record
from steps.serve.campaigns.enabled import campaigns_of
from steps.serve.once import Attempt
from steps.serve.services import Services
from tessera import naming
from tessera.api.documents.campaigns.consent import (
    FileSize,
    FileTarget,
    ReceiverList,
    ReceiverLists,
)
from tessera.api.refusals import missing
from tessera.campaigns.consent.report import ConsentReport

_SECONDS = 3600  # that an address works


def list_receivers(tenant: str, *, services: Services) -> ReceiverLists:
    """Return the uploaded lists of receivers, by name."""
    prefix = naming.receivers_prefix(tenant)
    return ReceiverLists(
        items=tuple(
            ReceiverList(
                name=entry.key.removeprefix(prefix).removesuffix(".csv"),
                bytes=entry.bytes,
                uploaded_at=entry.modified_at,
            )
            for entry in campaigns_of(services).identities.entries(prefix)
        )
    )


def upload_receivers(name: str, size: FileSize, tenant: str, *, services: Services) -> FileTarget:
    """Return where to send a list of receivers. It replaces the one of this name."""
    return _target(name, naming.receivers_key(tenant, name), size, services)


def create_import(size: FileSize, attempt: Attempt, *, services: Services) -> FileTarget:
    """Return where to send a file of consents, as a new import."""
    key = naming.consent_import_key(attempt.tenant, attempt.name)
    return _target(attempt.name, key, size, services)


def start_import(tenant: str, import_id: str, *, services: Services) -> ConsentReport:
    """Import a file of consents that was sent. An import that is done has its report.

    Raises
    ------
    RequestRefusal
        The tenant has no such file.
    InvalidInput
        It has not the columns of consents.
    """
    kept = campaigns_of(services)
    report = naming.consent_report_key(tenant, import_id)
    if services.data.exists(report):
        return read_record(ConsentReport, services.data, report, tolerant=True)
    key = naming.consent_import_key(tenant, import_id)
    # Listed, not looked up: the right to look up a file is the right to read it.
    if key not in kept.identities.keys(key):
        raise missing("file of this import")
    return kept.functions.import_consent(tenant, import_id)


def _target(name: str, key: str, size: FileSize, services: Services) -> FileTarget:
    uploads = campaigns_of(services).uploads
    seconds = uploads.lifetime(_SECONDS)
    url = uploads.put(key, size=size.bytes, seconds=seconds)
    expires_at = services.clock() + dt.timedelta(seconds=seconds)
    return FileTarget(name=name, expires_at=expires_at, url=url)
