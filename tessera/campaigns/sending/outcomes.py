"""What became of each recipient of a run, and how many there are of each kind.

A row is written when a recipient is claimed, so a recipient without a row has not been attempted.
CLAIMED and DEFERRED are on their way. All other states are final: ``UNKNOWN`` needs a person.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Literal

# The first digits of recipients, by which ledger and events are partitioned. Keyed hashes spread
# people over them by chance.
PARTITIONS = "0123456789abcdef"
RecipientState = Literal["CLAIMED", "DEFERRED", "SENT", "REFUSED", "SKIPPED", "UNKNOWN"]

CLAIMED: RecipientState = "CLAIMED"  # a worker may be sending, or died while it did
DEFERRED: RecipientState = "DEFERRED"  # surely not sent, and to be tried again
SENT: RecipientState = "SENT"  # accepted by the service, which is all that it answers
REFUSED: RecipientState = "REFUSED"  # surely not sent, and it never will be
SKIPPED: RecipientState = "SKIPPED"  # not attempted: unsubscribed meanwhile, cancelled, too late
UNKNOWN: RecipientState = "UNKNOWN"  # nothing proves that it was sent, and nothing that it was not

FINAL: frozenset[RecipientState] = frozenset({SENT, REFUSED, SKIPPED, UNKNOWN})
# Which states a row may be in for a worker to take it. No row at all is fine as well.
CLAIMABLE: frozenset[RecipientState] = frozenset({DEFERRED})
# What may follow which. A late answer proves a message that was in doubt.
BEFORE: Mapping[RecipientState, frozenset[RecipientState]] = {
    DEFERRED: frozenset({CLAIMED, UNKNOWN}),
    SENT: frozenset({CLAIMED, UNKNOWN}),
    REFUSED: frozenset({CLAIMED, UNKNOWN}),
    SKIPPED: frozenset({DEFERRED}),
    UNKNOWN: frozenset({CLAIMED}),
}


@dataclasses.dataclass(frozen=True, kw_only=True)
class RecipientRow:
    """What the ledger holds about a recipient of a run.

    Parameters
    ----------
    recipient
        Its 32 hexadecimal digits.
    state
        Where it is.
    at
        When the state was last changed.
    message_id
        The service's id of the message, empty until it was accepted.
    reason
        Why it was deferred, refused or skipped.
    """

    recipient: str
    state: RecipientState
    at: dt.datetime
    message_id: str = ""
    reason: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class RunTally:
    """How many recipients of a run are in each state.

    Parameters
    ----------
    planned
        How many the plan has.
    counts
        Rows of the ledger by state.
    moved_at
        When a row last changed, None without rows.
    last_deferral, deferred_at
        Why the last recipient was deferred, and when. Empty and None if none is.
    """

    planned: int
    counts: Mapping[RecipientState, int]
    moved_at: dt.datetime | None = None
    last_deferral: str = ""
    deferred_at: dt.datetime | None = None

    @property
    def untouched(self) -> int:
        """Recipients without a row. A late row may be of somebody that was erased meanwhile."""
        return max(0, self.planned - sum(self.counts.values()))

    @property
    def waiting(self) -> int:
        """Recipients that may still be sent a message."""
        return self.untouched + self.counts.get(DEFERRED, 0)

    @property
    def unsettled(self) -> int:
        """Recipients whose state is not final."""
        return self.waiting + self.counts.get(CLAIMED, 0)


def count_rows(rows: Iterable[RecipientRow], *, planned: int) -> RunTally:
    """Count the rows of a run, in one pass.

    Parameters
    ----------
    rows
        All of the run.
    planned
        How many recipients the plan has.
    """
    counts: Counter[RecipientState] = Counter()
    moved_at: dt.datetime | None = None
    deferred: RecipientRow | None = None
    for row in rows:
        counts[row.state] += 1
        moved_at = row.at if moved_at is None else max(moved_at, row.at)
        if row.state == DEFERRED and (deferred is None or row.at >= deferred.at):
            deferred = row
    return RunTally(
        planned=planned, counts=counts, moved_at=moved_at,
        last_deferral=deferred.reason if deferred else "",
        deferred_at=deferred.at if deferred else None,
    )  # fmt: skip


def added(parts: Iterable[RunTally], *, planned: int) -> RunTally:
    """Add the tallies of partitions, which share no recipient.

    Parameters
    ----------
    parts
        Of each partition of the run's rows.
    planned
        How many recipients the plan has.
    """
    counts: Counter[RecipientState] = Counter()
    moved: list[dt.datetime] = []
    deferred: list[tuple[dt.datetime, str]] = []
    for part in parts:
        counts.update(part.counts)
        if part.moved_at is not None:
            moved.append(part.moved_at)
        if part.deferred_at is not None:
            deferred.append((part.deferred_at, part.last_deferral))
    deferred_at, reason = max(deferred, default=(None, ""))
    return RunTally(
        planned=planned, counts=counts, moved_at=max(moved, default=None), last_deferral=reason,
        deferred_at=deferred_at,
    )  # fmt: skip
