"""Advance a run: what the state machine asks between two waits, and before each round of chunks.

Everything is read again each time, so an execution that is repeated, late, or one of two changes
nothing. The execution that a run belongs to is written in its progress. Any other one ends.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from steps.campaign.ask_run import ProgressKeeper
from steps.campaign.brakes import PartitionedEvents, check_brakes
from steps.campaign.canary import check_canary
from steps.campaign.hand_over import HandoverKeeper, hand_over
from steps.campaign.runs import Proofs, RunKeeper, move, resolve, run_of
from tessera.campaigns.definitions.channel import AUDIENCE, EMAIL
from tessera.campaigns.planning.manifest import RunManifest
from tessera.campaigns.planning.send_times import SendWindow
from tessera.campaigns.sending import states
from tessera.campaigns.sending.brakes import PostmasterFigure
from tessera.campaigns.sending.next_step import (
    MOST_CHUNKS,
    ChunkMark,
    NextStep,
    next_chunks,
    undone,
)
from tessera.campaigns.sending.ports import NotAccepted, SendingLedger
from tessera.campaigns.sending.progress import RunProgress
from tessera.campaigns.sending.settling import CLAIM_LASTS
from tessera.campaigns.sending.states import CampaignRun, RunState
from tessera.errors import InvalidInput

CANARY_WAIT = dt.timedelta(seconds=10)
CANARY_LASTS = dt.timedelta(minutes=10)  # events come late, and this is later than any
_RETRY = dt.timedelta(minutes=15)
_NEXT_CANARY = dt.timedelta(hours=1)
_NOT_SOONER = dt.timedelta(minutes=1)  # from one round of all chunks to the next


class ChunkMarks(Protocol):
    """Keeps what became of a run's chunks."""

    def all(self) -> Sequence[ChunkMark]:
        """Return all marks of the run."""


class ManifestFile(Protocol):
    """Reads what was planned."""

    def manifest(self) -> RunManifest:
        """Return the manifest."""


