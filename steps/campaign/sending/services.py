"""What the functions that advance and send a run work with."""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
import time
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from adapters.aws.objects import Objects
from adapters.campaigns.account import SesAccount
from adapters.campaigns.consent_rows import ConsentRows
from adapters.campaigns.event_set import EventSet
from adapters.campaigns.exits import CampaignExits
from adapters.campaigns.handovers import Handovers
from adapters.campaigns.keys import (
    ONE,
    PACE_PK,
    chunks_pk,
    postmaster_pk,
    progress_pk,
    requests_pk,
    run_pace_pk,
    runs_pk,
)
from adapters.campaigns.ledger import CampaignLedger
from adapters.campaigns.link_keys import read_link_keys
from adapters.campaigns.mailer import SesMailer
from adapters.campaigns.run_files import CampaignFiles
from adapters.campaigns.versioned import VersionedRecords
from steps.campaign.advance import RunMachine
from steps.campaign.canary import send_canary
from steps.campaign.compose import MessageComposer, WebhookComposer
from steps.campaign.consent import StillInside, StillWanted
from steps.campaign.pacing import SharedPace
from steps.campaign.preflight import preflight
from steps.campaign.runs import RememberedState
from steps.campaign.sending.messages import run_messages
from steps.campaign.sending.webhook import ReceiverQuota, webhook_problems, webhook_sender
from steps.campaign.settings import tenant_settings
from steps.campaign.work_chunk import ChunkWork
from tessera.campaign_settings import CampaignSettings
from tessera.campaigns.campaign_record import RunRequest
from tessera.campaigns.definitions.channel import WEBHOOK
from tessera.campaigns.definitions.definition import CampaignDefinition
from tessera.campaigns.planning.send_times import SendWindow, windows_for
from tessera.campaigns.recipients import Recipient
from tessera.campaigns.sending.attempt import Attempts
from tessera.campaigns.sending.brakes import PostmasterFigure
from tessera.campaigns.sending.next_step import ChunkMark
from tessera.campaigns.sending.pace import PaceState
from tessera.campaigns.sending.progress import RunProgress
from tessera.campaigns.sending.states import CampaignRun
from tessera.campaigns.sending.warming import WarmUp
from tessera.environments.campaigns import SendCampaignEnvironment
from tessera.naming import check_tenant

_SLACK_S = 60.0  # slots are leased so far beyond the worker's time, which the worker watches itself
_LONGEST_SENDER_ID = 15


