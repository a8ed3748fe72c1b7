"""The plan: which customers to send, because the destination does not have them as they are."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

from tessera.contracts.customer_profiles import is_removed
from tessera.destinations.planning.ledger import CLEARED, Entry
from tessera.destinations.port import WAS, Customer, Item, Loaded, Traced, compact
from tessera.records.loads.load import PlanCounts

_STEP = 1.25


def digest(
    content: Mapping[str, str],
    *,
    volatile: frozenset[str] = frozenset(),
    drifting: frozenset[str] = frozenset(),
) -> str:
    """Return 32 hex digits that change whenever a content changes enough to send it again.

    For a volatile field only its presence counts, and for a drifting number only its step. An
    attribute to remove does not count: a destination without it is as it should be.
    """
    lasting = {name: value for name, value in content.items() if not is_removed(name, value)}
    for name in drifting:
        if name in lasting:
            lasting[name] = step(lasting[name])
    for name in volatile:
        if name in lasting:
            lasting[name] = ""
    return digest_of(compact(lasting).encode())


def digest_of(lasting: bytes | memoryview) -> str:
    """Return the digest of a content's JSON, with volatile and drifting fields already replaced."""
    return hashlib.sha256(lasting).hexdigest()[:32]


def step(number: str) -> str:
    """Return the step that contains a number. Each step is a quarter above the one before it."""
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
    clear
        Whether customers who left lose their labels there. A customer has left when the data or
        the window no longer has them.
    newer
        Customers whose label at the destination is newer than this run's, by a single move. They
        count as unchanged.

    Attributes
    ----------
    desired
        Customers offered so far.
    unchanged
        Those that the destination already has as they are.
    omitted
        Those that the destination does not have and must not have.
    adds, updates, exits
        Customers to send: new ones, changed ones, and those who left.
    left
        Customers who left and keep their labels.
    known
        Customers that the destination had with labels.
    """

    def __init__(
        self,
        vendor: Loaded,
        *,
        ledger: Iterable[Entry],
        clear: bool = True,
        newer: Container[str] = frozenset(),
    ) -> None:
        self._newer = newer
        self._vendor = vendor
        self._volatile = vendor.CAPABILITIES.volatile
        self._drifting = vendor.CAPABILITIES.drifting
        self._clear = clear
        self._ledger = iter(ledger)
        self._next = next(self._ledger, None)
        self.desired = self.adds = self.updates = self.unchanged = 0
        self.exits = self.left = self.known = self.omitted = 0
        self._trace = ""  # of the customer compared last

    @property
    def changes(self) -> int:
        """Customers to send."""
        return self.adds + self.updates + self.exits

    def counts(self) -> PlanCounts:
        """Return the counts so far."""
        return PlanCounts(
            desired=self.desired,
            changes=self.changes,
            adds=self.adds,
            updates=self.updates,
            exits=self.exits,
            unchanged=self.unchanged,
            untold=self.omitted,
            left=self.left,
            known=self.known,
        )

    def offer(self, customer: Customer) -> list[Item]:
        """Return what to send up to this customer: first those who left, then this one."""
        content = self._vendor.render(customer)
        wanted = digest(content, volatile=self._volatile, drifting=self._drifting)
        if content == self._vendor.cleared(customer.customer_id):
            wanted = CLEARED  # the destination must have nothing about this customer
        due = self.compare([customer.key], [wanted])
        if due and due[-1] == 0:
            content = self._with_trace(content, self._trace)
            due[-1] = Item(customer.key, customer.customer_id, wanted, content)
        return [one for one in due if isinstance(one, Item)]

    def compare(self, keys: Sequence[str], digests: Sequence[str]) -> list[Item | int]:
        """Compare the next customers with the ledger, and return what to send.

        Parameters
        ----------
        keys, digests
            Of the next customers, sorted by key. The caller renders their contents. The digest is
            ``CLEARED`` if the destination must have nothing about a customer.

        Returns
        -------
        In the keys' order: an item for each customer who left, an index for each one to send.
        """
        due: list[Item | int] = []
        adds = updates = omitted = 0
        self._trace = ""
        for index, (key, wanted) in enumerate(zip(keys, digests, strict=True)):
            known, entry = CLEARED, self._next
            if entry is not None and entry.key <= key:  # never so in a first load
                due += self._exits_before(key)
                known = self._take(key)
            if known == wanted or (known != CLEARED and key in self._newer):
                omitted += wanted == CLEARED
                continue
            adds += known == CLEARED
            updates += known != CLEARED
            due.append(index)
        self.desired += len(keys)
        self.adds += adds
        self.updates += updates
        self.omitted += omitted
        self.unchanged += len(keys) - adds - updates - omitted
        return due

    def finish(self) -> Iterator[Item]:
        """Yield the remaining customers who left, after the last customer was offered."""
        yield from self._exits_before(None)

    def _with_trace(self, content: dict[str, str], was: str) -> dict[str, str]:
        """Add the acknowledged trace to a content, if the content's own trace differs."""
        if not was or not isinstance(self._vendor, Traced) or self._vendor.trace(content) == was:
            return content
        return {**content, WAS: was}

    def _take(self, key: str) -> str:
        """Return the acknowledged digest if the ledger's next entry is this customer's."""
        entry = self._next
        if entry is None or entry.key != key:
            return CLEARED
        self._next = next(self._ledger, None)
        self.known += entry.digest != CLEARED
        self._trace = entry.trace
        return entry.digest

    def _exits_before(self, key: str | None) -> Iterator[Item]:
        while (entry := self._next) is not None and (key is None or entry.key < key):
            self._next = next(self._ledger, None)
            if entry.digest == CLEARED:
                continue
            self.known += 1
            if self._clear:
                self.exits += 1
                content = self._with_trace(self._vendor.cleared(entry.customer_id), entry.trace)
                yield Item(entry.key, entry.customer_id, CLEARED, content)
            else:
                self.left += 1
