"""An account with what the run's own functions use."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from typing import Any

import boto3
import pytest

from adapters.aws.objects import Objects
from adapters.stores.catalog import storage
from adapters.stores.runs import Runs
from infra.pipeline.settings import JobSettings
from tessera.contracts import catalog
from tessera.contracts.tables import PROFILES
from tessera.environments.tenancy import Tenancy
from tests.step_guard import step_guard  # noqa: F401 (watches every test here)


@dataclasses.dataclass(frozen=True)
class Account:
    """Two buckets and the runs table."""

    data: Objects
    identities: Objects
    runs: Runs


def _bucket(name: str) -> Objects:
    client = boto3.client("s3")
    client.create_bucket(Bucket=name)
    client.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    return Objects(name)


@pytest.fixture
def account(runs_table: str, tenants_table: str, monkeypatch: pytest.MonkeyPatch) -> Account:
    """An account, and the environment of the functions in it."""
    for name, value in {
        "DATA_BUCKET": "data",
        "IDENTITIES_BUCKET": "identities",
        "RUNS_TABLE": runs_table,
        "TENANTS_TABLE": tenants_table,
        "RUN_DEFAULTS": "s3://assets/defaults.json",
        "MAX_UPLOAD_BYTES": "10000",
        "AVAILABLE_DESTINATIONS": "export,customer_profiles",
        "TENANCY": Tenancy().to_text(),
        "DATABASE": "tessera",
        "AWS_REGION": "us-east-1",
        "MACHINES": JobSettings().machines.to_text(),
        "CONSOLE": "https://console.example.com",
    }.items():
        monkeypatch.setenv(name, value)
    _bucket("assets").write_json("defaults.json", {})
    return Account(_bucket("data"), _bucket("identities"), Runs(runs_table))


@pytest.fixture
def catalogued(account: Account) -> Callable[[], list[dict[str, Any]]]:
    """The catalog's tables. Call it for the partitions of the profiles."""
    glue = boto3.client("glue")
    glue.create_database(DatabaseInput={"Name": "tessera"})
    for table in catalog.TABLES:
        keys = catalog.partition_columns(table)
        glue.create_table(
            DatabaseName="tessera",
            TableInput={
                "Name": table.name,
                "PartitionKeys": [{"Name": key.name, "Type": key.type} for key in keys],
                "StorageDescriptor": storage(table, "s3://data/tenants/"),
            },
        )

    def partitions() -> list[dict[str, Any]]:
        response = glue.get_partitions(DatabaseName="tessera", TableName=PROFILES.name)
        return list(response["Partitions"])

    return partitions


@pytest.fixture
def messages(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> Callable[[], list[dict[str, Any]]]:
    """A queue behind the topic and the bus. Call it for the messages."""
    sns, sqs, events = boto3.client("sns"), boto3.client("sqs"), boto3.client("events")
    topic = sns.create_topic(Name="runs")["TopicArn"]
    monkeypatch.setenv("TOPIC_ARN", topic)
    monkeypatch.setenv("STAGE", "test")
    url = sqs.create_queue(QueueName="inbox")["QueueUrl"]
    answer = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    arn = answer["Attributes"]["QueueArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    events.put_rule(Name="all", EventPattern=json.dumps({"source": ["tessera"]}))
    events.put_targets(Rule="all", Targets=[{"Id": "inbox", "Arn": arn}])

    def read() -> list[dict[str, Any]]:
        received = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
        return [json.loads(message["Body"]) for message in received]

    return read
