"""What serves each tenant in an account: what is a tenant's, by credentials that end at it.

The function's own role reaches no data of any tenant. It starts executions, calls functions, lists
users, and keeps what has no tenant in its key.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from adapters.aws import clients
from adapters.aws.customer_search import CustomerSearchFunction
from adapters.aws.documents import read_document
from adapters.aws.executions import Executions
from adapters.aws.objects import Objects
from adapters.aws.tasks import Tasks
from adapters.aws.tenant_sessions import TenantCredentials, TenantSessions
from adapters.aws.tenant_uploads import TenantUploads
from adapters.aws.user_pool import UserPool
from adapters.erasure.versions import VersionedObjects
from adapters.stores.api_keys import ApiKeys
from adapters.stores.idempotency import Idempotency
from adapters.stores.items import Items
from adapters.stores.minute_counts import RequestCounts
from adapters.stores.profile_reader import ProfileReader
from adapters.stores.runs import Runs
from adapters.stores.tenants import Tenants
from adapters.stores.write_keys import WriteKeys
from steps.erase.start import ErasureDesk
from steps.remove_tenant.machine import MachineRemovals
from steps.remove_tenant.receipts import SignedReceipts
from steps.serve.gate import TenantGate
from steps.serve.operating import OperatorServices
from steps.serve.services import Services
from tessera.environments.api import ApiCampaigns, ApiEnvironment
from tessera.environments.tenancy import Tenancy

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_s3 import S3Client

    from steps.serve.campaign_services import CampaignServices

_TENANTS_KEPT = 64  # a megabyte each, for clients and what is known of files


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Made:
    """What serves one tenant, as long as its credentials work."""

    credentials: TenantCredentials
    dynamodb: DynamoDBClient
    services: Services


class TenantServices:
    """The services of each tenant, made when it is first asked for, and again every hour.

    Parameters
    ----------
    env
        Where everything is.
    sessions
        The credentials of each tenant.
    clock
        Returns the present instant, UTC.
    """

    def __init__(
        self,
        env: ApiEnvironment,
        *,
        sessions: TenantSessions,
        clock: Callable[[], dt.datetime],
    ) -> None:
        self._env, self._sessions, self.clock = env, sessions, clock
        self._made: OrderedDict[str, _Made] = OrderedDict()
        self.gate = TenantGate(
            Tenants(env.tenants_table).get, self, tenancy=Tenancy.from_text(env.tenancy)
        )

    @functools.cached_property
    def operating(self) -> OperatorServices:
        """What serves operators, by the function's own role."""
        receipts = SignedReceipts(Objects(self._env.data_bucket))
        return OperatorServices(
            tenants=Tenants(self._env.tenants_table),
            removals=MachineRemovals(Executions(self._env.removals_machine), receipts),
            requests=Idempotency(self._items),
            destinations=self._destinations,
            tenancy=Tenancy.from_text(self._env.tenancy),
        )

    def of(self, tenant: str) -> Services:
        """Return what serves a tenant."""
        return self._of(tenant).services

    def take(self, tenant: str, number: int, *, most: int, now: dt.datetime) -> bool:
        """Count a tenant's requests, in its own partition."""
        counts = RequestCounts(self._env.api_table, dynamodb=self._of(tenant).dynamodb)
        return counts.take(tenant, number, most=most, now=now)

    def _of(self, tenant: str) -> _Made:
        credentials = self._sessions.credentials(tenant)
        made = self._made.get(tenant)
        if made is None or made.credentials is not credentials:
            made = self._made[tenant] = self._make(tenant, credentials)
        self._made.move_to_end(tenant)
        while len(self._made) > _TENANTS_KEPT:
            self._made.popitem(last=False)
        return made

    def _make(self, tenant: str, credentials: TenantCredentials) -> _Made:
        env, own = self._env, credentials.arguments
        s3, dynamodb = clients.s3(credentials=own), clients.dynamodb(credentials=own)
        data, items = Objects(env.data_bucket, client=s3), Items(env.api_table, dynamodb=dynamodb)
        services = Services(
            data=data,
            profiles=ProfileReader(data),
            runs=Runs(env.runs_table, dynamodb=dynamodb),
            tasks=self._tasks,
            executions=self._executions,
            uploads=self._uploads(tenant, env.data_bucket),
            keys=ApiKeys(items, by_id=self._items),
            requests=Idempotency(items),
            users=self._users,
            finder=self._finder,
            gate=self.gate,
            run_defaults=self._run_defaults,
            destinations=self._destinations,
            clock=self.clock,
            erasures=self._erasures(s3),
            campaigns=self._campaigns(tenant, s3, dynamodb) if env.campaigns else None,
            write_keys=self._write_keys(dynamodb) if env.write_keys_table else None,
        )
        return _Made(credentials=credentials, dynamodb=dynamodb, services=services)

    def _uploads(self, tenant: str, bucket: str) -> TenantUploads:
        return TenantUploads(bucket, sessions=self._sessions, tenant=tenant, clock=self.clock)

    def _erasures(self, s3: S3Client) -> ErasureDesk:
        return ErasureDesk(
            data=VersionedObjects(self._env.data_bucket, client=s3),
            identities=VersionedObjects(self._env.identities_bucket, client=s3),
            executions=self._erasure_executions,
        )

    def _write_keys(self, dynamodb: DynamoDBClient) -> WriteKeys:
        table = self._env.write_keys_table
        return WriteKeys(Items(table, dynamodb=dynamodb), by_id=self._page_items)

    def _campaigns(
        self, tenant: str, s3: S3Client, dynamodb: DynamoDBClient
    ) -> Callable[[], CampaignServices]:
        @functools.cache
        def made() -> CampaignServices:
            # Most instances answer none of their routes, and need none of their clients.
            from steps.serve.campaign_stores import campaign_services  # noqa: PLC0415

            places = ApiCampaigns.from_text(self._env.campaigns)
            own: Mapping[str, Any] = {"s3": s3, "dynamodb": dynamodb}
            return campaign_services(
                places,
                clock=self.clock,
                client=own.get,
                uploads=self._uploads(tenant, places.identities_bucket),
            )

        return made

    # ---- what is no tenant's, by the function's own role: the same for all -------------------

    @property
    def _destinations(self) -> list[str]:
        return [name.strip() for name in self._env.available_destinations.split(",")]

    @functools.cached_property
    def _items(self) -> Items:
        return Items(self._env.api_table)

    @functools.cached_property
    def _page_items(self) -> Items:
        return Items(self._env.write_keys_table)

    @functools.cached_property
    def _tasks(self) -> Tasks:
        return Tasks()

    @functools.cached_property
    def _executions(self) -> Executions:
        return Executions(self._env.state_machine_arn)

    @functools.cached_property
    def _erasure_executions(self) -> Executions:
        return Executions(self._env.erasures_machine_arn)

    @functools.cached_property
    def _users(self) -> UserPool:
        return UserPool(self._env.user_pool_id)

    @functools.cached_property
    def _finder(self) -> CustomerSearchFunction:
        return CustomerSearchFunction(self._env.find_customer_function)

    @functools.cached_property
    def _run_defaults(self) -> Callable[[], Mapping[str, Any]]:
        return lambda: read_document(self._env.run_defaults)
