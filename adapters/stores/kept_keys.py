"""Keys without their secrets: by id to check one, and by tenant to list them."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from adapters.stores.items import Items
from tessera.records.codec import decode, encode

_ONE = "-"
_KEPT = dt.timedelta(days=30)  # an expired key stays in the list so long


class _Key(Protocol):
    @property
    def key_id(self) -> str: ...
    @property
    def tenant(self) -> str: ...
    @property
    def created_at(self) -> dt.datetime: ...
    @property
    def expires_at(self) -> dt.datetime: ...


KeyType = TypeVar("KeyType", bound=_Key)


class KeptKeys(Generic[KeyType]):
    """The keys of all tenants.

    Parameters
    ----------
    items
        Their table.
    by_id
        The same table, with the right to what is kept by id and so has no tenant in its place.
        By default ``items``.
    """

    kind: ClassVar[Any]

    def __init__(self, items: Items, *, by_id: Items | None = None) -> None:
        self._items, self._by_id = items, by_id or items

    def add(self, key: KeyType) -> None:
        """Store a key. It works once this returns."""
        until = key.expires_at + _KEPT
        # Listed first: a key that works is always one that its tenant can see and revoke.
        self._items.put(_tenant(key.tenant), key.key_id, encode(key), until=until)
        self._by_id.put(_key(key.key_id), _ONE, encode(key), until=until)

    def find(self, key_id: str) -> KeyType | None:
        """Return a key by its id, None without one."""
        item = self._by_id.get(_key(key_id), _ONE)
        if item is None:
            return None
        key: KeyType = decode(self.kind, item, document=f"key {key_id}")
        return key

    def of_tenant(self, tenant: str) -> tuple[KeyType, ...]:
        """Return a tenant's keys, the newest first."""
        keys = [
            decode(self.kind, item, document="key") for item in self._items.all(_tenant(tenant))
        ]
        return tuple(sorted(keys, key=lambda key: (key.created_at, key.key_id), reverse=True))

    def revoke(self, tenant: str, key_id: str) -> bool:
        """Remove a tenant's key. Return whether it has one of this id."""
        if self._items.get(_tenant(tenant), key_id) is None:
            return False
        self._by_id.delete(_key(key_id), _ONE)  # first: it must not work while it is not listed
        self._items.delete(_tenant(tenant), key_id)
        return True


def _key(key_id: str) -> str:
    return f"KEY#{key_id}"


def _tenant(tenant: str) -> str:
    return f"{tenant}#KEYS"
