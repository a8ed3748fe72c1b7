"""What measuring works with."""

from __future__ import annotations

import dataclasses
import datetime as dt
import zoneinfo

from adapters.aws.objects import Objects
from adapters.campaigns.consent_rows import ConsentRows
from adapters.campaigns.event_set import EventSet
from adapters.campaigns.tenant_records import TenantRecords
from adapters.campaigns.versioned import VersionedRecords
from steps.campaign.settings import tenant_settings
from tessera.campaigns.campaign_record import CampaignRecord, RunRequest
from tessera.campaigns.sending.states import CampaignRun
from tessera.environments.campaigns import CampaignsEnvironment
from tessera.naming import check_tenant
from tessera.settings import RunSettings


@dataclasses.dataclass(frozen=True, kw_only=True)
class MeasuringServices:
    """What measuring works with.

    Parameters
    ----------
    tenant
        Whose campaigns.
    data, identities
        The two buckets. Of the second one only who runs took is read, which has no addresses.
    campaigns, requests, runs
        The tenant's records.
    events, consent
        What happened to messages, and who opted out by their links.
    settings
        The tenant's, as they are now.
    """

    tenant: str
    data: Objects
    identities: Objects
    campaigns: VersionedRecords[CampaignRecord]
    requests: VersionedRecords[RunRequest]
    runs: VersionedRecords[CampaignRun]
    events: EventSet
    consent: ConsentRows
    settings: RunSettings

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        """The shop's time zone."""
        return zoneinfo.ZoneInfo(self.settings.time_zone)

    def today(self, now: dt.datetime) -> dt.date:
        """Return the shop's day of a moment."""
        return now.astimezone(self.zone).date()

    @classmethod
    def of(cls, environment: CampaignsEnvironment, *, tenant: str) -> MeasuringServices:
        """Return the services of a function.

        Parameters
        ----------
        environment
            The function's.
        tenant
            Whose campaigns.
        """
        check_tenant(tenant)
        table, data = environment.campaigns_table, Objects(environment.data_bucket)
        records = TenantRecords(table, tenant=tenant)
        return cls(
            tenant=tenant,
            data=data,
            identities=Objects(environment.identities_bucket),
            campaigns=records.campaigns,
            requests=records.requests,
            runs=records.runs,
            events=EventSet(table),
            consent=ConsentRows(table),
            settings=tenant_settings(tenant, data=data, run_defaults=environment.run_defaults),
        )
