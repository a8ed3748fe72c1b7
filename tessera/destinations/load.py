"""The load: sends items batch by batch, repeats what failed, and keeps account of each one."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Sequence

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
    """

    vendor: Loaded
    transport: Transport
    go_on: Callable[[], bool]
    pause: Callable[[float], None]

    def send(self, items: Iterable[Item]) -> Account:
        """Send as many items as there is time for, one batch at least; say what became of them.

        Raises
        ------
        Retryable
            The destination is busy or away, and nothing at all was sent; otherwise the account
            ends before the batch that could not be sent.
        """
        account = Account()
        for batch in batches(items, vendor=self.vendor):
            if account.rows and not self.go_on():
                break
            try:
                self._send(batch, account)
            except Retryable:
                if not account.rows:
                    raise
                break
            account.rows += len(batch)
        return account

    def _send(self, batch: Sequence[Item], account: Account) -> None:
        sendable, oversize = _by_size(batch, limit=self.vendor.CAPABILITIES.item_characters)
        done = Outcome(refused=tuple(oversize))
        requests = 0
        while sendable and requests < ATTEMPTS:
            if requests:
                self.pause(_FIRST_PAUSE_SECONDS * 2 ** (requests - 1))
            response = self.transport.put(self.vendor.request(sendable))
            requests += 1
            result = self.vendor.outcome(sendable, response)
            sendable = [item for item, _ in result.again]
            done = Outcome(
                acknowledged=done.acknowledged + result.acknowledged,
                again=result.again,
                refused=done.refused + result.refused,
            )
        # Only now: a batch that breaks off half-way is sent again as a whole.
        account.requests += requests
        account.acknowledged += sorted(done.acknowledged, key=lambda item: item.key)
        account.refused += [*done.refused, *(refusal for _, refusal in done.again)]


def batches(items: Iterable[Item], *, vendor: Loaded) -> Iterator[list[Item]]:
    """Yield the items in the destination's batches."""
    batch: list[Item] = []
    for item in items:
        batch.append(item)
        if len(batch) == vendor.CAPABILITIES.batch_items:
            yield batch
            batch = []
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
