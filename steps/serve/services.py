"""What the API's steps work with."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from adapters.aws.executions import Executions
from adapters.aws.objects import Objects
from adapters.aws.presigned_uploads import PresignedUploads
from adapters.aws.tasks import Tasks
from adapters.stores.api_keys import ApiKeys
from adapters.stores.idempotency import Idempotency
from adapters.stores.profile_reader import ProfileReader
from adapters.stores.runs import Runs
from adapters.stores.write_keys import WriteKeys
from steps.erase.start import ErasureDesk
from steps.serve.campaign_services import CampaignServices
from steps.serve.gate import TenantGate
from steps.serve.operating import OperatorServices
from tessera.api.documents.access import User


class UserDirectory(Protocol):
    """The users of a stage."""

    def of_tenant(self, tenant: str) -> tuple[User, ...]:
        """Return a tenant's users, by address."""


class CustomerSearching(Protocol):
    """The only part that knows the customer of an id or address."""

    def find(self, tenant: str, term: str, *, by: str) -> tuple[str, ...] | None:
        """Return at most 20 keys of customers with this id or address, None without an index."""


class ServicesOfTenants(Protocol):
    """What serves each tenant, and what is needed before it is known that a request is let in."""

    @property
    def gate(self) -> TenantGate:
        """Lets requests in."""

    @property
    def clock(self) -> Callable[[], dt.datetime]:
        """Returns the present instant, UTC."""

    @property
    def operating(self) -> OperatorServices | None:
        """What serves operators. None where a deployment has none."""

    def of(self, tenant: str) -> Services:
        """Return what serves a tenant. Where IAM is in force, its rights end at the tenant."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Services:
    """What the API's steps work with.

    Parameters
    ----------
    data
        The data bucket.
    profiles
        Reads profiles there, a few row groups at a time.
    runs, tasks, executions
        The runs table, the states that wait, and the state machine.
    uploads
        Signs addresses for uploads.
    keys, requests
        API keys, and the answers to requests with an ``Idempotency-Key``.
    users
        The users of the console.
    finder
        Finds customers by id or address.
    gate
        Lets requests of active tenants in, within their number a minute.
    run_defaults
        Returns the stage's run settings.
    destinations
        The destinations that exist in this stage.
    clock
        Returns the present instant, UTC.
    erasures
        Where erasures of people are asked for.
    campaigns
        Returns what campaigns work with, made when it is first needed. None where they are off.
    write_keys
        The write-only keys of pages. None where the stage does not collect their events.
    operating
        What serves operators, who have no tenant.
    """

    data: Objects
    profiles: ProfileReader
    runs: Runs
    tasks: Tasks
    executions: Executions
    uploads: PresignedUploads
    keys: ApiKeys
    requests: Idempotency
    users: UserDirectory
    finder: CustomerSearching
    gate: TenantGate
    run_defaults: Callable[[], Mapping[str, Any]]
    destinations: Sequence[str]
    clock: Callable[[], dt.datetime]
    erasures: ErasureDesk
    campaigns: Callable[[], CampaignServices] | None = None
    write_keys: WriteKeys | None = None
    operating: OperatorServices | None = None

    def of(self, _tenant: str) -> Services:
        """Return what serves a tenant: the same for all, where no rights end at one."""
        return self
