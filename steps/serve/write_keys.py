"""Write-only keys of pages: making, listing and revoking them."""

from __future__ import annotations

import datetime as dt

from adapters.stores.write_keys import WriteKeys
from steps.serve.services import Services
from tessera.api.documents.access import CreatedWriteKey, WriteKeyList, WriteKeyRequest
from tessera.api.refusals import conflict, missing
from tessera.api.write_keys import NewWriteKey
from tessera.records.fields import part_of


def write_keys_of(services: Services) -> WriteKeys:
    """Return the keys of pages.

    Raises
    ------
    RequestRefusal
        The stage does not collect the events of pages.
    """
    if services.write_keys is None:
        raise conflict(
            "Events of pages are off in this stage: set stream.shards, list the pages in "
            "stream.origins, and deploy it."
        )
    return services.write_keys


def create_write_key(
    request: WriteKeyRequest, *, tenant: str, by: str, keys: WriteKeys, now: dt.datetime
) -> CreatedWriteKey:
    """Make a write-only key. The answer is the only place that has its text."""
    made = NewWriteKey.of(tenant, label=request.label, by=by, now=now, days=request.days)
    keys.add(made.key)
    return part_of(made.key, CreatedWriteKey, text=made.text)


def list_write_keys(tenant: str, *, keys: WriteKeys) -> WriteKeyList:
    """Return a tenant's write-only keys, the newest first."""
    return WriteKeyList(items=tuple(key.facts for key in keys.of_tenant(tenant)))


def revoke_write_key(key_id: str, *, tenant: str, keys: WriteKeys) -> None:
    """Revoke a write-only key. From then on its pages are answered with 401.

    Raises
    ------
    RequestRefusal
        The tenant has no such key.
    """
    if not keys.revoke(tenant, key_id):
        raise missing("write-only key of this id")
