"""``tessera key``: API keys of a console, on this machine or in a stage."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterator

from adapters.stores.api_keys import ApiKeys
from adapters.stores.items import Items
from local.app.elsewhere.account import reaching_console
from local.app.elsewhere.remote import connected
from local.console.services import LOCAL_USER, table_of_items
from steps.serve.access import create_key
from tessera import naming
from tessera.api.documents.access import KeyRequest
from tessera.api.roles import Role
from tessera.errors import InvalidInput


@contextlib.contextmanager
def keys_at(endpoint: str, *, stage: str) -> Iterator[ApiKeys]:
    """Give the keys of a deployed stage, or without one those of a console that runs here.

    Raises
    ------
    InvalidInput
        There is no console.
    """
    if stage:
        with reaching_console(stage) as (aws, console, _settings):
            yield ApiKeys(Items(console["ApiTable"], dynamodb=aws.client("dynamodb")))
    else:
        with connected(endpoint) as system:
            yield ApiKeys(table_of_items(system.client))


def create(keys: ApiKeys, *, tenant: str, role: Role, label: str, days: int) -> str:
    """Make a key. Return its text, which nothing shows again.

    Raises
    ------
    InvalidInput
        The key could not be one.
    """
    made = create_key(
        KeyRequest(label=label, role=role, days=days),
        tenant=naming.check_tenant(tenant),
        by=LOCAL_USER,
        keys=keys,
        now=dt.datetime.now(dt.UTC),
    )
    return made.text


def listed(keys: ApiKeys, *, tenant: str) -> Iterator[str]:
    """Yield one line a key, the newest first."""
    for key in keys.of_tenant(tenant):
        yield f"  {key.key_id}  {key.role:8}  until {key.expires_at:%Y-%m-%d}  {key.label}"


def revoke(keys: ApiKeys, *, tenant: str, key_id: str) -> None:
    """Revoke a key.

    Raises
    ------
    InvalidInput
        The tenant has no such key.
    """
    if not keys.revoke(tenant, key_id):
        raise InvalidInput(f"tenant {tenant!r} has no key {key_id!r}: `tessera key list`")
