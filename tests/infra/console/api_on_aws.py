"""The API with its real adapters on an AWS of the test's own, and each call that they make."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import functools
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import boto3
import pytest
from botocore.client import BaseClient
from fastapi import Request
from moto import mock_aws

from adapters.aws.objects import Objects
from adapters.aws.tenant_sessions import TenantCredentials, TenantSessions
from adapters.campaigns.ledger import CampaignLedger
from adapters.campaigns.run_files import CampaignFiles
from adapters.campaigns.versioned import VersionedRecords
from adapters.stores.tenants import Tenants
from lambdas.api.app import create_app
from lambdas.api.wiring import TenantServices
from steps.remove_tenant.machine import MachineRemovals
from steps.remove_tenant.receipts import SignedReceipts
from steps.serve.operating import OperatorServices
from tessera import naming
from tessera.api.roles import NO_TENANT, OPERATOR, Principal
from tessera.campaigns.sending.outcomes import SENT, UNKNOWN
from tessera.environments.api import ApiCampaigns, ApiEnvironment
from tessera.records.codec import encode
from tests.api_function import ApiFunction
from tests.lambdas.api.campaign_world import AWAITING, DOUBT, SENT_TO
from tests.lambdas.api.world import TENANTS, World
from tests.step_guard import partitions

FUNCTION = "the function"
ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": "us-east-1", "AWS_EC2_METADATA_DISABLED": "true",
}  # fmt: skip
_ACTIONS = {"ListObjectsV2": "ListBucket", "HeadObject": "GetObject",
            "CreateMultipartUpload": "PutObject"}  # fmt: skip


@dataclasses.dataclass(frozen=True)
class AwsCall:
    """One call, as IAM sees it. ``by`` is the tenant of its session, or ``the function``."""

    by: str
    action: str
    resource: str
    context: dict[str, list[str]]


class Sessions(TenantSessions):
    """Credentials whose access key is the tenant's name."""

    def credentials(self, tenant: str, *, at_least: dt.timedelta = dt.timedelta()):
        return self._of(tenant)

    @functools.cache  # noqa: B019 (as long as one test)
    def _of(self, tenant: str) -> TenantCredentials:
        return TenantCredentials(
            access_key_id=tenant, secret_access_key="x", session_token="x",
            ends_at=self._clock() + dt.timedelta(hours=1),
        )  # fmt: skip


class Wired(TenantServices):
    """The services of an account, but for those behind which is no data."""

    world: World

    _tasks = property(lambda self: self.world.tasks)
    _executions = property(lambda self: self.world.machine)
    _erasure_executions = property(lambda self: self.world.erasing)
    _users = property(lambda self: self.world.people)
    _finder = property(lambda self: self.world.people)
    _run_defaults = property(lambda self: self.world.services.run_defaults)

    @functools.cached_property
    def operating(self) -> OperatorServices:
        receipts = SignedReceipts(Objects(self._env.data_bucket))
        removals = MachineRemovals(self.world.machine, receipts)
        return dataclasses.replace(super().operating, removals=removals)

    def _campaigns(self, *of: Any) -> Any:
        made = super()._campaigns(*of)
        fakes = self.world.campaigns
        return lambda: dataclasses.replace(
            made(), executions=fakes.machine, functions=fakes.functions
        )


