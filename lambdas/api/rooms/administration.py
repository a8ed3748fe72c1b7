"""Settings, API keys and users."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends

from lambdas.api.calls import Caller, attempt_of, author_of, body_of
from lambdas.api.parameters import KeyPath, Requested
from steps.serve import access as steps
from steps.serve import settings as settings_steps
from steps.serve import write_keys as write_key_steps
from steps.serve.once import once
from tessera.api.documents.access import (
    CreatedKey,
    CreatedWriteKey,
    KeyList,
    KeyRequest,
    UserList,
    WriteKeyList,
    WriteKeyRequest,
)
from tessera.api.documents.settings import SettingsChange, SettingsDocument

_KeyBody = Annotated[KeyRequest, Depends(body_of(KeyRequest))]
_WriteKeyBody = Annotated[WriteKeyRequest, Depends(body_of(WriteKeyRequest))]
_SettingsBody = Annotated[SettingsChange, Depends(body_of(SettingsChange))]


def settings(call: Caller) -> SettingsDocument:
    """Return the tenant's settings."""
    return settings_steps.read_settings(call.tenant, services=call.services)


def save_settings(call: Caller, body: _SettingsBody) -> SettingsDocument:
    """Save the tenant's settings."""
    return settings_steps.save_settings(body, author_of(call), services=call.services)


def keys(call: Caller) -> KeyList:
    """Return the API keys."""
    return steps.list_keys(call.tenant, keys=call.services.keys)


def create_key(call: Caller, body: _KeyBody, idempotency_key: Requested) -> CreatedKey:
    """Make an API key."""
    return once(
        attempt_of(call, key=idempotency_key, operation="create_key", body=body),
        lambda: steps.create_key(
            body,
            tenant=call.tenant,
            by=call.principal.subject,
            keys=call.services.keys,
            now=call.now,
        ),
        kind=CreatedKey,
        requests=call.services.requests,
        secret=True,
    )


def revoke_key(call: Caller, key_id: KeyPath) -> None:
    """Revoke an API key."""
    steps.revoke_key(key_id, tenant=call.tenant, keys=call.services.keys)


def write_keys(call: Caller) -> WriteKeyList:
    """Return the write-only keys."""
    keys = write_key_steps.write_keys_of(call.services)
    return write_key_steps.list_write_keys(call.tenant, keys=keys)


def create_write_key(
    call: Caller, body: _WriteKeyBody, idempotency_key: Requested
) -> CreatedWriteKey:
    """Make a write-only key."""
    keys = write_key_steps.write_keys_of(call.services)
    return once(
        attempt_of(call, key=idempotency_key, operation="create_write_key", body=body),
        lambda: write_key_steps.create_write_key(
            body, tenant=call.tenant, by=call.principal.subject, keys=keys, now=call.now
        ),
        kind=CreatedWriteKey,
        requests=call.services.requests,
        secret=True,
    )


def revoke_write_key(call: Caller, key_id: KeyPath) -> None:
    """Revoke a write-only key."""
    keys = write_key_steps.write_keys_of(call.services)
    write_key_steps.revoke_write_key(key_id, tenant=call.tenant, keys=keys)


def users(call: Caller) -> UserList:
    """Return the users."""
    return UserList(items=call.services.users.of_tenant(call.tenant))
