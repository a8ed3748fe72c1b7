"""The load: send items in batches, retry what failed, and record the outcome of each item."""

from __future__ import annotations

import dataclasses
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from tessera.destinations.port import Item, Loaded, Outcome, Transport
from tessera.errors import Retryable
from tessera.records.loads.load import Refusal

ATTEMPTS = 4
_FIRST_PAUSE_SECONDS = 0.2


@dataclasses.dataclass
class Account:
    """The outcomes of the items that a load has processed, in the items' order."""

    rows: int = 0
    requests: int = 0
    acknowledged: list[Item] = dataclasses.field(default_factory=list)
    refused: list[Refusal] = dataclasses.field(default_factory=list)

    def add(self, other: Account) -> None:
        """Append the outcomes of the items that come next."""
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
        The destination's module, and what carries its requests.
    go_on
        Called before each batch. Returns whether there is time for another one.
    pause
        Waits a number of seconds before failed items are retried.
    lanes
        How many batches may be in flight at once.
    """

    vendor: Loaded
    transport: Transport
    go_on: Callable[[], bool]
    pause: Callable[[float], None]
    lanes: int = 1

    def send(self, items: Iterable[Item]) -> Account:
        """Send as many items as time allows, at least one batch, and return their outcomes.

        Raises
        ------
        Retryable
            The destination is busy or unreachable, and nothing was sent. Once something was sent,
            the account ends before the batch that failed instead.
        """
        account = Account()
        with ThreadPoolExecutor(self.lanes) as pool:
            for sent in self._begun(items, pool):
                try:
                    account.add(sent.result())
                except Retryable:
                    if not account.rows:
                        raise
                    # The outcomes of later batches are dropped: those batches are sent again.
                    return account
        return account

    def _begun(self, items: Iterable[Item], pool: ThreadPoolExecutor) -> Iterator[Future[Account]]:
        """Start the batches, and yield them in order. At most ``lanes`` are in flight at once."""
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
    """Split the items into batches that fit the destination's limits on count and bytes."""
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
            message = f"{size} characters: the destination accepts at most {limit}"
            refused.append(Refusal(item.key, item.customer_id, "too-large", message))
    return sendable, refused
