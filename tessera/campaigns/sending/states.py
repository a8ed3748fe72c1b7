"""The states of a campaign run, and what leads from one to the next.

::

    PLANNING → AWAITING_APPROVAL → SCHEDULED → SENDING ⇄ PAUSED → SETTLING → MEASURING → FINISHED
                                                                          └→ CANCELLED, FAILED

A run whose people another tool gets goes from SCHEDULED to MEASURING.

A run that has begun to send always goes through SETTLING, also when it is cancelled or has failed.
It leaves SETTLING once every recipient's state is final, so no run ends with one forgotten. A
person who releases doubts opens it again: from SETTLING or MEASURING it goes back to SENDING.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from typing import Literal

from tessera.campaigns.sending.outcomes import RunTally
from tessera.errors import InvalidInput

RunState = Literal[
    "PLANNING", "AWAITING_APPROVAL", "SCHEDULED", "SENDING", "PAUSED", "SETTLING", "MEASURING",
    "FINISHED", "CANCELLED", "FAILED",
]  # fmt: skip
Move = Literal[
    "plan", "approve", "start", "hand_over", "pause", "resume", "complete", "expire", "reopen",
    "settle", "finish", "cancel", "fail",
]  # fmt: skip
ENDS: frozenset[RunState] = frozenset({"FINISHED", "CANCELLED", "FAILED"})
_BEFORE_SENDING: tuple[RunState, ...] = ("PLANNING", "AWAITING_APPROVAL", "SCHEDULED")
_UNDER_WAY: tuple[RunState, ...] = ("SENDING", "PAUSED")

# Each move, and the states in which it is possible.
MOVES: Mapping[Move, tuple[RunState, ...]] = {
    "plan": ("PLANNING",),
    "approve": ("AWAITING_APPROVAL",),
    "start": ("SCHEDULED",),
    "hand_over": ("SCHEDULED",),
    "pause": ("SENDING",),
    "resume": ("PAUSED",),
    "complete": ("SENDING",),
    "expire": _UNDER_WAY,
    "reopen": ("SETTLING", "MEASURING"),
    "settle": ("SETTLING",),
    "finish": ("MEASURING",),
    "cancel": (*_BEFORE_SENDING, *_UNDER_WAY),
    "fail": (*_BEFORE_SENDING, *_UNDER_WAY, "SETTLING", "MEASURING"),
}


@dataclasses.dataclass(frozen=True, kw_only=True)
class CampaignRun:
    """A run of a campaign: which state it is in, since when, and why.

    Parameters
    ----------
    tenant, run_id
        Which run. Its id is ``<campaign>-r<nnn>``.
    state
        Where it is.
    starts_at
        Nothing is sent before.
    latest_start
        Nothing begins to be sent after: a restored or forgotten run must not send old news.
    deadline
        Who was not sent a message by then is skipped.
    changed_at
        When it came into this state.
    recipients
        How many the plan has, without those held out.
    reason
        Why it paused, was cancelled or has failed. Empty otherwise.
    ends_as
        What SETTLING leads to.
    """

    tenant: str
    run_id: str
    state: RunState
    starts_at: dt.datetime
    latest_start: dt.datetime
    deadline: dt.datetime
    changed_at: dt.datetime
    recipients: int = 0
    reason: str = ""
    ends_as: Literal["MEASURING", "CANCELLED", "FAILED"] = "MEASURING"

    def __post_init__(self) -> None:
        """Check the order of the moments.

        Raises
        ------
        InvalidInput
            The latest start is before the start, or the deadline before the latest start.
        """
        if not self.starts_at <= self.latest_start <= self.deadline:
            raise InvalidInput(
                f"run {self.run_id}: starts_at {self.starts_at}, latest_start {self.latest_start} "
                f"and deadline {self.deadline} must follow one another: correct the schedule"
            )

    @property
    def closes(self) -> bool:
        """Whether recipients without a message are to be skipped now."""
        return self.state == "SETTLING" and bool(self.reason)


def new_run(tenant: str, run_id: str, *, at: dt.datetime) -> CampaignRun:
    """Return a run that is about to be planned. Its moments come with the plan."""
    return CampaignRun(
        tenant=tenant, run_id=run_id, state="PLANNING", starts_at=at, latest_start=at,
        deadline=at, changed_at=at,
    )  # fmt: skip


def plan(
    run: CampaignRun, *, recipients: int, starts_at: dt.datetime, latest_start: dt.datetime,
    deadline: dt.datetime, at: dt.datetime,
) -> CampaignRun:  # fmt: skip
    """Record a finished plan. A run without recipients ends at once."""
    require(run, "plan")
    planned = dataclasses.replace(
        run, recipients=recipients, starts_at=starts_at, latest_start=latest_start,
        deadline=deadline,
    )  # fmt: skip
    if recipients:
        return _to(planned, "AWAITING_APPROVAL", at=at)
    return _to(planned, "FINISHED", at=at, reason="nobody is eligible: see the plan's reasons")


def approve(run: CampaignRun, *, at: dt.datetime) -> CampaignRun:
    """Let the run start at its time."""
    require(run, "approve")
    return _to(run, "SCHEDULED", at=at)


def start(run: CampaignRun, *, at: dt.datetime) -> CampaignRun:
    """Begin to send.

    Raises
    ------
    InvalidInput
        It is too early, or too late.
    """
    require(run, "start")
    _require_time(run, at=at)
    return _to(run, "SENDING", at=at)


def hand_over(run: CampaignRun, *, at: dt.datetime) -> CampaignRun:
    """Measure a run whose people another tool has from now on. Nothing is sent from here.

    Raises
    ------
    InvalidInput
        It is too early, or too late.
    """
    require(run, "hand_over")
    _require_time(run, at=at)
    return _to(run, "MEASURING", at=at)


def pause(run: CampaignRun, *, reason: str, at: dt.datetime) -> CampaignRun:
    """Stop sending until somebody resumes."""
    require(run, "pause")
    return _to(run, "PAUSED", at=at, reason=reason)


def resume(run: CampaignRun, *, at: dt.datetime) -> CampaignRun:
    """Go on sending."""
    require(run, "resume")
    if at >= run.deadline:
        raise InvalidInput(
            f"run {run.run_id} had to be sent by {run.deadline}, and it is {at}: it will settle"
        )
    return _to(run, "SENDING", at=at, reason="")


def complete(run: CampaignRun, *, tally: RunTally, at: dt.datetime) -> CampaignRun:
    """Go on to settle doubts, once nobody is waiting for a message.

    Raises
    ------
    InvalidInput
        Somebody is.
    """
    require(run, "complete")
    if tally.waiting:
        raise InvalidInput(
            f"run {run.run_id} has {tally.waiting} of {tally.planned} recipients to send to: "
            "send its chunks again"
        )
    return _to(run, "SETTLING", at=at)


def expire(run: CampaignRun, *, at: dt.datetime) -> CampaignRun:
    """Settle at the deadline with what was sent by then."""
    require(run, "expire")
    if at < run.deadline:
        raise InvalidInput(f"run {run.run_id} has until {run.deadline}, and it is {at}: wait")
    return _to(run, "SETTLING", at=at, reason=f"the deadline {run.deadline} passed")


def reopen(run: CampaignRun, *, at: dt.datetime) -> CampaignRun:
    """Send again, to recipients in doubt that a person releases.

    Raises
    ------
    InvalidInput
        The run was cancelled or has failed, or its deadline has passed.
    """
    require(run, "reopen")
    if run.closes or at >= run.deadline:
        raise InvalidInput(
            f"run {run.run_id} sends nothing any longer ({run.reason or f'until {run.deadline}'}): "
            "plan another run for its doubts"
        )
    return _to(run, "SENDING", at=at)


def settle(run: CampaignRun, *, tally: RunTally, at: dt.datetime) -> CampaignRun:
    """Leave SETTLING, once every recipient's state is final.

    Raises
    ------
    InvalidInput
        One is not.
    """
    require(run, "settle")
    if tally.unsettled:
        raise InvalidInput(
            f"run {run.run_id} has {tally.unsettled} of {tally.planned} recipients unsettled: "
            "resolve it again"
        )
    return _to(run, run.ends_as, at=at)


def finish(run: CampaignRun, *, at: dt.datetime) -> CampaignRun:
    """End a run whose result is measured."""
    require(run, "finish")
    return _to(run, "FINISHED", at=at)


def cancel(run: CampaignRun, *, reason: str, at: dt.datetime) -> CampaignRun:
    """Stop for good. What is sent stays sent."""
    require(run, "cancel")
    if run.state in _UNDER_WAY:
        return _to(run, "SETTLING", at=at, reason=reason, ends_as="CANCELLED")
    return _to(run, "CANCELLED", at=at, reason=reason)


def fail(run: CampaignRun, *, reason: str, at: dt.datetime) -> CampaignRun:
    """End a run by an error. One that was sending settles first."""
    require(run, "fail")
    if run.state in (*_UNDER_WAY, "SETTLING"):
        return _to(run, "SETTLING", at=at, reason=reason, ends_as="FAILED")
    return _to(run, "FAILED", at=at, reason=reason)


def require(run: CampaignRun, move: Move) -> None:
    """Refuse a move that is not possible in the run's state. Raises InvalidInput."""
    if run.state not in MOVES[move]:
        raise InvalidInput(
            f"run {run.run_id} is {run.state}: {move} needs {' or '.join(MOVES[move])}"
        )


def _require_time(run: CampaignRun, *, at: dt.datetime) -> None:
    if at < run.starts_at:
        raise InvalidInput(f"run {run.run_id} starts at {run.starts_at}, and it is {at}: wait")
    if at > run.latest_start:
        raise InvalidInput(
            f"run {run.run_id} may not start after {run.latest_start}, and it is {at}: "
            "cancel it and plan another"
        )


def _to(run: CampaignRun, state: RunState, *, at: dt.datetime, **changes: object) -> CampaignRun:
    return dataclasses.replace(run, state=state, changed_at=at, **changes)  # type: ignore[arg-type]
