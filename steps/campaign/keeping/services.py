"""What keeping campaigns works with."""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
from typing import Any

from adapters.aws.called_function import CalledFunction
from adapters.aws.executions import Executions
from adapters.aws.objects import Objects
from adapters.aws.secrets import read_secret
from adapters.campaigns.account import SesAccount
from adapters.campaigns.consent_rows import ConsentRows
from adapters.campaigns.handovers import Handovers
from adapters.campaigns.tenant_records import TenantRecords
from adapters.stores.tenants import Tenants
from steps.campaign.keeping.keep import TenantCampaigns
from steps.campaign.keeping.suppression import take_suppressions
from steps.campaign.settings import tenant_settings
from tessera.environments.campaigns import KeepCampaignsEnvironment
from tessera.events.pseudonym import address_keys


@dataclasses.dataclass(frozen=True, kw_only=True)
class KeepingServices:
    """What keeping the campaigns of all tenants works with.

    Parameters
    ----------
    environment
        The function's.
    data
        The data bucket.
    """

    environment: KeepCampaignsEnvironment
    data: Objects

    @classmethod
    def of(cls, environment: KeepCampaignsEnvironment) -> KeepingServices:
        """Return the services of a function."""
        return cls(environment=environment, data=Objects(environment.data_bucket))

    def tenants(self) -> list[str]:
        """Return the active tenants of the stage."""
        return [one.tenant for one in Tenants(self.environment.tenants_table).active()]

    def of_tenant(self, tenant: str) -> TenantCampaigns:
        """Return a tenant's campaigns."""
        records = TenantRecords(self.environment.campaigns_table, tenant=tenant)
        settings = tenant_settings(
            tenant, data=self.data, run_defaults=self.environment.run_defaults
        )
        return TenantCampaigns(
            tenant=tenant,
            shop_zone=settings.time_zone,
            campaigns=records.campaigns,
            requests=records.requests,
            runs=records.runs,
            progress=records.progress,
            executions=Executions(self.environment.state_machine_arn),
        )

    def daily(self, now: dt.datetime) -> dict[str, Any]:
        """Take over suppressed addresses, and let results and quarters be measured.

        A tenant's quarters are measured once, whatever number of campaigns is measured, or none.
        """
        suppressed, measured, quarters = 0, [], []
        for tenant in self.tenants():
            kept = self.of_tenant(tenant)
            if not kept.campaigns.all():
                continue
            suppressed += self._take_suppressions(tenant, now)
            for campaign in self._measurable(kept):
                self._measure.begin({"tenant": tenant, "campaign": campaign})
                measured.append(campaign)
            if kept.requests.all():
                self._measure.begin({"tenant": tenant, "task": "quarters"})
                quarters.append(tenant)
        return {"suppressed": suppressed, "measured": measured, "quarters": quarters}

    def _measurable(self, kept: TenantCampaigns) -> list[str]:
        """Return campaigns with a run whose days of result are not over, or with a handover."""
        campaign_of = {one.run_id: one.definition.id for one in kept.requests.all()}
        states = ("SENDING", "PAUSED", "SETTLING", "MEASURING")
        runs = {
            campaign_of[run.run_id]
            for run in kept.runs.all()
            if run.state in states and run.run_id in campaign_of
        }
        handed = {one.campaign for one in Handovers(self.data, tenant=kept.tenant).all()}
        return sorted(runs | handed)

    def _take_suppressions(self, tenant: str, now: dt.datetime) -> int:
        return take_suppressions(
            SesAccount(), tenant=tenant,
            ses_tenant=self.environment.ses_tenant_prefix + tenant,
            key_of=address_keys(self._secret, tenant=tenant),
            consent=ConsentRows(self.environment.campaigns_table), at=now,
        )  # fmt: skip

    @functools.cached_property
    def _secret(self) -> bytes:
        return read_secret(self.environment.pseudonym_secret)

    @functools.cached_property
    def _measure(self) -> CalledFunction:
        return CalledFunction(self.environment.measure_function, does="measuring a campaign")