class ApiOnAws:
    """The API of a stage, furnished as a world is."""

    def __init__(self, env: ApiEnvironment, world: World) -> None:
        self.env, self.world, self.calls = env, world, []
        self._places = ApiCampaigns.from_text(env.campaigns)
        _make_places(env, self._places)
        self._furnish()
        services = Wired(
            env, sessions=Sessions("", clock=lambda: world.now), clock=lambda: world.now
        )
        services.world = world
        app = create_app(services, principal=_principal, log=lambda _: None, one_at_a_time=True)
        self._function = ApiFunction(app)

    def ask(self, tenant: str, **request: Any) -> tuple[Any, list[AwsCall]]:
        """Return the answer to a request of a tenant's admin, and the calls that it took.

        ``operator`` asks in place of a tenant's admin.
        """
        with _recorded() as calls:
            reply = self.world.call(**request, token=tenant, function=self._function)
        return reply, [*map(self._as_iam, calls), *_signed(reply)]

    def _as_iam(self, call: tuple[str, str, str, dict[str, Any]]) -> AwsCall:
        by, service, operation, given = call
        if service == "S3":
            listing = operation == "ListObjectsV2"
            return AwsCall(
                by,
                f"s3:{_ACTIONS.get(operation, operation)}",
                f"arn:aws:s3:::{given['Bucket']}" + ("" if listing else f"/{given['Key']}"),
                {
                    f"s3:{name.lower()}": [given[name]]
                    for name in ("Prefix", "Delimiter")
                    if name in given
                },
            )
        table = given.get("TableName") or next(iter(given["RequestItems"]))
        return AwsCall(
            by,
            f"dynamodb:{operation}",
            f"arn:aws:dynamodb:us-east-1:111122223333:table/{table}",
            {"dynamodb:LeadingKeys": keys} if (keys := partitions(given)) else {},
        )

    def _furnish(self) -> None:
        """Put what the world has into buckets and tables."""
        world, places = self.world, self._places
        _put_objects(self.env.data_bucket, world.data.objects)
        _put_objects(places.identities_bucket, world.campaigns.identities.objects)
        _put_objects(self.env.identities_bucket, world.erased.objects)
        receipts = world.removing.receipts.items()
        signed = {naming.removal_key(case): encode(receipt) for case, receipt in receipts}
        _put_objects(
            self.env.data_bucket, {key: json.dumps(one).encode() for key, one in signed.items()}
        )
        for record in world.registry.records.values():
            Tenants(self.env.tenants_table).save(record, before=None)
        for table, documents in (
            (self.env.api_table, world.documents.items),
            (self.env.write_keys_table, world.pages.items),
        ):
            _put_items(
                table,
                [{"pk": pk, "sk": sk, "document": text} for (pk, sk), text in documents.items()],
            )
        waiting = [
            vars(item) | {"approval_token": item.run_id} for item in world.runs.items.values()
        ]
        _put_items(self.env.runs_table, waiting)
        for (pk, sk), record in world.campaigns.items.items():
            kept = VersionedRecords(places.table, pk=pk, kind=type(record))
            kept.change(sk, lambda _, record=record: record)
        for (tenant, run_id), manifest in world.campaigns.manifests.items():
            files = Objects(places.identities_bucket)
            CampaignFiles(files, tenant=tenant, run_id=run_id).write_manifest(manifest)
            if run_id != AWAITING:
                self._send(tenant, run_id)

    def _send(self, tenant: str, run_id: str) -> None:
        """Leave one recipient in doubt, and one who was sent to."""
        ledger = CampaignLedger(
            self._places.table, tenant=tenant, run_id=run_id, now=lambda: self.world.now
        )
        for recipient, state in ((DOUBT, UNKNOWN), (SENT_TO, SENT)):
            ledger.claim(recipient)
            ledger.mark(recipient, state)


@contextlib.contextmanager
def api_on_aws(env: ApiEnvironment, world: World) -> Iterator[ApiOnAws]:
    """Give the API of a stage."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in ENVIRONMENT.items():
            patch.setenv(name, value)
        patch.setattr(boto3, "DEFAULT_SESSION", None)
        with mock_aws():
            yield ApiOnAws(env, world)


def _put_objects(bucket: str, objects: dict[str, bytes]) -> None:
    client = boto3.client("s3")
    for key, body in objects.items():
        client.put_object(Bucket=bucket, Key=key, Body=body)


def _put_items(table: str, items: list[dict[str, str]]) -> None:
    client = boto3.client("dynamodb")
    for item in items:
        texts = {name: {"S": value} for name, value in item.items() if value}
        client.put_item(TableName=table, Item=texts)


def _make_places(env: ApiEnvironment, places: ApiCampaigns) -> None:
    s3, dynamodb = boto3.client("s3"), boto3.client("dynamodb")
    for bucket in (env.data_bucket, places.identities_bucket):
        s3.create_bucket(Bucket=bucket)
    pair = ("pk", "sk")
    for table, names in (
        (env.api_table, pair), (places.table, pair), (env.write_keys_table, pair),
        (env.runs_table, ("tenant", "run_id")), (env.tenants_table, ("tenant",)),
    ):  # fmt: skip
        kinds = ("HASH", "RANGE")[: len(names)]
        dynamodb.create_table(
            TableName=table,
            KeySchema=[
                {"AttributeName": name, "KeyType": kind}
                for name, kind in zip(names, kinds, strict=True)
            ],
            AttributeDefinitions=[{"AttributeName": one, "AttributeType": "S"} for one in names],
            BillingMode="PAY_PER_REQUEST",
        )


def _principal(request: Request) -> Principal:
    tenant = request.headers["authorization"].removeprefix("Bearer ")
    if tenant == OPERATOR:
        return Principal(tenant=NO_TENANT, role=OPERATOR, subject="user:9")
    return Principal(tenant=tenant, role="admin", subject="user:1")


@contextlib.contextmanager
def _recorded() -> Iterator[list[tuple[str, str, str, dict[str, Any]]]]:
    """Note who calls what, of S3 and DynamoDB."""
    calls: list[tuple[str, str, str, dict[str, Any]]] = []
    call = BaseClient._make_api_call

    def noted(client: Any, operation: str, given: dict[str, Any]) -> Any:
        key = client._request_signer._credentials.access_key
        by = key if key in TENANTS else FUNCTION
        calls.append((by, client.meta.service_model.service_id, operation, given))
        return call(client, operation, given)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseClient, "_make_api_call", noted)
        yield calls


def _signed(reply: Any) -> Iterator[AwsCall]:
    """Yield what the signed addresses of an answer let their holder do."""
    document = reply.json if reply.text.startswith("{") else {}
    for url in filter(None, [document.get("url"), document.get("complete_url")]):
        at = urlsplit(url)
        by = parse_qs(at.query)["X-Amz-Credential"][0].split("/")[0]
        bucket = at.netloc.split(".")[0]
        yield AwsCall(by, "s3:PutObject", f"arn:aws:s3:::{bucket}{at.path}", {})
