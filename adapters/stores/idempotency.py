"""The answers to requests with an ``Idempotency-Key``, for a day."""

from __future__ import annotations

import datetime as dt
from typing import Any

from adapters.stores.items import Items

_KEPT = dt.timedelta(hours=24)


class Idempotency:
    """Which requests were made, what they asked, and what they were answered.

    Parameters
    ----------
    items
        The API's table.
    """

    def __init__(self, items: Items) -> None:
        self._items = items

    def claim(
        self, tenant: str, key: str, *, digest: str, now: dt.datetime
    ) -> dict[str, Any] | None:
        """Claim a key for a request. Return what is known of an earlier one, None if it is new.

        Parameters
        ----------
        tenant, key
            Whose key.
        digest
            Of the request.
        now
            From now on it is kept for a day.
        """
        claim = {"digest": digest, "answer": None}
        if self._items.add(_place(tenant), key, claim, until=now + _KEPT):
            return None
        earlier = self._items.get(_place(tenant), key)
        return None if earlier is None else dict(earlier)

    def settle(
        self, tenant: str, key: str, *, digest: str, answer: dict[str, Any], now: dt.datetime
    ) -> None:
        """Keep the answer to a request."""
        document = {"digest": digest, "answer": answer}
        self._items.put(_place(tenant), key, document, until=now + _KEPT)

    def release(self, tenant: str, key: str) -> None:
        """Forget a request that was refused, so that it may be made again."""
        self._items.delete(_place(tenant), key)


def _place(tenant: str) -> str:
    return f"{tenant}#REQUESTS"