class RunEvents(PartitionedEvents, Proofs, Protocol):
    """Reads the events of a run, and which messages they prove."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class RunMachine:
    """What advancing one run needs.

    Parameters
    ----------
    run_id, execution
        The run, and the name of the execution that asks.
    runs, progress, marks, files, ledger, events
        Where everything about it is kept.
    problems
        Returns what has to be set up before anything is sent, as sentences.
    send_canary
        Sends the canary and returns its message id. Raises NotAccepted.
    window_of
        Given now, returns the function from time zones to the first window that has not closed.
    handovers
        Where runs are noted whose people another tool gets.
    note_exits
        Writes down who has lost the label that the run's trigger led them into.
    why_not
        Returns why nothing may be sent for the tenant now. Empty where it may.
    is_approved
        Whether the run needs no approval, because its campaign is active.
    postmaster
        Gmail's figure, as somebody entered it. None without one.
    """

    run_id: str
    execution: str
    runs: RunKeeper
    progress: ProgressKeeper
    marks: ChunkMarks
    files: ManifestFile
    ledger: SendingLedger
    events: RunEvents
    problems: Callable[[], Sequence[str]]
    send_canary: Callable[[], str]
    window_of: Callable[[dt.datetime], Callable[[tuple[str, ...]], SendWindow]]
    handovers: HandoverKeeper
    note_exits: Callable[[RunManifest], None]
    why_not: Callable[[], str] = str
    is_approved: bool = False
    postmaster: PostmasterFigure | None = None

    def known(self) -> RunProgress:
        """Return how far the run is."""
        return self.progress.read(self.run_id) or RunProgress(run_id=self.run_id)

    def note(self, **changes: object) -> RunProgress:
        """Write down how far it is."""
        return self.progress.change(
            self.run_id,
            lambda known: dataclasses.replace(
                known or RunProgress(run_id=self.run_id),
                **changes,  # type: ignore[arg-type]
            ),
        )


def advance(machine: RunMachine, *, at: dt.datetime) -> NextStep:
    """Return what to do next with a run, after changing its state where its time has come."""
    if machine.known().execution != machine.execution:
        return _end("another execution works on this run")
    run = run_of(machine.runs, machine.run_id)
    why = machine.why_not() if _sends(machine, run, at) else ""
    if why:
        return _stopped(machine, run, why, at)
    step = _BY_STATE.get(run.state)
    return step(machine, run, at) if step else _end(f"the run is {run.state}")


def _sends(machine: RunMachine, run: CampaignRun, at: dt.datetime) -> bool:
    """Return whether a run sends now, or would begin to."""
    if run.state == "AWAITING_APPROVAL":
        return machine.is_approved
    return run.state == "SCHEDULED" or (run.state == "SENDING" and at < run.deadline)


def _stopped(machine: RunMachine, run: CampaignRun, why: str, at: dt.datetime) -> NextStep:
    """Stop the run of a suspended tenant. A person resumes one that was sending."""
    if run.state != "SENDING":
        return _held(machine, why, until=max(run.starts_at, at + _RETRY))
    move(machine.runs, run.run_id, lambda run: states.pause(run, reason=why, at=at))
    return _end(why)


def _approved(machine: RunMachine, run: CampaignRun, at: dt.datetime) -> NextStep:
    if not machine.is_approved:
        return _end("the run awaits approval")
    return _begin(
        machine, move(machine.runs, run.run_id, lambda run: states.approve(run, at=at)), at
    )


def _begin(machine: RunMachine, run: CampaignRun, at: dt.datetime) -> NextStep:
    if at < run.starts_at:
        return _wait(run.starts_at, "the run starts then")
    if at > run.latest_start:
        late = f"it did not begin before its latest start {run.latest_start}"
        why = machine.known().problem or "nothing executed it"
        move(
            machine.runs, run.run_id, lambda run: states.cancel(run, reason=f"{late}: {why}", at=at)
        )
        return _end(late)
    definition = machine.files.manifest().definition
    if definition.channel.kind == AUDIENCE:
        handed = hand_over(
            machine.runs, run.run_id, definition=definition, handovers=machine.handovers, at=at
        )
        return _end(f"the run is {handed.state}")
    problems = machine.problems()
    if problems:
        return _held(machine, "; ".join(problems), until=at + _RETRY)
    # Only e-mail has events whose tags may get lost.
    waits = _canary(machine, run, at) if definition.channel.kind == EMAIL else None
    if waits is not None:
        return waits
    machine.note(problem="")
    return _send(machine, move(machine.runs, run.run_id, lambda run: states.start(run, at=at)), at)


def _canary(machine: RunMachine, run: CampaignRun, at: dt.datetime) -> NextStep | None:
    """Return how long to wait for the canary, None once its tags came back."""
    known = machine.known()
    if known.canary_at is None:
        try:
            message_id = machine.send_canary()
        except (NotAccepted, InvalidInput) as error:
            return _held(machine, f"the canary was not accepted: {error}", until=at + _RETRY)
        machine.note(canary_id=message_id, canary_at=at)
        return _wait(at + CANARY_WAIT, "the canary's events")
    problem = check_canary(
        machine.events, tenant=run.tenant, run=run.run_id, message_id=known.canary_id
    )
    if not problem:
        return None
    waited = at - known.canary_at
    if waited < CANARY_LASTS:
        return _wait(at + max(CANARY_WAIT, waited / 2), "the canary's events")
    machine.note(canary_id="", canary_at=None)  # another one is sent then
    return _held(machine, problem, until=at + _NEXT_CANARY)


def _send(machine: RunMachine, run: CampaignRun, at: dt.datetime) -> NextStep:
    if at >= run.deadline:
        return _settle(
            machine, move(machine.runs, run.run_id, lambda run: states.expire(run, at=at)), at
        )
    reading = check_brakes(
        machine.runs, run.run_id, events=machine.events, postmaster=machine.postmaster, at=at
    )
    if reading.reason:
        return _end(reading.reason)
    manifest, marks, number = _chunks(machine)
    try:
        step = next_chunks(
            undone(manifest.chunks, marks, number=number), marks,
            window_of=machine.window_of(at), at=at, deadline=run.deadline,
        )  # fmt: skip
    except InvalidInput as error:  # the tenant's quiet hours have changed, and leave none
        reason = str(error)
        move(machine.runs, run.run_id, lambda run: states.pause(run, reason=reason, at=at))
        return _end(reason)
    if step is not None:
        if step.next == "send":
            machine.note_exits(manifest)
        return step
    tally = machine.ledger.tally(planned=run.recipients)
    if tally.waiting:
        return _again(machine, marks, number, at)
    done = move(machine.runs, run.run_id, lambda run: states.complete(run, tally=tally, at=at))
    return _settle(machine, done, at)


def _paused(machine: RunMachine, run: CampaignRun, at: dt.datetime) -> NextStep:
    if at < run.deadline:
        return _end(f"the run is paused: {run.reason}")
    return _send(machine, run, at)


def _settle(machine: RunMachine, run: CampaignRun, at: dt.datetime) -> NextStep:
    manifest, marks, number = _chunks(machine)
    waiting = undone(manifest.chunks, marks, number=number)
    if run.closes and waiting:
        names = tuple(one.name for one in waiting)
        return NextStep(next="send", chunks=names[:MOST_CHUNKS], reason="they are closed")
    resolved = resolve(
        machine.runs, run.run_id, ledger=machine.ledger, proofs=machine.events, at=at
    )
    if resolved.run.state != "SETTLING":
        return _end(f"the run is {resolved.run.state}")
    if run.closes and machine.ledger.tally(planned=run.recipients).waiting:
        return _again(machine, marks, number, at)
    return _wait(at + CLAIM_LASTS, "claims that may still be settled")


def _again(
    machine: RunMachine, marks: Mapping[str, ChunkMark], number: int, at: dt.datetime
) -> NextStep:
    """Open all chunks once more, because recipients of finished ones wait: a person released them.

    Not sooner than a minute after the last one, so that no mistake makes it a circle.
    """
    last = max((mark.at for mark in marks.values()), default=at - _NOT_SOONER)
    if at - last < _NOT_SOONER:
        return _wait(last + _NOT_SOONER, "recipients that were released")
    machine.note(round=number + 1)
    return _wait(at, "recipients that were released")


def _chunks(machine: RunMachine) -> tuple[RunManifest, dict[str, ChunkMark], int]:
    marks = {mark.name: mark for mark in machine.marks.all()}
    return machine.files.manifest(), marks, machine.known().round


def _held(machine: RunMachine, problem: str, *, until: dt.datetime) -> NextStep:
    machine.note(problem=problem)
    return _wait(until, problem)


def _wait(until: dt.datetime, reason: str) -> NextStep:
    return NextStep(next="wait", until=until, reason=reason)


def _end(reason: str) -> NextStep:
    return NextStep(next="end", reason=reason)


_BY_STATE: Mapping[RunState, Callable[[RunMachine, CampaignRun, dt.datetime], NextStep]] = {
    "AWAITING_APPROVAL": _approved,
    "SCHEDULED": _begin,
    "SENDING": _send,
    "PAUSED": _paused,
    "SETTLING": _settle,
}
