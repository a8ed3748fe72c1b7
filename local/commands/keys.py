"""``tessera key``: API keys of a console that runs on this machine."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from adapters.stores.api_keys import ApiKeys
from local.app.elsewhere.remote import connected
from local.console.services import LOCAL_USER, table_of_items
from steps.serve.access import create_key
from tessera import naming
from tessera.api.documents.access import KeyRequest
from tessera.api.roles import Role
from tessera.errors import InvalidInput


def create(endpoint: str, *, tenant: str, role: Role, label: str, days: int) -> str:
    """Make a key. Return its text, which nothing shows again.

    Raises
    ------
    InvalidInput
        No console runs there, or the key would be none.
    """
    with connected(endpoint) as system:
        made = create_key(
            KeyRequest(label=label, role=role, days=days),
            tenant=naming.check_tenant(tenant),
            by=LOCAL_USER,
            keys=ApiKeys(table_of_items(system.client)),
            now=dt.datetime.now(dt.UTC),
        )
    return made.text


def listed(endpoint: str, *, tenant: str) -> Iterator[str]:
    """Yield one line a key, the newest first."""
    with connected(endpoint) as system:
        for key in ApiKeys(table_of_items(system.client)).of_tenant(tenant):
            yield f"  {key.key_id}  {key.role:8}  until {key.expires_at:%Y-%m-%d}  {key.label}"


def revoke(endpoint: str, *, tenant: str, key_id: str) -> None:
    """Revoke a key.

    Raises
    ------
    InvalidInput
        The tenant has no such key.
    """
    with connected(endpoint) as system:
        if not ApiKeys(table_of_items(system.client)).revoke(tenant, key_id):
            raise InvalidInput(f"tenant {tenant!r} has no key {key_id!r}: `tessera key list`")
