"""Everything of a deployed stage that may have something of a tenant."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

from adapters.aws.objects import Objects
from adapters.aws.user_pool import UserPool
from adapters.stores.runs import Runs
from adapters.stores.tenant_remains import (
    ItemRemains,
    ObjectRemains,
    PartitionRemains,
    SecretRemains,
    always,
)
from adapters.stores.tenants import Tenants
from steps.remove_tenant.receipts import RemovalReceipts
from steps.remove_tenant.removal import Remains, Removal
from tessera import naming
from tessera.environments.remove_tenant import RemovalPlaces
from tessera.erasure.receipt import Signer

_AGES_OUT = (
    "Backups of the tables, which restore any second of the last 35 days",
    "Access logs of the buckets and logs of functions, which have keys and pseudonyms",
    "Records of the event stream, until its retention ends",
)
Client = Callable[[str], Any]


@dataclasses.dataclass(frozen=True)
class UserRemains:
    """A tenant's users of the console."""

    pool: UserPool
    tenant: str
    what: str = "users"

    def count(self) -> int:
        """Return how many there are."""
        return len(self.pool.of_tenant(self.tenant))

    def delete(self) -> None:
        """Remove them, and their groups."""
        self.pool.remove_tenant(self.tenant)


def removal_of(
    tenant: str,
    places: RemovalPlaces,
    *,
    client: Client,
    signer: Signer,
    own: Client | None = None,
    goes_on: Callable[[], bool] = always,
) -> Removal:
    """Return what removes a tenant from a stage.

    Parameters
    ----------
    tenant
        Which.
    places
        Where everything is.
    client
        Makes a boto3 client of a service.
    signer
        Signs the receipt.
    own
        Makes clients whose rights end at the tenant, for what they can reach. By default
        ``client``.
    goes_on
        Whether there is time for more.
    """
    data = Objects(places.data_bucket, client=client("s3"))
    dynamodb = client("dynamodb")
    runs = Runs(places.runs_table, dynamodb=dynamodb, states=client("stepfunctions"))
    return Removal(
        tenants=Tenants(places.tenants_table, dynamodb=dynamodb),
        receipts=RemovalReceipts(data, signer=signer),
        places=[
            *_of_the_tenant(tenant, places, client=own or client, goes_on=goes_on),
            *_shared(tenant, places, client=client),
        ],
        under_way=lambda: _under_way(tenant, runs),
        by_hand=by_hand(places.destinations),
        ages_out=_AGES_OUT,
        clock=lambda: dt.datetime.now(dt.UTC),
        goes_on=goes_on,
        longest_write=dt.timedelta(seconds=places.longest_write_seconds),
    )


def _of_the_tenant(
    tenant: str, places: RemovalPlaces, *, client: Client, goes_on: Callable[[], bool]
) -> list[Remains]:
    s3, dynamodb, own = client("s3"), client("dynamodb"), naming.tenant_prefix(tenant)
    buckets = (
        (
            "versions of objects in the data bucket",
            places.data_bucket,
            (
                own,
                f"{naming.UPLOADS}{tenant}/",
                f"{naming.OPEN_PARTS}{tenant}/",
                naming.latest_run_key(tenant),
            ),
        ),
        ("versions of objects with identities", places.identities_bucket, (own,)),
    )
    tables = sorted({places.runs_table, *places.tables})
    return [
        *(
            ObjectRemains(Objects(bucket, client=s3), what=what, prefixes=prefixes, goes_on=goes_on)
            for what, bucket, prefixes in buckets
        ),
        *(
            ItemRemains(
                name,
                what=f"items of the table {name}",
                tenant=tenant,
                dynamodb=dynamodb,
                goes_on=goes_on,
            )
            for name in tables
        ),
        SecretRemains(places.stage, tenant=tenant, client=client("secretsmanager")),
    ]


def _shared(tenant: str, places: RemovalPlaces, *, client: Client) -> list[Remains]:
    """Return what no prefix and no key divides by tenants."""
    shared: list[Remains] = []
    if places.database:
        shared.append(PartitionRemains(places.database, tenant=tenant, client=client("glue")))
    if places.user_pool:
        pool = UserPool(places.user_pool, cognito=client("cognito-idp"))
        shared.append(UserRemains(pool, tenant=tenant))
    return shared


def _under_way(tenant: str, runs: Runs) -> list[str]:
    """Return the runs that are under way, and the execution that has the turn: maybe an erasure."""
    running = {
        run.execution_arn: run.run_id
        for run in runs.of_tenant(tenant)
        if run.status == "RUNNING" and runs.is_running(run.execution_arn)
    }
    holder = runs.turn_holder(tenant)
    others = [holder.rpartition(":")[2]] if holder and holder not in running else []
    return [*running.values(), *others]


def by_hand(destinations: Sequence[str]) -> tuple[str, ...]:
    """Return what people must do after a removal."""
    there = ", ".join(name for name in destinations if name != "export") or "none"
    return (
        f"What destinations hold stays there: delete it in the shop's accounts ({there})",
        "A sending tenant in Amazon SES and a Customer Profiles domain of the shop stay: delete "
        "them if the stage has them",
    )
