"""``tessera key``: API keys of a console and write-only keys of pages, here or in a stage."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Callable, Iterator

from adapters.stores.api_keys import ApiKeys
from adapters.stores.items import Items
from adapters.stores.write_keys import WriteKeys
from local.app.elsewhere.account import STREAMS, reaching, reaching_console
from local.app.elsewhere.remote import connected
from local.app.inputs.settings_file import stage_settings
from local.console.services import LOCAL_USER, table_of_items
from steps.serve.access import create_key
from steps.serve.write_keys import create_write_key
from tessera import naming
from tessera.api.documents.access import KeyRequest, WriteKeyRequest
from tessera.api.keys import ApiKey, NewApiKey
from tessera.api.roles import NO_TENANT, Role
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


@contextlib.contextmanager
def write_keys_at(endpoint: str, *, stage: str) -> Iterator[WriteKeys]:
    """Give the keys of pages of a deployed stage, or without one those of what runs here.

    Raises
    ------
    InvalidInput
        The stage does not collect the events of pages.
    """
    settings = stage_settings(stage=stage) if stage else stage_settings()
    if stage and not settings.stream.collects:
        raise InvalidInput(
            f"stage {stage!r} does not collect the events of pages: set 'stream.shards' and "
            "'stream.origins' in cdk.json, and deploy it"
        )
    if stage:
        with reaching(settings, capabilities=[STREAMS]) as (aws, outputs):
            [streams] = outputs.values()
            yield WriteKeys(Items(streams["WriteKeysTable"], dynamodb=aws.client("dynamodb")))
    else:
        with connected(endpoint) as system:
            table = naming.write_keys_table(settings.stage)
            yield WriteKeys(Items(table, dynamodb=system.client("dynamodb")))


def create_write(keys: WriteKeys, *, tenant: str, label: str, days: int) -> str:
    """Make a write-only key of a page. Return its text, which nothing shows again.

    Raises
    ------
    InvalidInput
        The key could not be one.
    """
    made = create_write_key(
        WriteKeyRequest(label=label, days=days),
        tenant=naming.check_tenant(tenant),
        by=LOCAL_USER,
        keys=keys,
        now=dt.datetime.now(dt.UTC),
    )
    return made.text


def create(keys: ApiKeys, *, tenant: str, role: Role, label: str, days: int) -> str:
    """Make a key. Return its text, which nothing shows again. An operator's key has no tenant.

    Raises
    ------
    InvalidInput
        The key could not be one.
    """
    now = dt.datetime.now(dt.UTC)
    if role == "operator":
        own = NewApiKey.of(NO_TENANT, role=role, label=label, by=LOCAL_USER, now=now, days=days)
        keys.add(own.key)
        return own.text
    made = create_key(
        KeyRequest(label=label, role=role, days=days),
        tenant=naming.check_tenant(tenant),
        by=LOCAL_USER,
        keys=keys,
        now=now,
    )
    return made.text


def listed(keys: ApiKeys | WriteKeys, *, tenant: str) -> Iterator[str]:
    """Yield one line a key, the newest first."""
    for key in keys.of_tenant(tenant):
        role = key.role if isinstance(key, ApiKey) else "write"
        yield f"  {key.key_id}  {role:8}  until {key.expires_at:%Y-%m-%d}  {key.label}"


def revoke(keys: ApiKeys | WriteKeys, *, tenant: str, key_id: str) -> None:
    """Revoke a key.

    Raises
    ------
    InvalidInput
        The tenant has no such key.
    """
    if not keys.revoke(tenant, key_id):
        who = f"tenant {tenant!r} has" if tenant else "operators have"
        raise InvalidInput(f"{who} no key {key_id!r}: `tessera key list`")


def done(
    keys: ApiKeys | WriteKeys, *, does: str, tenant: str, key_id: str, create: Callable[[], str]
) -> list[str]:
    """Make, list or revoke. Return the lines that say so.

    Parameters
    ----------
    does
        ``create``, ``list`` or ``revoke``.
    tenant, key_id
        Whose keys, and which one is revoked.
    create
        Makes a key and returns its text.
    """
    if does == "create":
        return [create()]
    if does == "list":
        return list(listed(keys, tenant=tenant))
    revoke(keys, tenant=tenant, key_id=key_id)
    return [f"  Key {key_id} is revoked."]
