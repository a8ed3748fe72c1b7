"""What the API works with, in an embedded AWS."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from adapters.aws.executions import Executions
from adapters.aws.objects import Objects
from adapters.aws.presigned_uploads import PresignedUploads
from adapters.aws.tasks import Tasks
from adapters.stores.api_keys import ApiKeys
from adapters.stores.idempotency import Idempotency
from adapters.stores.items import Items
from adapters.stores.profile_reader import ProfileReader
from adapters.stores.runs import Runs
from infra.settings import StageSettings
from local.app.system import System
from steps.serve.services import Services
from tessera.api.documents.access import User

TABLE = "tessera-api"
LOCAL_USER = "user:local"
Client = Callable[[str], Any]


class OneUser:
    """The one person at this machine."""

    def of_tenant(self, _tenant: str) -> tuple[User, ...]:
        """Return that person."""
        return (User(subject=LOCAL_USER, email="somebody@localhost", role="admin"),)


class NoIndex:
    """Without an index of ids and addresses, no search has a match."""

    def find(self, _tenant: str, _term: str) -> tuple[str, ...]:
        """Return nobody."""
        return ()


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


def local_services(system: System, *, client: Client, stage: StageSettings) -> Services:
    """Return the services of a deployed app.

    Parameters
    ----------
    system
        The app.
    client
        Makes clients of its AWS.
    stage
        The settings of the stage.
    """
    data, items = Objects(system.data_bucket, client=client("s3")), table_of_items(client)
    states = client("stepfunctions")
    return Services(
        data=data,
        profiles=ProfileReader(data),
        runs=Runs(system.runs_table, dynamodb=client("dynamodb"), states=states),
        tasks=Tasks(states=states),
        executions=Executions(system.machine, states=states),
        uploads=PresignedUploads(system.data_bucket, client=client("s3")),
        keys=ApiKeys(items),
        requests=Idempotency(items),
        users=OneUser(),
        finder=NoIndex(),
        run_defaults=stage.run.to_dict,
        destinations=stage.destinations,
        clock=lambda: dt.datetime.now(dt.UTC),
    )
