"""Send a chunk of a run. Sending it again, after a crash or a pause, sends to nobody twice."""

from __future__ import annotations

import concurrent.futures
import dataclasses
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from tessera.campaigns.recipients import Recipient
from tessera.campaigns.sending.attempt import Attempts, Result, SendAttempt
from tessera.campaigns.sending.outcomes import CLAIMABLE
from tessera.campaigns.sending.ports import SendingLedger
from tessera.campaigns.sending.states import RunState

LANES = 8
# So many doubts in a row, and the service is away: further attempts would only add doubts.
MOST_DOUBTS = 5
# So many refusals for one reason before anything was sent: it is not the recipients.
MOST_REFUSALS = 20


@dataclasses.dataclass(frozen=True, kw_only=True)
class ChunkReport:
    """What became of a chunk.

    Parameters
    ----------
    counts
        Recipients by result, and those that had a final state before.
    left
        Recipients that were not attempted.
    reason
        Why some were not, empty otherwise.
    stops
        Whether the run has to pause, for that reason.
    """

    counts: Mapping[str, int]
    left: int
    reason: str = ""
    stops: bool = False


def send_chunk(
    recipients: Sequence[Recipient], *, attempts: Attempts[Any], ledger: SendingLedger,
    run_state: Callable[[], RunState], is_over: Callable[[], bool] = lambda: False,
    lanes: int = LANES,
) -> ChunkReport:  # fmt: skip
    """Send to the recipients of a chunk that have no final state yet.

    Parameters
    ----------
    recipients
        Of the chunk.
    attempts
        How one recipient is sent to.
    ledger
        Of the run.
    run_state
        Reads the run's state. It is asked before each recipient, so it should remember its answer
        for a second or two.
    is_over
        Whether the worker's time is up.
    lanes
        How many messages are under way at once.
    """
    waiting = _waiting(recipients, ledger)
    gate = _Gate(waiting, run_state=run_state, is_over=is_over)

    def lane() -> None:
        try:
            for recipient in gate:
                gate.note(attempts.attempt(recipient))
        except BaseException:
            gate.close("a worker ended with an error")
            raise

    with concurrent.futures.ThreadPoolExecutor(lanes) as pool:
        for ended in [pool.submit(lane) for _ in range(min(lanes, len(waiting)))]:
            ended.result()
    return gate.report(before=len(recipients) - len(waiting))


def close_chunk(recipients: Sequence[Recipient], *, ledger: SendingLedger, reason: str) -> int:
    """Skip the recipients of a chunk that got no message. Return how many there were."""
    waiting = _waiting(recipients, ledger)
    return sum(ledger.skip(one.recipient, reason=reason) for one in waiting)


def _waiting(recipients: Sequence[Recipient], ledger: SendingLedger) -> list[Recipient]:
    """Return the recipients that a worker may still take."""
    known = ledger.rows([one.recipient for one in recipients])
    return [
        one
        for one in recipients
        if one.recipient not in known or known[one.recipient].state in CLAIMABLE
    ]


class _Gate:
    """Gives out recipients until something ends the chunk."""

    def __init__(
        self, waiting: Sequence[Recipient], *, run_state: Callable[[], RunState],
        is_over: Callable[[], bool],
    ) -> None:  # fmt: skip
        self._waiting = iter(waiting)
        self._given, self._all = 0, len(waiting)
        self._run_state, self._is_over = run_state, is_over
        self._counts: Counter[str] = Counter()
        self._reason, self._stops = "", False
        self._doubts, self._refusals = 0, Counter[str]()
        self._lock = threading.Lock()

    def __iter__(self) -> Iterator[Recipient]:
        while True:
            with self._lock:
                self._look()
                recipient = None if self._reason else next(self._waiting, None)
                if recipient is None:
                    return
                self._given += 1
            yield recipient

    def note(self, attempt: SendAttempt) -> None:
        """Count an attempt, and end the chunk where it says so."""
        with self._lock:
            self._counts[attempt.result.value] += 1
            self._doubts = self._doubts + 1 if attempt.result is Result.DOUBT else 0
            if attempt.result is Result.REFUSED:
                self._refusals[attempt.reason] += 1
            if attempt.ends:
                self._close(attempt.reason, stops=attempt.stops)
            elif self._doubts >= MOST_DOUBTS:
                self._close(f"{self._doubts} doubts in a row: {attempt.reason}", stops=True)
            elif self._is_refused_throughout():
                self._close(f"every message is refused: {attempt.reason}", stops=True)

    def close(self, reason: str) -> None:
        """Give out no further recipient."""
        with self._lock:
            self._close(reason, stops=False)

    def report(self, *, before: int) -> ChunkReport:
        """Return what became of the chunk."""
        done = {"settled before": before} if before else {}
        return ChunkReport(
            counts={**done, **self._counts}, left=self._all - self._given, reason=self._reason,
            stops=self._stops,
        )  # fmt: skip

    def _look(self) -> None:
        state = self._run_state()
        if state != "SENDING":
            self._close(f"the run is {state}", stops=False)
        elif self._is_over():
            self._close("the worker's time is up", stops=False)

    def _is_refused_throughout(self) -> bool:
        most = max(self._refusals.values(), default=0)
        return most >= MOST_REFUSALS and not self._counts[Result.SENT.value]

    def _close(self, reason: str, *, stops: bool) -> None:
        if not self._reason or (stops and not self._stops):
            self._reason, self._stops = reason, stops