@dataclasses.dataclass(frozen=True, kw_only=True)
class SendingServices:
    """What sending the runs of a tenant works with.

    Parameters
    ----------
    tenant
        Whose runs.
    environment
        The function's.
    settings
        The tenant's for campaigns, as they are now.
    data, identities
        The two buckets.
    clock
        Returns the present instant, UTC.
    """

    tenant: str
    environment: SendCampaignEnvironment
    settings: CampaignSettings
    data: Objects
    identities: Objects
    clock: Callable[[], dt.datetime]

    @classmethod
    def of(
        cls, environment: SendCampaignEnvironment, *, tenant: str,
        clock: Callable[[], dt.datetime],
    ) -> SendingServices:  # fmt: skip
        """Return the services of a function, for a tenant's runs."""
        data = Objects(environment.data_bucket)
        return cls(
            tenant=check_tenant(tenant),
            environment=environment,
            settings=tenant_settings(
                tenant, data=data, run_defaults=environment.run_defaults
            ).campaigns,
            data=data,
            identities=Objects(environment.identities_bucket),
            clock=clock,
        )

    # ---- records -----------------------------------------------------------------------------

    @functools.cached_property
    def runs(self) -> VersionedRecords[CampaignRun]:
        """The tenant's runs."""
        return VersionedRecords(self._table, pk=runs_pk(self.tenant), kind=CampaignRun)

    @functools.cached_property
    def requests(self) -> VersionedRecords[RunRequest]:
        """The tenant's runs as they were asked for."""
        return VersionedRecords(self._table, pk=requests_pk(self.tenant), kind=RunRequest)

    @functools.cached_property
    def progress(self) -> VersionedRecords[RunProgress]:
        """How far the state machine is with the tenant's runs."""
        return VersionedRecords(self._table, pk=progress_pk(self.tenant), kind=RunProgress)

    def marks(self, run_id: str) -> VersionedRecords[ChunkMark]:
        """Return what became of a run's chunks."""
        return VersionedRecords(self._table, pk=chunks_pk(self.tenant, run_id), kind=ChunkMark)

    def files(self, run_id: str) -> CampaignFiles:
        """Return the files of a run."""
        return CampaignFiles(self.identities, tenant=self.tenant, run_id=run_id)

    def ledger(self, run_id: str) -> CampaignLedger:
        """Return what became of a run's recipients."""
        return CampaignLedger(self._table, tenant=self.tenant, run_id=run_id, now=self.clock)

    @property
    def _table(self) -> str:
        return self.environment.campaigns_table

    # ---- the two functions -------------------------------------------------------------------

    def machine(self, run_id: str, *, execution: str) -> RunMachine:
        """Return what advancing a run needs.

        Parameters
        ----------
        run_id
            The run.
        execution
            The name of the execution that asks.
        """
        request = self.requests.read(run_id)
        return RunMachine(
            run_id=run_id,
            execution=execution,
            runs=self.runs,
            progress=self.progress,
            marks=self.marks(run_id),
            files=self.files(run_id),
            ledger=self.ledger(run_id),
            events=EventSet(self._table),
            problems=lambda: self.problems(self._definition(run_id)),
            send_canary=functools.partial(self._send_canary, run_id),
            window_of=lambda at: self._windows(self._definition(run_id), at),
            note_exits=self._exits(run_id).update,
            handovers=Handovers(self.data, tenant=self.tenant),
            is_approved=request is not None and request.is_approved,
            postmaster=VersionedRecords(
                self._table, pk=postmaster_pk(self.tenant), kind=PostmasterFigure
            ).read(ONE),
        )

    def work(self, run_id: str, *, number: int, until: dt.datetime) -> ChunkWork:
        """Return what sending a chunk needs.

        Parameters
        ----------
        run_id
            The run.
        number
            The round of its chunks.
        until
            When the worker's time is up.
        """
        return ChunkWork(
            run_id=run_id,
            round=number,
            runs=self.runs,
            marks=self.marks(run_id),
            files=self.files(run_id),
            ledger=self.ledger(run_id),
            attempts=functools.partial(self._attempts, run_id, until),
            state=RememberedState(self.runs, run_id, now_s=time.monotonic),
            window_of=lambda at: self._windows(self._definition(run_id), at),
            now=self.clock,
            until=until,
        )

    def problems(self, definition: CampaignDefinition) -> Sequence[str]:
        """Return what has to be set up before anything is sent, after making the SES tenant."""
        if definition.channel.kind == WEBHOOK:
            return webhook_problems(
                definition.channel, secret=self.environment.webhook_secret, tenant=self.tenant
            )
        wanted, own = _name_of(self.environment.identity_arn), self.settings.sending_domain
        if own and own != wanted:
            return (
                f"setting 'campaigns.from_address' is {self.settings.from_address!r}: this stage "
                f"sends for {wanted!r}. Use an address there, or set the stage's "
                "'campaigns.domain'",
            )
        account = SesAccount()
        arns = (self.environment.identity_arn, self.environment.configuration_set_arn)
        account.ensure_tenant(self._ses_tenant, resources=arns)
        return preflight(
            Counter(), settings=self.settings, account=account,
            configuration_set=self._configuration_set, ses_tenant=self._ses_tenant,
            warm_up=self._warm_up, most_to_gmail=0, now=self.clock(),
        ).problems  # fmt: skip

    def composer(self, definition: CampaignDefinition, *, run_id: str) -> MessageComposer:
        """Return what composes the messages of a run."""
        return MessageComposer(
            tenant=self.tenant,
            campaign=definition.id,
            run_id=run_id,
            purpose=definition.purpose,
            renderer=run_messages(
                definition, tenant=self.tenant, data=self.data,
                product_link=self.settings.product_link,
            ),
            keys=read_link_keys(self.environment.link_keys_secret),
            base_url=self.environment.console,
            domain=self.settings.sending_domain,
            sender_id=_sender_id(self.environment.ses_tenant_prefix),
            may_track=self._may_track,
            tracks_clicks=True,
        )  # fmt: skip

    def wanted(self, definition: CampaignDefinition) -> StillWanted:
        """Return what reads whether a recipient may be sent a message."""
        return StillWanted(
            consent=self._consent, tenant=self.tenant, purpose=definition.purpose, now=self.clock
        )

    def mailer(self) -> SesMailer:
        """Return what hands messages to SES."""
        settings = self.settings
        return SesMailer(
            sender=_from_header(settings),
            configuration_set=self._configuration_set,
            ses_tenant=self._ses_tenant,
        )

    # ---- parts -------------------------------------------------------------------------------

    def _attempts(self, run_id: str, until: dt.datetime, wanted: int) -> Attempts[Any]:
        definition = self._definition(run_id)
        if definition.channel.kind == WEBHOOK:
            return self._posts(definition, run_id, wanted=wanted, until=until)
        warm_up = self._warm_up
        return Attempts(
            wanted=self._inside(definition, run_id),
            composer=self.composer(definition, run_id=run_id),
            ledger=self.ledger(run_id),
            pace=SharedPace(
                VersionedRecords(self._table, pk=PACE_PK, kind=PaceState),
                account=SesAccount(), now_s=time.time, sleep=time.sleep, wanted=wanted,
                until_s=until.timestamp() + _SLACK_S, domain=self.settings.sending_domain,
                daily_cap=warm_up.cap(self.clock().date()) if warm_up else None,
            ),
            mailer=self.mailer(),
        )  # fmt: skip

    def _inside(self, definition: CampaignDefinition, run_id: str) -> StillInside:
        exited = self._exits(run_id).recipients()
        return StillInside(wanted=self.wanted(definition), exited=exited)

    def _exits(self, run_id: str) -> CampaignExits:
        return CampaignExits(self.data, self.identities, tenant=self.tenant, run_id=run_id)

    def _posts(
        self, definition: CampaignDefinition, run_id: str, *, wanted: int, until: dt.datetime
    ) -> Attempts[Any]:  # fmt: skip
        """Return attempts to post to the campaign's webhook."""
        return Attempts(
            wanted=self._inside(definition, run_id),
            composer=WebhookComposer(
                tenant=self.tenant, campaign=definition.id, run_id=run_id,
                keys=read_link_keys(self.environment.link_keys_secret),
                base_url=self.environment.console,
            ),
            ledger=self.ledger(run_id),
            pace=SharedPace(
                VersionedRecords(
                    self._table, pk=run_pace_pk(self.tenant, run_id), kind=PaceState
                ),
                account=ReceiverQuota(), now_s=time.time, sleep=time.sleep, wanted=wanted,
                until_s=until.timestamp() + _SLACK_S,
            ),
            mailer=webhook_sender(
                definition.channel, secret=self.environment.webhook_secret, tenant=self.tenant
            ),
        )  # fmt: skip

    def _send_canary(self, run_id: str) -> str:
        definition = self._definition(run_id)
        return send_canary(
            composer=self.composer(definition, run_id=run_id), mailer=self.mailer(),
            variant=definition.variants[0].name,
        )  # fmt: skip

    def _windows(
        self, definition: CampaignDefinition, at: dt.datetime
    ) -> Callable[[tuple[str, ...]], SendWindow]:
        first = definition.schedule.first_day
        return windows_for(definition, settings=self.settings, today=first, now=at)

    def _definition(self, run_id: str) -> CampaignDefinition:
        return self.files(run_id).manifest().definition

    def _may_track(self, recipient: Recipient) -> bool:
        asked = StillWanted(
            consent=self._consent, tenant=self.tenant, purpose="tracking", now=self.clock
        )
        return asked.is_granted(recipient)

    @functools.cached_property
    def _consent(self) -> ConsentRows:
        return ConsentRows(self._table)

    @property
    def _ses_tenant(self) -> str:
        return self.environment.ses_tenant_prefix + self.tenant

    @property
    def _configuration_set(self) -> str:
        return _name_of(self.environment.configuration_set_arn)

    @property
    def _warm_up(self) -> WarmUp | None:
        day = self.environment.warm_up_from
        return WarmUp(first_day=dt.date.fromisoformat(day)) if day else None


def _name_of(arn: str) -> str:
    return arn.rpartition("/")[2]


def _sender_id(prefix: str) -> str:
    """Return the sender's name in Feedback-ID: letters and digits of the stage's prefix."""
    return "".join(filter(str.isalnum, prefix))[:_LONGEST_SENDER_ID]


def _from_header(settings: CampaignSettings) -> str:
    if not settings.from_name:
        return settings.from_address
    name = settings.from_name.replace("\\", "").replace('"', "'")
    return f'"{name}" <{settings.from_address}>'
