"""What the functions that advance and send a run work with."""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
import time
from collections.abc import Callable, Sequence
from typing import Any

from adapters.aws.objects import Objects
from adapters.campaigns.consent_rows import ConsentRows
from adapters.campaigns.event_set import EventSet
from adapters.campaigns.exits import CampaignExits
from adapters.campaigns.handovers import Handovers
from adapters.campaigns.keys import (
    ONE,
    chunks_pk,
)
from adapters.campaigns.ledger import CampaignLedger
from adapters.campaigns.run_files import CampaignFiles
from adapters.campaigns.tenant_records import TenantRecords
from adapters.campaigns.versioned import VersionedRecords
from adapters.stores.tenants import Tenants
from steps.campaign.advance import RunMachine
from steps.campaign.consent import StillInside, StillWanted
from steps.campaign.runs import RememberedState
from steps.campaign.sending.email_channel import EmailChannel
from steps.campaign.sending.webhook_channel import WebhookChannel
from steps.campaign.settings import tenant_settings
from steps.campaign.work_chunk import ChunkWork
from tessera.campaign_settings import CampaignSettings
from tessera.campaigns.definitions.channel import WEBHOOK
from tessera.campaigns.definitions.definition import CampaignDefinition
from tessera.campaigns.planning.send_times import SendWindow, windows_for
from tessera.campaigns.sending.attempt import Attempts
from tessera.campaigns.sending.next_step import ChunkMark
from tessera.environments.campaigns import SendCampaignEnvironment
from tessera.naming import check_tenant


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
    def records(self) -> TenantRecords:
        """The tenant's records."""
        return TenantRecords(self._table, tenant=self.tenant)

    def marks(self, run_id: str) -> VersionedRecords[ChunkMark]:
        """Return what became of a run's chunks."""
        return VersionedRecords(self._table, pk=chunks_pk(self.tenant, run_id), kind=ChunkMark)

    def files(self, run_id: str) -> CampaignFiles:
        """Return the files of a run."""
        if run_id not in self._files:
            self._files[run_id] = CampaignFiles(self.identities, tenant=self.tenant, run_id=run_id)
        return self._files[run_id]

    @functools.cached_property
    def _files(self) -> dict[str, CampaignFiles]:
        return {}

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
        request = self.records.requests.read(run_id)
        return RunMachine(
            run_id=run_id,
            execution=execution,
            runs=self.records.runs,
            progress=self.records.progress,
            marks=self.marks(run_id),
            files=self.files(run_id),
            ledger=self.ledger(run_id),
            events=EventSet(self._table),
            problems=lambda: self.problems(self._definition(run_id)),
            send_canary=lambda: self.email.send_canary(self._definition(run_id), run_id=run_id),
            window_of=lambda at: self._windows(self._definition(run_id), at),
            note_exits=self._exits(run_id).update,
            handovers=Handovers(self.data, tenant=self.tenant),
            why_not=self.why_not,
            is_approved=request is not None and request.is_approved,
            postmaster=self.records.postmaster.read(ONE),
        )

    def why_not(self) -> str:
        """Return why nothing may be sent for the tenant now. Empty where it may."""
        known = Tenants(self.environment.tenants_table).get(self.tenant)
        return known.why_not if known else ""

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
            runs=self.records.runs,
            marks=self.marks(run_id),
            files=self.files(run_id),
            ledger=self.ledger(run_id),
            attempts=functools.partial(self._attempts, run_id, until),
            state=RememberedState(self.records.runs, run_id, now_s=time.monotonic),
            window_of=lambda at: self._windows(self._definition(run_id), at),
            now=self.clock,
            until=until,
        )

    def problems(self, definition: CampaignDefinition) -> Sequence[str]:
        """Return what has to be set up before anything is sent."""
        if definition.channel.kind == WEBHOOK:
            return self._webhook(definition).problems()
        return self.email.problems()

    @functools.cached_property
    def email(self) -> EmailChannel:
        """What sends e-mail."""
        return EmailChannel(
            tenant=self.tenant, environment=self.environment, settings=self.settings,
            data=self.data, clock=self.clock,
        )  # fmt: skip

    def wanted(self, definition: CampaignDefinition) -> StillWanted:
        """Return what reads whether a recipient may be sent a message."""
        return StillWanted(
            consent=self._consent, tenant=self.tenant, purpose=definition.purpose, now=self.clock
        )

    # ---- parts -------------------------------------------------------------------------------

    def _attempts(self, run_id: str, until: dt.datetime, wanted: int) -> Attempts[Any]:
        definition = self._definition(run_id)
        if definition.channel.kind == WEBHOOK:
            return self._posts(definition, run_id, wanted=wanted, until=until)
        return Attempts(
            wanted=self._inside(definition, run_id),
            composer=self.email.composer(definition, run_id=run_id),
            ledger=self.ledger(run_id),
            pace=self.email.pace(wanted=wanted, until=until),
            mailer=self.email.mailer(),
        )

    def _inside(self, definition: CampaignDefinition, run_id: str) -> StillInside:
        exited = self._exits(run_id).recipients()
        return StillInside(wanted=self.wanted(definition), exited=exited)

    def _exits(self, run_id: str) -> CampaignExits:
        return CampaignExits(self.data, self.identities, tenant=self.tenant, run_id=run_id)

    def _posts(
        self, definition: CampaignDefinition, run_id: str, *, wanted: int, until: dt.datetime
    ) -> Attempts[Any]:  # fmt: skip
        """Return attempts to post to the campaign's webhook."""
        webhook = self._webhook(definition)
        return Attempts(
            wanted=self._inside(definition, run_id),
            composer=webhook.composer(definition, run_id=run_id),
            ledger=self.ledger(run_id),
            pace=webhook.pace(run_id, wanted=wanted, until=until),
            mailer=webhook.mailer(),
        )

    def _webhook(self, definition: CampaignDefinition) -> WebhookChannel:
        return WebhookChannel(
            tenant=self.tenant, environment=self.environment, url=definition.channel.to
        )

    def _windows(
        self, definition: CampaignDefinition, at: dt.datetime
    ) -> Callable[[tuple[str, ...]], SendWindow]:
        first = definition.schedule.first_day
        return windows_for(definition, settings=self.settings, today=first, now=at)

    def _definition(self, run_id: str) -> CampaignDefinition:
        return self.files(run_id).manifest().definition

    @functools.cached_property
    def _consent(self) -> ConsentRows:
        return ConsentRows(self._table)
