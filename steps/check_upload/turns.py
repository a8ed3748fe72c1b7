"""Whose turn it is among the runs of a tenant: one after another, in the order of their start."""

from __future__ import annotations

from adapters.stores.run_queue import QueueEntry, RunQueue
from adapters.stores.runs import Runs

_SOON_SECONDS = 15  # until a run that stands by asks again
_LATEST_SECONDS = 900
_GONE_AT_ONCE = 10  # places of ended executions that one call gives up


def ahead_of(entry: QueueEntry, *, runs: Runs, queue: RunQueue, started_at: str) -> int | None:
    """Take the tenant's turn. Return None, or how many runs come before this one.

    Only the first in the queue may take a turn that is free, so no run overtakes another. An
    execution that was aborted or has timed out loses its place and its turn to those behind it.

    Parameters
    ----------
    entry
        The execution that asks.
    runs, queue
        The runs table, and the queue in it.
    started_at
        When it asks, for the item of the turn.
    """
    queue.enter(entry)
    before = queue.before(entry)
    for _ in range(_GONE_AT_ONCE):
        if not before or runs.is_running(before[0].execution_arn):
            break
        queue.leave(before.pop(0))
    if before:
        return len(before) + 1  # and the one that works
    arn = entry.execution_arn
    if not runs.take_turn(entry.tenant, execution_arn=arn, started_at=started_at):
        return 1
    queue.leave(entry)
    return None


def wait_seconds(ahead: int, *, max_runs: int) -> int:
    """Return how long a run waits before it asks again.

    ``max_runs`` of a tenant are under way: the one that works, and those that stand by. Each later
    one waits longer, so a tenant with a thousand uploads asks hardly more often than one with ten.

    Parameters
    ----------
    ahead
        How many runs come before it, the one that works among them.
    max_runs
        The tenant's limit.
    """
    beyond = max(0, ahead + 1 - max_runs)
    return min(_LATEST_SECONDS, _SOON_SECONDS * (beyond + 1))


def why_waiting(ahead: int, *, tenant: str, max_runs: int) -> str:
    """Return why a run waits, as a sentence without its full stop."""
    runs = "1 run" if ahead == 1 else f"{ahead} runs"
    why = f"{runs} of tenant {tenant!r} {'comes' if ahead == 1 else 'come'} first, one at a time"
    if ahead + 1 > max_runs:
        why += f". It waits outside the limit: 'max_runs' is {max_runs}"
    return why
