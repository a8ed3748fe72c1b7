"""What the API works with, in an embedded AWS."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable
from typing import Any

import boto3
from botocore.config import Config

from adapters.aws.executions import Executions
from adapters.aws.objects import Objects
from adapters.aws.presigned_uploads import PresignedUploads
from adapters.aws.tasks import Tasks
from adapters.erasure.versions import VersionedObjects
from adapters.stores.api_keys import ApiKeys
from adapters.stores.customer_finder import CustomerFinder
from adapters.stores.idempotency import Idempotency
from adapters.stores.items import Items
from adapters.stores.minute_counts import RequestCounts
from adapters.stores.profile_reader import ProfileReader
from adapters.stores.runs import Runs
from adapters.stores.tenants import Tenants
from adapters.stores.write_keys import WriteKeys
from infra.settings import StageSettings
from local.app.system import System
from local.console.operating import operator_services
from steps.erase.start import ErasureDesk
from steps.serve.campaign_stores import campaign_services
from steps.serve.gate import TenantGate
from steps.serve.services import Services
from tessera import naming
from tessera.api.documents.access import User
from tessera.environments.api import ApiCampaigns

TABLE = "tessera-api"
LOCAL_USER = "user:local"
Client = Callable[[str], Any]


class OneUser:
    """The one person at this machine."""

    def of_tenant(self, _tenant: str) -> tuple[User, ...]:
        """Return that person."""
        return (User(subject=LOCAL_USER, email="somebody@localhost", role="admin"),)


class LocalSearch:
    """The search for a customer, in this process."""

    def __init__(self, finder: CustomerFinder) -> None:
        self._finder = finder

    def find(self, tenant: str, term: str, *, by: str) -> tuple[str, ...] | None:  # noqa: ARG002 (a log's)
        """Return the keys of the customers with this id or address, None without an index."""
        return self._finder.find(tenant, term)


def _signing(system: System) -> Any:
    """Return a client of S3 that signs with version 4, as an account's does: sizes are signed."""
    return boto3.client(
        "s3",
        endpoint_url=system.endpoint,
        region_name=system.region,
        aws_access_key_id="local",
        aws_secret_access_key="local",  # noqa: S106 (any will do)
        config=Config(signature_version="s3v4", s3={"addressing_style": "path"}),
    )


def table_of_items(client: Client) -> Items:
    """Return the API's table, made where there is none yet."""
    dynamodb = client("dynamodb")
    if TABLE not in dynamodb.list_tables()["TableNames"]:
        dynamodb.create_table(
            TableName=TABLE,
            KeySchema=[
                {"AttributeName": "pk", "KeyType": "HASH"},
                {"AttributeName": "sk", "KeyType": "RANGE"},
            ],
            AttributeDefinitions=[
                {"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")
            ],
            BillingMode="PAY_PER_REQUEST",
        )
    return Items(TABLE, dynamodb=dynamodb)


def local_services(
    system: System, *, client: Client, stage: StageSettings, pages: bool = False
) -> Services:
    """Return the services of a deployed app.

    Parameters
    ----------
    system
        The app.
    client
        Makes clients of its AWS.
    stage
        The settings of the stage.
    pages
        Whether the app was deployed with a stream, to which pages send events.
    """
    data, items = Objects(system.data_bucket, client=client("s3")), table_of_items(client)
    identities = Objects(system.identities_bucket, client=client("s3"))
    states = client("stepfunctions")

    def clock() -> dt.datetime:
        return dt.datetime.now(dt.UTC)

    places = _campaigns(system, stage)
    return Services(
        data=data,
        profiles=ProfileReader(data),
        runs=Runs(system.runs_table, dynamodb=client("dynamodb"), states=states),
        tasks=Tasks(states=states),
        executions=Executions(system.machine, states=states),
        uploads=PresignedUploads(system.data_bucket, client=_signing(system)),
        keys=ApiKeys(items),
        requests=Idempotency(items),
        users=OneUser(),
        finder=LocalSearch(CustomerFinder(data, identities)),
        gate=TenantGate(
            Tenants(system.tenants_table, dynamodb=client("dynamodb")).get,
            RequestCounts(TABLE, dynamodb=client("dynamodb")),
            tenancy=stage.tenant.tenancy,
        ),
        run_defaults=stage.run.to_dict,
        destinations=stage.destinations,
        clock=clock,
        erasures=_erasures(system, client, stage),
        campaigns=functools.cache(
            lambda: campaign_services(
                places,
                clock=clock,
                client=client,
                uploads=PresignedUploads(places.identities_bucket, client=_signing(system)),
            )
        )
        if places
        else None,
        write_keys=_write_keys(client, stage) if pages else None,
        operating=operator_services(
            system, stage=stage, client=client, requests=Idempotency(items)
        ),
    )


def _erasures(system: System, client: Client, stage: StageSettings) -> ErasureDesk:
    """Return where erasures are asked for. They run in the embedded AWS, as in an account."""
    machine = system.machine.rpartition(":stateMachine:")[0]
    name = naming.erasures_machine(stage.stage)
    return ErasureDesk(
        data=VersionedObjects(system.data_bucket, client=client("s3")),
        identities=VersionedObjects(system.identities_bucket, client=client("s3")),
        executions=Executions(f"{machine}:stateMachine:{name}", states=client("stepfunctions")),
    )


def _write_keys(client: Client, stage: StageSettings) -> WriteKeys:
    table = naming.write_keys_table(stage.stage)
    return WriteKeys(Items(table, dynamodb=client("dynamodb")))


def _campaigns(system: System, stage: StageSettings) -> ApiCampaigns | None:
    """Return where campaigns are, None in a stage without them."""
    if not stage.campaigns.enabled:
        return None
    machine = system.machine.rpartition(":stateMachine:")[0]
    return ApiCampaigns(
        table=system.campaigns_table,
        identities_bucket=system.identities_bucket,
        machine_arn=f"{machine}:stateMachine:{naming.campaigns_machine(stage.stage)}",
        count_audience=naming.campaign_function(stage.stage, "count_audience"),
        import_consent=naming.campaign_function(stage.stage, "import_consent"),
        send_test=naming.campaign_function(stage.stage, "send_test"),
    )
