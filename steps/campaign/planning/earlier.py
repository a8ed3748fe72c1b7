"""What earlier runs mean for a plan: who they took, and which profiles they were planned from."""

from __future__ import annotations

import dataclasses
import datetime as dt
import zoneinfo
from collections.abc import Iterable, Sequence

import numpy as np

from adapters.campaigns.run_files import CampaignFiles
from adapters.campaigns.taken import TakenPeople
from steps.campaign.measure import has_sent
from steps.campaign.planning.services import PlanningServices
from tessera.campaigns.campaign_record import RunRequest
from tessera.campaigns.definitions.definition import MARKETING
from tessera.campaigns.planning.assigned import earlier_messages
from tessera.campaigns.planning.known import EarlierMessages, no_messages
from tessera.campaigns.sending.states import CampaignRun, RunState
from tessera.errors import InvalidInput, Retryable
from tessera.records.run_of_day import RunOfDay

_EPOCH = dt.date(1970, 1, 1)
_MAY_SEND: tuple[RunState, ...] = ("AWAITING_APPROVAL", "SCHEDULED")
_MARGIN = 2  # days that a plan can come after it was asked for
_ABANDONED = dt.timedelta(hours=1)  # a plan takes minutes


@dataclasses.dataclass(frozen=True, kw_only=True)
class EarlierRuns:
    """The earlier runs of a tenant that count, the oldest first.

    A run counts once it has begun to send, and as long as it may. So of two runs that await
    approval the second one takes nobody again.

    Parameters
    ----------
    requests
        As they were asked for.
    services
        Reads their files.
    """

    requests: tuple[RunRequest, ...]
    services: PlanningServices

    @classmethod
    def of(cls, services: PlanningServices, *, own: str) -> EarlierRuns:
        """Return the earlier runs.

        Parameters
        ----------
        services
            The tenant's.
        own
            The run that is planned, empty for none.

        Raises
        ------
        InvalidInput
            A run has no request.
        """
        counting = {one.run_id for one in services.runs.all() if _counts(one)} - {own}
        requests = [one for one in services.requests.all() if one.run_id in counting]
        missing = counting - {one.run_id for one in requests}
        if missing:
            raise InvalidInput(f"run {min(missing)!r} has no request: its record is incomplete")
        ordered = sorted(requests, key=lambda one: (one.asked_at, one.run_id))
        return cls(requests=tuple(ordered), services=services)

    def of_campaign(self, campaign: str) -> tuple[RunRequest, ...]:
        """Return those of one campaign."""
        return tuple(one for one in self.requests if one.definition.id == campaign)

    def profiles(self, campaign: str) -> RunOfDay | None:
        """Return the profiles that a campaign's last run was planned from, None before one."""
        last = self.of_campaign(campaign)[-1:]
        return self._files(last[0]).manifest().profiles if last else None

    def taken(self, campaign: str, *, today: dt.date, days: int) -> EarlierMessages:
        """Return who a campaign took within so many days."""
        return self._messages(self.of_campaign(campaign), today=today, days=days)

    def messages(self, *, today: dt.date, days: int) -> EarlierMessages:
        """Return the marketing messages of all campaigns within so many days."""
        marketing = [one for one in self.requests if one.definition.purpose == MARKETING]
        return self._messages(marketing, today=today, days=days)

    def _messages(
        self, requests: Sequence[RunRequest], *, today: dt.date, days: int
    ) -> EarlierMessages:
        zone = zoneinfo.ZoneInfo(self.services.settings.time_zone)
        first = today - dt.timedelta(days=days + _MARGIN)
        parts = [
            self._of_run(one, today=today)
            for one in requests
            if days and one.asked_at.astimezone(zone).date() >= first
        ]
        parts.append(no_messages())
        return EarlierMessages(
            recipient=np.concatenate([one.recipient for one in parts]),
            days_ago=np.concatenate([one.days_ago for one in parts]),
        )

    def _of_run(self, request: RunRequest, *, today: dt.date) -> EarlierMessages:
        services = self.services
        people = TakenPeople(services.identities, tenant=services.tenant, run_id=request.run_id)
        return earlier_messages(people.read(), today=(today - _EPOCH).days)

    def _files(self, request: RunRequest) -> CampaignFiles:
        services = self.services
        return CampaignFiles(services.identities, tenant=services.tenant, run_id=request.run_id)


def check_turn(runs: Iterable[CampaignRun], *, own: CampaignRun, now: dt.datetime) -> None:
    """Let a tenant's runs be planned one after another: each has to see who the others take.

    Raises
    ------
    Retryable
        A run that was asked for before is still being planned.
    """
    for one in runs:
        is_planning = one.state == "PLANNING" and now - one.changed_at < _ABANDONED
        if is_planning and (one.changed_at, one.run_id) < (own.changed_at, own.run_id):
            raise Retryable(f"run {one.run_id!r} is being planned: {own.run_id!r} comes after it")


def _counts(run: CampaignRun) -> bool:
    return has_sent(run) or run.state in _MAY_SEND
