"""The case numbers of a tenant, and new ones."""

from __future__ import annotations

import datetime as dt

from adapters.erasure.versions import VersionedObjects
from tessera.naming import erasures_prefix


def cases_of(data: VersionedObjects, *, tenant: str) -> list[str]:
    """Return a tenant's erasures, by their case numbers, the last first."""
    return sorted(data.folders(erasures_prefix(tenant)), reverse=True)


def new_case(now: dt.datetime, *, token: str) -> str:
    """Return a case number of a day and a random token."""
    return f"{now:%Y%m%d}-{token}"
