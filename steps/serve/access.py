"""API keys: making, listing and revoking them, and checking who asks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from adapters.stores.api_keys import ApiKeys
from tessera.api.claims import principal_of
from tessera.api.documents.access import CreatedKey, KeyList, KeyRequest
from tessera.api.keys import NewApiKey, parse_key
from tessera.api.refusals import missing
from tessera.api.roles import Principal
from tessera.records.fields import part_of

Claims = Callable[[str], Mapping[str, Any] | None]


class Authority:
    """Decides which principal a credential stands for.

    Parameters
    ----------
    keys
        The API keys.
    claims
        Returns the claims of an access token whose signature holds. None for any other text.
    issuer, client_id
        The user pool's issuer and the console's client.
    clock
        Returns the present instant, UTC.
    """

    def __init__(
        self,
        keys: ApiKeys,
        *,
        claims: Claims,
        issuer: str,
        client_id: str,
        clock: Callable[[], dt.datetime],
    ) -> None:
        self._keys, self._claims, self._clock = keys, claims, clock
        self._issuer, self._client_id = issuer, client_id

    def principal(self, header: str | None) -> Principal | None:
        """Return the principal of an ``Authorization`` header. None for any that is not valid."""
        scheme, _, text = (header or "").partition(" ")
        if scheme.lower() != "bearer" or not text:
            return None
        return self._by_key(text) if text.startswith("tsk_") else self._by_token(text)

    def by_address(self, text: str) -> Principal | None:
        """Return the principal of a key that stood in an address. Only a viewer's may.

        Addresses are kept in histories and logs, so such a key must reach counts alone.
        """
        principal = self._by_key(text)
        return principal if principal and principal.role == "viewer" else None

    def _by_key(self, text: str) -> Principal | None:
        parsed = parse_key(text)
        if parsed is None:
            return None
        key = self._keys.find(parsed[0])
        return None if key is None else key.principal(parsed[1], now=self._clock())

    def _by_token(self, text: str) -> Principal | None:
        claims = self._claims(text)
        if claims is None:
            return None
        return principal_of(
            claims, issuer=self._issuer, client_id=self._client_id, now=self._clock()
        )


def create_key(
    request: KeyRequest, *, tenant: str, by: str, keys: ApiKeys, now: dt.datetime
) -> CreatedKey:
    """Make an API key. The answer is the only place that has its text."""
    made = NewApiKey.of(
        tenant, role=request.role, label=request.label, by=by, now=now, days=request.days
    )
    keys.add(made.key)
    return part_of(made.key, CreatedKey, text=made.text)


def list_keys(tenant: str, *, keys: ApiKeys) -> KeyList:
    """Return a tenant's keys, the newest first."""
    return KeyList(items=tuple(key.facts for key in keys.of_tenant(tenant)))


def revoke_key(key_id: str, *, tenant: str, keys: ApiKeys) -> None:
    """Revoke a key. It may work for five more minutes where an authorizer remembers it.

    Raises
    ------
    RequestRefusal
        The tenant has no such key.
    """
    if not keys.revoke(tenant, key_id):
        raise missing("API key of this id")
