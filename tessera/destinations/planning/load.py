"""The load: sends items batch by batch, repeats what failed, and keeps account of each one."""

from __future__ import annotations

import dataclasses
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from tessera.destinations.port import Item, Loaded, Outcome, Refusal, Transport
from tessera.errors import Retryable

ATTEMPTS = 4
_FIRST_PAUSE_SECONDS = 0.2


@dataclasses.dataclass
class Account:
    """What became of the items that a load has dealt with, in their order."""

    rows: int = 0
    requests: int = 0
    acknowledged: list[Item] = dataclasses.field(default_factory=list)
    refused: list[Refusal] = dataclasses.field(default_factory=list)

    def add(self, other: Account) -> None:
        """Take over what became of the items that come next."""
        self.rows += other.rows
        self.requests += other.requests
        self.acknowledged += other.acknowledged
        self.refused += other.refused


@dataclasses.dataclass(frozen=True, kw_only=True)
class Load:
    """Sends items to one destination.

    Parameters
    ----------
    vendor, transport
        The destination and the way there.
    go_on
        Asked before each batch: whether there is time for it.
    pause
        Waits that many seconds before failed items are repeated.
    lanes
        How many batches may be under way at once.
    """

    vendor: Loaded
    transport: Transport
    go_on: Callable[[], bool]
    pause: Callable[[float], None]
    lanes: int = 1

    def send(self, items: Iterable[Item]) -> Account:
        """Send as many items as there is time for, one batch at least; say what became of them.

        Raises
        ------
        Retryable
            The destination is busy or away, and nothing at all was sent; otherwise the account
            ends before the batch that could not be sent.
        """
        account = Account()
        with ThreadPoolExecutor(self.lanes) as pool:
            for sent in self._begun(items, pool):
                try:
                    account.add(sent.result())
                except Retryable:
                    if not account.rows:
                        raise
                    # What later batches came to is not kept: they are sent again.
                    return account
        return account

    def _begun(self, items: Iterable[Item], pool: ThreadPoolExecutor) -> Iterator[Future[Account]]:
        """Begin batch after batch, and give each back in its turn, when all lanes are taken."""
        under_way: deque[Future[Account]] = deque()
        for batch in self._in_time(items):
            under_way.append(pool.submit(self._send, batch))
            if len(under_way) == self.lanes:
                yield under_way.popleft()
        yield from under_way

    def _in_time(self, items: Iterable[Item]) -> Iterator[list[Item]]:
        for number, batch in enumerate(batches(items, vendor=self.vendor)):
            if number and not self.go_on():
                return
            yield batch

    def _send(self, batch: Sequence[Item]) -> Account:
        sendable, oversize = _by_size(batch, limit=self.vendor.CAPABILITIES.item_characters)
        done = Outcome(refused=tuple(oversize))
        requests = 0
        while sendable and requests < ATTEMPTS:
            if requests:
                self.pause(_FIRST_PAUSE_SECONDS * 2 ** (requests - 1))
            result = self.transport.send(sendable)
            requests += 1
            sendable = [item for item, _ in result.again]
            done = Outcome(
                acknowledged=done.acknowledged + result.acknowledged,
                again=result.again,
                refused=done.refused + result.refused,
            )
        return Account(
            rows=len(batch),
            requests=requests,
            acknowledged=sorted(done.acknowledged, key=lambda item: item.key),
            refused=[*done.refused, *(refusal for _, refusal in done.again)],
        )


def batches(items: Iterable[Item], *, vendor: Loaded) -> Iterator[list[Item]]:
    """Yield the items in the destination's batches, by number and by size."""
    limits = vendor.CAPABILITIES
    batch: list[Item] = []
    left = limits.batch_bytes
    for item in items:
        if limits.batch_bytes:
            size = len(item.text.encode()) + limits.item_overhead_bytes
            if batch and size > left:
                yield batch
                batch, left = [], limits.batch_bytes
            left -= size
        batch.append(item)
        if len(batch) == limits.batch_items:
            yield batch
            batch, left = [], limits.batch_bytes
    if batch:
        yield batch


def _by_size(items: Sequence[Item], *, limit: int) -> tuple[list[Item], list[Refusal]]:
    sendable, refused = [], []
    for item in items:
        size = len(item.text)
        if size <= limit:
            sendable.append(item)
        else:
            message = f"{size} characters: the destination takes {limit}"
            refused.append(Refusal(item.key, item.customer_id, "too-large", message))
    return sendable, refused
