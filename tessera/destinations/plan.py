"""The plan: who has to be sent, because the destination has not got it so."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Mapping

from tessera.destinations.ledger import Entry
from tessera.destinations.port import Customer, Item, Loaded, compact

_STEP = 1.25


def digest(
    content: Mapping[str, str],
    *,
    volatile: frozenset[str] = frozenset(),
    drifting: frozenset[str] = frozenset(),
) -> str:
    """Return 32 hex digits that stand for a content as far as it is a reason to send it.

    Of what is volatile it matters alone that it is there, of what drifts in which step it lies.
    """
    lasting = {
        name: "" if name in volatile else step(value) if name in drifting else value
        for name, value in content.items()
    }
    return hashlib.sha256(compact(lasting).encode()).hexdigest()[:32]


def step(number: str) -> str:
    """Return the step that a number lies in: each is a quarter above the one before it."""
    size = abs(float(number))
    return f"{'-' if float(number) < 0 else ''}{round(math.log(size, _STEP)) if size >= 1 else ''}"


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
        self._drifting = vendor.CAPABILITIES.drifting
        self._ledger = iter(ledger)
        self._known = next(self._ledger, None)
        self.desired = self.changes = self.unchanged = self.left = 0

    def offer(self, customer: Customer) -> Item | None:
        """Return what to send for the next customer, None when it is there already."""
        content = self._vendor.render(customer)
        item = Item(
            key=customer.key,
            customer_id=customer.customer_id,
            digest=digest(content, volatile=self._volatile, drifting=self._drifting),
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
