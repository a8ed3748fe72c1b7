"""What a plan works with."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable
from typing import Protocol

from adapters.aws.objects import Objects
from adapters.aws.secrets import read_secret
from adapters.campaigns.consent_rows import ConsentRows
from adapters.campaigns.event_set import EventSet
from adapters.campaigns.tenant_records import TenantRecords
from adapters.engines.duckdb.query import DuckDBEngine
from adapters.engines.query import Engine
from steps.campaign.brakes import PartitionedEvents
from steps.campaign.runs import RunKeeper
from steps.campaign.settings import tenant_settings
from tessera.campaigns.campaign_record import RunRequest
from tessera.campaigns.consent.brief import ConsentBrief
from tessera.campaigns.sending.states import CampaignRun
from tessera.environments.campaigns import PlanCampaignEnvironment
from tessera.events.pseudonym import address_keys
from tessera.naming import check_tenant
from tessera.settings import RunSettings

ENGINE_MB = 400  # before it spills to disk. Python holds as much beside it


class ListedRuns(RunKeeper, Protocol):
    """Keeps a tenant's runs, and lists them."""

    def all(self) -> list[CampaignRun]:
        """Return all runs."""


class ListedRequests(Protocol):
    """Keeps a tenant's runs as they were asked for, and lists them."""

    def read(self, sk: str) -> RunRequest | None:
        """Return a request by its run's id, None without one."""

    def all(self) -> list[RunRequest]:
        """Return all requests."""


class TenantConsent(Protocol):
    """Reads a tenant's rows of consent."""

    def briefs_of_tenant(self, tenant: str) -> Iterable[ConsentBrief]:
        """Return all rows in brief, those of one recipient together."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class PlanningServices:
    """What a plan works with.

    Parameters
    ----------
    tenant
        Whose plan.
    data, identities
        The two buckets.
    runs, requests
        The tenant's runs, and as they were asked for.
    consent
        All rows of consent.
    events
        What happened to messages of earlier runs.
    engine
        Joins profiles with addresses.
    settings
        The tenant's, as they are now.
    key_of
        The function from an address in its normal form to its key.
    """

    tenant: str
    data: Objects
    identities: Objects
    runs: ListedRuns
    requests: ListedRequests
    consent: TenantConsent
    events: PartitionedEvents
    engine: Engine
    settings: RunSettings
    key_of: Callable[[str], str]

    @classmethod
    def of(cls, environment: PlanCampaignEnvironment, *, tenant: str) -> PlanningServices:
        """Return the services of a function.

        Parameters
        ----------
        environment
            The function's.
        tenant
            Whose plan.
        """
        check_tenant(tenant)
        table, data = environment.campaigns_table, Objects(environment.data_bucket)
        records = TenantRecords(table, tenant=tenant)
        return cls(
            tenant=tenant,
            data=data,
            identities=Objects(environment.identities_bucket),
            runs=records.runs,
            requests=records.requests,
            consent=ConsentRows(table),
            events=EventSet(table),
            engine=DuckDBEngine(memory_limit_mb=ENGINE_MB),
            settings=tenant_settings(tenant, data=data, run_defaults=environment.run_defaults),
            key_of=address_keys(read_secret(environment.pseudonym_secret), tenant=tenant),
        )
