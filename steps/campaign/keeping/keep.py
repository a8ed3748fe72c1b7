"""Start runs that are due, and go on with runs whose execution ended without them."""

from __future__ import annotations

import dataclasses
import datetime as dt
import zoneinfo
from collections.abc import Sequence
from typing import Protocol

from steps.campaign.ask_run import (
    CampaignKeeper,
    ExecutionStarter,
    ProgressKeeper,
    RequestKeeper,
    RunDesk,
    ask_run,
    begin,
    start,
)
from steps.campaign.runs import RunKeeper
from tessera.campaigns.campaign_record import CampaignRecord, RunRequest
from tessera.campaigns.due import SCHEDULE, due_day
from tessera.campaigns.sending.progress import MachineTask
from tessera.campaigns.sending.states import ENDS, CampaignRun
from tessera.errors import InvalidInput

# An execution starts within seconds of its run's last change.
_STARTS_WITHIN = dt.timedelta(minutes=10)


class ListedCampaigns(CampaignKeeper, Protocol):
    """Keeps and lists campaigns."""

    def all(self) -> Sequence[CampaignRecord]:
        """Return all campaigns of the tenant."""


class AskedRuns(RequestKeeper, Protocol):
    """Keeps and lists runs as they were asked for."""

    def all(self) -> Sequence[RunRequest]:
        """Return all requests of the tenant."""


class KeptRuns(RunKeeper, Protocol):
    """Keeps and lists runs."""

    def all(self) -> Sequence[CampaignRun]:
        """Return all runs of the tenant."""


class MachineExecutions(ExecutionStarter, Protocol):
    """Starts executions, and knows which are under way."""

    def is_running(self, name: str) -> bool:
        """Return whether an execution of this name is under way."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class TenantCampaigns:
    """A tenant's campaigns, as the clock keeps them.

    Parameters
    ----------
    tenant, shop_zone
        Whose, and the shop's time zone.
    campaigns, requests, runs, progress
        Its records.
    executions
        Of the campaigns' state machine.
    """

    tenant: str
    shop_zone: str
    campaigns: ListedCampaigns
    requests: AskedRuns
    runs: KeptRuns
    progress: ProgressKeeper
    executions: MachineExecutions

    @property
    def desk(self) -> RunDesk:
        """Where its runs are asked for."""
        return RunDesk(
            tenant=self.tenant, campaigns=self.campaigns, requests=self.requests, runs=self.runs,
            progress=self.progress, executions=self.executions,
        )  # fmt: skip


@dataclasses.dataclass(frozen=True, kw_only=True)
class ClockReport:
    """What the clock did.

    Parameters
    ----------
    started
        Runs that were due.
    resumed
        Runs that nothing executed any longer.
    refused
        Why a due run could not be asked for, a sentence each.
    """

    started: tuple[str, ...] = ()
    resumed: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()


def keep_campaigns(kept: TenantCampaigns, *, at: dt.datetime) -> ClockReport:
    """Start what is due, and go on with what stands still. Repeating it changes nothing."""
    requests = list(kept.requests.all())
    started, refused = [], []
    local = at.astimezone(zoneinfo.ZoneInfo(kept.shop_zone))
    for record in kept.campaigns.all():
        own = [one for one in requests if one.definition.id == record.definition.id]
        day = due_day(record, own, local=local)
        if day is None:
            continue
        try:
            request = ask_run(kept.desk, record, day=day, by=SCHEDULE, at=at, is_approved=True)
            started.append(request.run_id)
        except InvalidInput as error:  # changed meanwhile: the next hour reads it again
            refused.append(str(error))
    resumed = [*_begun(kept, requests, at), *_resumed(kept, at)]
    return ClockReport(started=tuple(started), resumed=tuple(resumed), refused=tuple(refused))


def _begun(kept: TenantCampaigns, requests: Sequence[RunRequest], at: dt.datetime) -> list[str]:
    """Make the runs of requests that have none: what asked for them died in between."""
    lost = [
        one
        for one in requests
        if at - one.asked_at >= _STARTS_WITHIN and kept.runs.read(one.run_id) is None
    ]
    for one in lost:
        begin(kept.desk, one, at=at)
    return [one.run_id for one in lost]


def _resumed(kept: TenantCampaigns, at: dt.datetime) -> list[str]:
    """Start executions for runs that need one and have none."""
    resumed = []
    for run in kept.runs.all():
        task = _task(run, at=at)
        if task is None or at - run.changed_at < _STARTS_WITHIN:
            continue
        known = kept.progress.read(run.run_id)
        if known is None or not kept.executions.is_running(known.execution):
            start(kept.desk, run.run_id, task, at=at)
            resumed.append(run.run_id)
    return resumed


def _task(run: CampaignRun, *, at: dt.datetime) -> MachineTask | None:
    """Return what an execution has to do for a run, None where nothing has to be done."""
    if run.state in ENDS or run.state in ("AWAITING_APPROVAL", "MEASURING"):
        return None
    if run.state == "PAUSED":
        return "send" if at >= run.deadline else None  # it settles then
    return "plan" if run.state == "PLANNING" else "send"
