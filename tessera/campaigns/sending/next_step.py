"""What the state machine does next with a run: wait, send some chunks, or end."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Literal

from tessera.campaigns.planning.chunks import ChunkEntry
from tessera.campaigns.planning.send_times import SendWindow

MOST_CHUNKS = 100  # of one round: an execution's history has 25,000 events at most


@dataclasses.dataclass(frozen=True, kw_only=True)
class NextStep:
    """What comes next.

    Parameters
    ----------
    next
        ``wait`` until a moment, ``send`` chunks, or ``end`` the execution.
    until
        Of ``wait``.
    chunks
        Of ``send``: names of chunks.
    reason
        Why, for people.
    """

    next: Literal["wait", "send", "end"]
    until: dt.datetime | None = None
    chunks: tuple[str, ...] = ()
    reason: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class ChunkMark:
    """What became of a chunk when a worker last had it.

    Parameters
    ----------
    name
        The chunk's.
    at
        When the worker was done.
    round
        Marks of an earlier round do not count: the run was opened again.
    is_done
        Whether all of its recipients have had their attempt.
    retry_at
        Not before this moment: the service, or the warm-up, takes no message until then.
    reason
        Why some recipients were not attempted.
    counts
        Recipients by result.
    """

    name: str
    at: dt.datetime
    round: int
    is_done: bool
    retry_at: dt.datetime | None = None
    reason: str = ""
    counts: Mapping[str, int] = dataclasses.field(default_factory=dict)


def undone(
    entries: Sequence[ChunkEntry], marks: Mapping[str, ChunkMark], *, number: int
) -> list[ChunkEntry]:
    """Return the chunks that no worker has finished in a round, in their order."""
    return [
        one
        for one in entries
        if one.name not in marks
        or not (marks[one.name].is_done and marks[one.name].round == number)
    ]


def window_at(
    entry: ChunkEntry, window_of: Callable[[tuple[str, ...]], SendWindow], *, at: dt.datetime
) -> SendWindow:
    """Return when a chunk may be sent: now, or the next time.

    Parameters
    ----------
    entry
        The chunk.
    window_of
        From its zones to the first window that has not closed by now.
    at
        Now. Until the planned window closes, that one counts.
    """
    if at < entry.closes_at:
        return SendWindow(opens_at=entry.opens_at, closes_at=entry.closes_at)
    return window_of(entry.zones)


def next_chunks(
    open_entries: Sequence[ChunkEntry], marks: Mapping[str, ChunkMark], *,
    window_of: Callable[[tuple[str, ...]], SendWindow], at: dt.datetime, deadline: dt.datetime,
    most: int = MOST_CHUNKS,
) -> NextStep | None:  # fmt: skip
    """Return what to do about the chunks of a run that is sending, None if all are done.

    Parameters
    ----------
    open_entries
        Chunks that are not done.
    marks
        What became of chunks.
    window_of
        From time zones to the first window that has not closed by now.
    at, deadline
        Now, and the run's deadline. A chunk that opens only after it is sent to a worker all the
        same, which closes it.
    most
        The most chunks of a round.
    """
    if not open_entries:
        return None
    held = [
        (mark.retry_at, mark.reason)
        for one in open_entries
        if (mark := marks.get(one.name)) and mark.retry_at
    ]
    if held and max(held)[0] > at:  # what holds one chunk is the account's, and holds all of them
        retry_at, reason = max(held)
        return NextStep(next="wait", until=min(retry_at, deadline), reason=reason)
    opens = {one.name: window_at(one, window_of, at=at).opens_at for one in open_entries}
    ready = [name for name, opens_at in opens.items() if opens_at <= at or opens_at >= deadline]
    if ready:
        return NextStep(next="send", chunks=tuple(ready[:most]))
    return NextStep(next="wait", until=min(opens.values()), reason="outside the hours of sending")
