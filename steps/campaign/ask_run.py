"""Ask for a run of a campaign, and let people decide about it: approve, pause, resume, cancel.

Each decision that gives the state machine something to do starts an execution. The newest one owns
the run, so that an earlier one that still waits ends without a word.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from steps.campaign import runs as run_moves
from steps.campaign.runs import RunKeeper, move
from tessera.campaigns.campaign_record import CampaignRecord, RunRequest
from tessera.campaigns.definitions.definition import CampaignDefinition
from tessera.campaigns.sending import states
from tessera.campaigns.sending.ports import SendingLedger
from tessera.campaigns.sending.progress import MachineTask, RunProgress, execution_name
from tessera.campaigns.sending.states import CampaignRun
from tessera.errors import InvalidInput


class CampaignKeeper(Protocol):
    """Keeps a tenant's campaigns."""

    def change(
        self, sk: str, change: Callable[[CampaignRecord | None], CampaignRecord]
    ) -> CampaignRecord:
        """Change the newest version of a campaign."""


class RequestKeeper(Protocol):
    """Keeps a tenant's runs as they were asked for."""

    def change(self, sk: str, change: Callable[[RunRequest | None], RunRequest]) -> RunRequest:
        """Change the newest version of a request."""


class ProgressKeeper(Protocol):
    """Keeps how far the state machine is."""

    def read(self, sk: str) -> RunProgress | None:
        """Return a run's progress, None before the first execution."""

    def change(self, sk: str, change: Callable[[RunProgress | None], RunProgress]) -> RunProgress:
        """Change the newest version."""


class ExecutionStarter(Protocol):
    """Starts executions of the campaigns' state machine."""

    def start(self, name: str, event: Mapping[str, Any]) -> None:
        """Start an execution, once: a name that is taken already is not used again."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class RunDesk:
    """Where a tenant's runs are asked for and decided about.

    Parameters
    ----------
    tenant
        Whose.
    campaigns, requests, runs, progress
        Its records.
    executions
        Starts the state machine.
    """

    tenant: str
    campaigns: CampaignKeeper
    requests: RequestKeeper
    runs: RunKeeper
    progress: ProgressKeeper
    executions: ExecutionStarter


def ask_run(
    desk: RunDesk, campaign: CampaignRecord, *, day: dt.date, by: str, at: dt.datetime,
    definition: CampaignDefinition | None = None, is_approved: bool = False,
) -> RunRequest:  # fmt: skip
    """Ask for the next run of a campaign, and let it be planned.

    Parameters
    ----------
    desk
        The tenant's.
    campaign
        As the caller has read it. Of two callers who have read the same, one gets the run.
    day
        The day that the run is for, in the shop's time zone.
    by, at
        Who asks, and when.
    definition
        What this run uses. None for the campaign's own definition.
    is_approved
        Whether the run needs no approval.

    Returns
    -------
    RunRequest
        Of the new run, which is PLANNING.

    Raises
    ------
    InvalidInput
        The campaign has ended or was changed meanwhile, or the definition is another campaign's.
    """
    used = campaign.definition if definition is None else definition
    if used.id != campaign.definition.id:
        raise InvalidInput(
            f"a run of {campaign.definition.id!r} cannot use the definition {used.id!r}: keep the "
            "campaign's id"
        )
    desk.campaigns.change(
        campaign.definition.id, lambda record: _with_next_run(record, seen=campaign)
    )
    request = RunRequest(
        run_id=campaign.next_run, definition=used, day=day, asked_by=by, asked_at=at,
        is_approved=is_approved,
    )  # fmt: skip
    desk.requests.change(request.run_id, lambda _: request)
    begin(desk, request, at=at)
    return request


def begin(desk: RunDesk, request: RunRequest, *, at: dt.datetime) -> None:
    """Make the run of a request and let it be planned. Repeating it plans again."""
    run_id = request.run_id
    desk.runs.change(run_id, lambda run: run or states.new_run(desk.tenant, run_id, at=at))
    start(desk, run_id, "plan", at=at)


def approve(desk: RunDesk, run_id: str, *, at: dt.datetime) -> CampaignRun:
    """Let a planned run start at its time. Raises InvalidInput if it does not await approval."""
    run = move(desk.runs, run_id, lambda run: states.approve(run, at=at))
    start(desk, run_id, "send", at=at)
    return run


def pause(desk: RunDesk, run_id: str, *, reason: str, at: dt.datetime) -> CampaignRun:
    """Stop sending within a second. Raises InvalidInput if the run is not sending."""
    return move(desk.runs, run_id, lambda run: states.pause(run, reason=reason, at=at))


def resume(desk: RunDesk, run_id: str, *, at: dt.datetime) -> CampaignRun:
    """Go on sending. Raises InvalidInput if the run is not paused, or its deadline has passed."""
    run = move(desk.runs, run_id, lambda run: states.resume(run, at=at))
    start(desk, run_id, "send", at=at)
    return run


def cancel(desk: RunDesk, run_id: str, *, reason: str, at: dt.datetime) -> CampaignRun:
    """Stop a run for good. What is sent stays sent. Raises InvalidInput if it has ended."""
    run = move(desk.runs, run_id, lambda run: states.cancel(run, reason=reason, at=at))
    if run.state == "SETTLING":
        start(desk, run_id, "send", at=at)  # it skips everybody who waits, and settles
    return run


def release(
    desk: RunDesk, run_id: str, recipients: Sequence[str], *, ledger: SendingLedger, by: str,
    at: dt.datetime,
) -> CampaignRun:  # fmt: skip
    """Let recipients in doubt be sent the message again. Raises as ``runs.release`` does."""
    run = run_moves.release(desk.runs, run_id, recipients, ledger=ledger, by=by, at=at)
    if run.state == "SENDING":
        start(desk, run_id, "send", at=at)
    return run


def start(desk: RunDesk, run_id: str, task: MachineTask, *, at: dt.datetime) -> str:
    """Start an execution that owns the run from now on. Return its name."""
    return _started(
        desk.tenant, run_id, task, progress=desk.progress, executions=desk.executions, at=at
    )


def go_on(
    tenant: str, run_id: str, *, progress: ProgressKeeper, executions: ExecutionStarter,
    at: dt.datetime,
) -> str:  # fmt: skip
    """Let another execution go on with a run, before the history of one is full."""
    return _started(tenant, run_id, "send", progress=progress, executions=executions, at=at)


def _started(
    tenant: str, run_id: str, task: MachineTask, *, progress: ProgressKeeper,
    executions: ExecutionStarter, at: dt.datetime,
) -> str:  # fmt: skip
    name = execution_name(tenant, run_id, task, at=at)
    progress.change(
        run_id,
        lambda known: dataclasses.replace(known or RunProgress(run_id=run_id), execution=name),
    )
    executions.start(name, {"tenant": tenant, "run": run_id, "task": task})
    return name


def _with_next_run(record: CampaignRecord | None, *, seen: CampaignRecord) -> CampaignRecord:
    campaign = seen.definition.id
    if record is None:
        raise InvalidInput(f"there is no campaign {campaign!r}: save it first")
    if record.state == "ended":
        raise InvalidInput(f"campaign {campaign!r} has ended: duplicate it to run it again")
    if (record.version, record.last_run) != (seen.version, seen.last_run):
        raise InvalidInput(
            f"campaign {campaign!r} was changed, or run by somebody else, at the same moment: read "
            "it again"
        )
    return dataclasses.replace(record, last_run=record.last_run + 1)
