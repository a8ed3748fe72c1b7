"""The plan: who has to be sent, because the destination has not got it so."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence

from tessera.destinations.planning.ledger import CLEARED, Entry
from tessera.destinations.port import WAS, Customer, Item, Loaded, Traced, compact

_STEP = 1.25
COUNTS = (
    "desired", "changes", "adds", "updates", "exits", "unchanged", "untold", "left", "known",
)  # fmt: skip


def digest(
    content: Mapping[str, str],
    *,
    volatile: frozenset[str] = frozenset(),
    drifting: frozenset[str] = frozenset(),
) -> str:
    """Return 32 hex digits that stand for a content as far as it is a reason to send it.

    Of what is volatile it matters alone that it is there, of what drifts in which step it lies.
    """
    lasting = dict(content)
    for name in drifting:
        if name in lasting:
            lasting[name] = step(lasting[name])
    for name in volatile:
        if name in lasting:
            lasting[name] = ""
    return digest_of(compact(lasting).encode())


def digest_of(lasting: bytes | memoryview) -> str:
    """Return the digest of a content's JSON in which nothing changes without a reason to send."""
    return hashlib.sha256(lasting).hexdigest()[:32]


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
    clear
        Whether who left, gone from the data or out of the window, shall lose the labels there.

    Attributes
    ----------
    desired, unchanged, untold
        Customers offered so far; of them those whom the destination has just so, and those of
        whom it has nothing and shall have nothing.
    adds, updates, exits
        Customers to send: those it has not got, those it has otherwise, those who left.
    left
        Customers who left and keep their labels.
    known
        Customers whom the destination had with labels.
    """

    def __init__(self, vendor: Loaded, *, ledger: Iterable[Entry], clear: bool = True) -> None:
        self._vendor = vendor
        self._volatile = vendor.CAPABILITIES.volatile
        self._drifting = vendor.CAPABILITIES.drifting
        self._clear = clear
        self._ledger = iter(ledger)
        self._next = next(self._ledger, None)
        self.desired = self.adds = self.updates = self.unchanged = 0
        self.exits = self.left = self.known = self.untold = 0
        self._trace = ""  # of the customer compared last

    @property
    def changes(self) -> int:
        """Customers to send."""
        return self.adds + self.updates + self.exits

    def offer(self, customer: Customer) -> list[Item]:
        """Return what to send up to the next customer: those before who left, then this one."""
        content = self._vendor.render(customer)
        wanted = digest(content, volatile=self._volatile, drifting=self._drifting)
        if content == self._vendor.cleared(customer.customer_id):
            wanted = CLEARED  # the destination shall have nothing of this customer
        found = self.compare([customer.key], [wanted])
        if found and found[-1] == 0:
            content = self._with_trace(content, self._trace)
            found[-1] = Item(customer.key, customer.customer_id, wanted, content)
        return [one for one in found if isinstance(one, Item)]

    def compare(self, keys: Sequence[str], digests: Sequence[str]) -> list[Item | int]:
        """Return what to send up to the last of the next customers.

        Parameters
        ----------
        keys, digests
            Of the next customers, sorted by key; what the digests stand for is rendered elsewhere.
            ``CLEARED`` stands for a customer of whom the destination shall have nothing.

        Returns
        -------
        In the keys' order: items of those who left, and of those to send which one it is.
        """
        found: list[Item | int] = []
        adds = updates = untold = 0
        self._trace = ""
        for index, (key, wanted) in enumerate(zip(keys, digests, strict=True)):
            known, entry = CLEARED, self._next
            if entry is not None and entry.key <= key:  # in a first load nobody comes in here
                found += self._exits_before(key)
                known = self._take(key)
            if known == wanted:
                untold += wanted == CLEARED
                continue
            adds += known == CLEARED
            updates += known != CLEARED
            found.append(index)
        self.desired += len(keys)
        self.adds += adds
        self.updates += updates
        self.untold += untold
        self.unchanged += len(keys) - adds - updates - untold
        return found

    def finish(self) -> Iterator[Item]:
        """Yield the rest of those who left: nobody offered them."""
        yield from self._exits_before(None)

    def _with_trace(self, content: dict[str, str], was: str) -> dict[str, str]:
        """Return a content with the trace of the one before it, where that is another one."""
        if not was or not isinstance(self._vendor, Traced) or self._vendor.trace(content) == was:
            return content
        return {**content, WAS: was}

    def _take(self, key: str) -> str:
        """Return what was acknowledged of a customer, whom the ledger's next entry may be."""
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
