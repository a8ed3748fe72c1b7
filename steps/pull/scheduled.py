"""A pull that goes on from call to call, and begins again when settings change what money is."""

from __future__ import annotations

from typing import Protocol

from steps.pull.pull import Clock, Journal, PullRecord, PullTransport, pull
from tessera.sources.connectors.port import Connector
from tessera.sources.orders.money import Included

MONEY = "money.txt"  # beside the change files: what their amounts include


class Notes(Protocol):
    """The objects beside the change files."""

    def exists(self, key: str) -> bool:
        """Return whether an object is there."""
        ...

    def read(self, key: str) -> bytes:
        """Return an object."""
        ...

    def write(self, key: str, body: bytes) -> None:
        """Write an object."""
        ...


def pull_scheduled(
    connector: Connector,
    *,
    transport: PullTransport,
    journal: Journal,
    clock: Clock,
    notes: Notes,
    raw: str,
    included: Included,
    reload: bool,
    budget_seconds: float,
) -> PullRecord:
    """Pull for some time.

    Parameters
    ----------
    notes, raw
        Where the change files are.
    included
        What counts as a customer's money. After a change of it everything is pulled again, because
        the stored amounts are of another kind.
    reload
        Whether everything is pulled again in any case.
    budget_seconds
        How long this call may take.

    Raises
    ------
    InvalidInput, Refused, Retryable
        As for ``pull``.
    """
    money, key = included.in_words(), raw + MONEY
    before = notes.read(key).decode() if notes.exists(key) else ""
    record = pull(
        connector,
        transport=transport,
        journal=journal,
        clock=clock,
        reload=reload or before not in ("", money),
        budget_seconds=budget_seconds,
    )
    if not record.more and before != money:
        notes.write(key, money.encode())
    return record
