"""The plan: who has to be sent, because the destination has not got it so."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

from tessera.destinations.ledger import Entry
from tessera.destinations.port import Customer, Item, Loaded, compact


def digest(content: Mapping[str, str], *, volatile: frozenset[str] = frozenset()) -> str:
    """Return 32 hex digits that stand for a content, leaving out what changes by itself."""
    lasting = {name: value for name, value in content.items() if name not in volatile}
    return hashlib.sha256(compact(lasting).encode()).hexdigest()[:32]


class Plan:
    """Compares customers with the ledger, both sorted by customer_key, in one pass.

    Parameters
    ----------
    vendor
        The destination.
    ledger
        What it has acknowledged, sorted by customer_key.

    Attributes
    ----------
    desired, changes, unchanged
        Customers offered so far, and of them those to send and those already there.
    left
        Customers of the ledger who were not offered: gone from the data or out of the window.
    """

    def __init__(self, vendor: Loaded, *, ledger: Iterable[Entry]) -> None:
        self._vendor = vendor
        self._volatile = vendor.CAPABILITIES.volatile
        self._ledger = iter(ledger)
        self._known = next(self._ledger, None)
        self.desired = self.changes = self.unchanged = self.left = 0

    def offer(self, customer: Customer) -> Item | None:
        """Return what to send for the next customer, None when it is there already."""
        content = self._vendor.render(customer)
        item = Item(
            key=customer.key,
            customer_id=customer.customer_id,
            digest=digest(content, volatile=self._volatile),
            content=content,
        )
        self.desired += 1
        if self._acknowledged(customer.key) == item.digest:
            self.unchanged += 1
            return None
        self.changes += 1
        return item

    def finish(self) -> None:
        """Count the rest of the ledger: nobody offered them."""
        while self._known is not None:
            self._pass_over()

    def _acknowledged(self, key: str) -> str | None:
        while self._known is not None and self._known[0] < key:
            self._pass_over()
        if self._known is None or self._known[0] != key:
            return None
        found = self._known[1]
        self._known = next(self._ledger, None)
        return found

    def _pass_over(self) -> None:
        self.left += 1
        self._known = next(self._ledger, None)
