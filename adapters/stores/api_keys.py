"""API keys: by id to check one, and by tenant to list them."""

from __future__ import annotations

import datetime as dt

from adapters.stores.items import Items
from tessera.api.keys import ApiKey
from tessera.records.codec import decode, encode

_ONE = "-"
_KEPT = dt.timedelta(days=30)  # an expired key stays in the list so long


class ApiKeys:
    """The API keys of all tenants, without their secrets.

    Parameters
    ----------
    items
        The API's table.
    """

    def __init__(self, items: Items) -> None:
        self._items = items

    def add(self, key: ApiKey) -> None:
        """Store a key. It works once this returns."""
        until = key.expires_at + _KEPT
        # Listed first: a key that works is always one that its tenant can see and revoke.
        self._items.put(_tenant(key.tenant), key.key_id, encode(key), until=until)
        self._items.put(_key(key.key_id), _ONE, encode(key), until=until)

    def find(self, key_id: str) -> ApiKey | None:
        """Return a key by its id, None without one."""
        item = self._items.get(_key(key_id), _ONE)
        return None if item is None else decode(ApiKey, item, document=f"key {key_id}")

    def of_tenant(self, tenant: str) -> tuple[ApiKey, ...]:
        """Return a tenant's keys, the newest first."""
        keys = [decode(ApiKey, item, document="key") for item in self._items.all(_tenant(tenant))]
        return tuple(sorted(keys, key=lambda key: (key.created_at, key.key_id), reverse=True))

    def revoke(self, tenant: str, key_id: str) -> bool:
        """Remove a tenant's key. Return whether it has one of this id."""
        if self._items.get(_tenant(tenant), key_id) is None:
            return False
        self._items.delete(_key(key_id), _ONE)  # first: it must not work while it is not listed
        self._items.delete(_tenant(tenant), key_id)
        return True


def _key(key_id: str) -> str:
    return f"KEY#{key_id}"


def _tenant(tenant: str) -> str:
    return f"{tenant}#KEYS"
