"""Move runs from state to state: by people, by workers, and by time."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from tessera.campaigns.sending import states
from tessera.campaigns.sending.outcomes import DEFERRED, UNKNOWN
from tessera.campaigns.sending.ports import SendingLedger
from tessera.campaigns.sending.settling import settled
from tessera.campaigns.sending.states import CampaignRun, RunState
from tessera.campaigns.sending.watchdog import cause
from tessera.errors import InvalidInput


class RunKeeper(Protocol):
    """Keeps a tenant's runs."""

    def read(self, sk: str) -> CampaignRun | None:
        """Return a run by its id, None without one."""

    def change(self, sk: str, change: Callable[[CampaignRun | None], CampaignRun]) -> CampaignRun:
        """Change the newest version of a run."""


class Proofs(Protocol):
    """Knows which messages the service accepted."""

    def accepted(self, tenant: str, run: str, recipients: Sequence[str]) -> Mapping[str, str]:
        """Return the message ids of those recipients that any event names."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Resolved:
    """What settling came to.

    Parameters
    ----------
    proved
        Recipients whose doubt an event has settled.
    doubts
        Recipients of which nobody knows: for a person.
    run
        The run after it.
    """

    proved: int
    doubts: tuple[str, ...]
    run: CampaignRun


def run_of(runs: RunKeeper, run_id: str) -> CampaignRun:
    """Return a run as it is now. Raises InvalidInput where there is none."""
    return _existing(runs.read(run_id), run_id)


def move(runs: RunKeeper, run_id: str, change: Callable[[CampaignRun], CampaignRun]) -> CampaignRun:
    """Change a run's state by one of the functions of ``tessera.campaigns.sending.states``.

    Raises
    ------
    InvalidInput
        There is no such run, or the move is not possible in its state.
    """
    return runs.change(run_id, lambda run: change(_existing(run, run_id)))


def fail_plan(runs: RunKeeper, run_id: str, *, reason: str, at: dt.datetime) -> CampaignRun:
    """Record that a run could not be planned. One that has left PLANNING stays as it is."""
    return move(
        runs,
        run_id,
        lambda run: states.fail(run, reason=reason, at=at) if run.state == "PLANNING" else run,
    )


def _existing(run: CampaignRun | None, run_id: str) -> CampaignRun:
    if run is None:
        raise InvalidInput(f"there is no run {run_id!r}: see the campaign's runs")
    return run


def resolve(
    runs: RunKeeper, run_id: str, *, ledger: SendingLedger, proofs: Proofs, at: dt.datetime
) -> Resolved:
    """Settle old claims by events, and end SETTLING once every recipient is final.

    Call it 15 minutes after the last chunk, and again while claims are younger than that.
    """
    run = run_of(runs, run_id)
    rows = list(ledger.unsettled())
    recipients = [row.recipient for row in rows]
    accepted = proofs.accepted(run.tenant, run_id, recipients)
    proved = 0
    for one in settled(rows, accepted=accepted, at=at):
        done = ledger.mark(one.recipient, one.state, message_id=one.message_id)
        proved += done and one.state != UNKNOWN
    after = ledger.rows(recipients)
    doubts = tuple(one for one in recipients if after[one].state == UNKNOWN)
    tally = ledger.tally(planned=run.recipients)
    if run.state == "SETTLING" and not tally.unsettled:
        run = move(runs, run_id, lambda run: states.settle(run, tally=tally, at=at))
    return Resolved(proved=proved, doubts=doubts, run=run)


def release(
    runs: RunKeeper, run_id: str, recipients: Sequence[str], *, ledger: SendingLedger, by: str,
    at: dt.datetime,
) -> CampaignRun:  # fmt: skip
    """Let recipients in doubt be sent the message again, which a person has decided.

    The run is opened again where it was settling, so that its chunks are sent once more.

    Raises
    ------
    InvalidInput
        A recipient is not in doubt, or the run sends nothing any longer.
    """
    rows = ledger.rows(recipients)
    for recipient in recipients:
        state = rows[recipient].state if recipient in rows else "not in the run"
        if state != UNKNOWN:
            raise InvalidInput(f"recipient {recipient} is {state}: only a doubt can be released")

    def opened(run: CampaignRun) -> CampaignRun:
        return run if run.state in ("SENDING", "PAUSED") else states.reopen(run, at=at)

    run = move(runs, run_id, opened)  # first: a settled run must not have anybody waiting
    for recipient in recipients:
        ledger.mark(recipient, DEFERRED, reason=f"released by {by}")
    return run


def why_stuck(
    runs: RunKeeper, run_id: str, *, ledger: SendingLedger, at: dt.datetime, is_executed: bool
) -> str:
    """Return why a run does not move and what to do about it, empty if it does.

    Parameters
    ----------
    runs, run_id, ledger
        Which run, and its rows.
    at
        Now.
    is_executed
        Whether a state machine's execution works on it.
    """
    run = run_of(runs, run_id)
    tally = ledger.tally(planned=run.recipients)
    return cause(run, tally=tally, at=at, is_executed=is_executed)


class RememberedState:
    """A run's state, read again after a second: each recipient asks for it.

    Parameters
    ----------
    runs, run_id
        Which run.
    now_s
        The clock.
    lasts_s
        How long an answer is good.
    """

    def __init__(
        self, runs: RunKeeper, run_id: str, *, now_s: Callable[[], float], lasts_s: float = 1.0
    ) -> None:
        self._runs, self._run_id = runs, run_id
        self._now_s, self._lasts_s = now_s, lasts_s
        self._read_at_s = float("-inf")
        self._state: RunState = "FAILED"

    def __call__(self) -> RunState:
        """Return the state."""
        now_s = self._now_s()
        if now_s - self._read_at_s >= self._lasts_s:
            run = self._runs.read(self._run_id)
            self._state, self._read_at_s = "FAILED" if run is None else run.state, now_s
        return self._state
