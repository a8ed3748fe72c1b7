"""The catalog lists the events of the uploads that count, and no others."""

from __future__ import annotations

import dataclasses

import boto3
import pytest
from moto import mock_aws

from adapters.stores.catalog import Catalog, storage
from adapters.stores.event_partitions import catalogue_events
from adapters.stores.events import EventStore, UploadRecord
from tessera.contracts import catalog
from tessera.contracts.tables import EVENTS
from tests.bucket_in_memory import BucketInMemory

FIRST = UploadRecord(
    id="u1", name="uploads/a.csv", content="c1", since="2026-12-01T00:00:00+00:00", events=1,
    event_ids=0, first_event_at=None, last_event_at=None, currency="",
)  # fmt: skip
SECOND = dataclasses.replace(FIRST, id="u2", name="uploads/b.csv", since="2026-12-02T00:00:00")


@pytest.fixture
def glue(aws_environment):
    with mock_aws():
        client = boto3.client("glue")
        client.create_database(DatabaseInput={"Name": "tessera"})
        keys = [{"Name": one.name, "Type": one.type} for one in catalog.partition_columns(EVENTS)]
        client.create_table(
            DatabaseName="tessera",
            TableInput={
                "Name": EVENTS.name, "PartitionKeys": keys,
                "StorageDescriptor": storage(EVENTS, "s3://data/tenants/"),
            },
        )  # fmt: skip
        yield client


def listed(glue):
    made = glue.get_partitions(DatabaseName="tessera", TableName="events")["Partitions"]
    return {tuple(one["Values"]): one["StorageDescriptor"]["Location"] for one in made}


def test_partitions_follow_the_uploads_that_count(glue):
    data = BucketInMemory()
    stores = {tenant: EventStore(data, tenant=tenant) for tenant in ("default", "acme")}

    def bring(tenant="default"):
        return catalogue_events(stores[tenant], Catalog("tessera"), bucket="data", tenant=tenant)

    for store in stores.values():
        store.commit(FIRST)
    stores["default"].commit(SECOND)
    assert (bring(), bring("acme"), bring()) == (2, 1, 0)
    first, acme = ("default", FIRST.since, "u1"), ("acme", FIRST.since, "u1")
    folder = "s3://data/tenants/{}/events/upload=u1/content={}/".format
    assert listed(glue) == {
        first: folder("default", "c1"),
        ("default", SECOND.since, "u2"): folder("default", "c1").replace("u1", "u2"),
        acme: folder("acme", "c1"),
    }
    stores["default"].commit(dataclasses.replace(FIRST, content="c2"))  # replaced by a newer one
    stores["default"].commit(dataclasses.replace(SECOND, withdrawn=True))
    assert bring() == 2
    assert listed(glue) == {first: folder("default", "c2"), acme: folder("acme", "c1")}


def test_many_partitions_go_in_the_calls_that_glue_takes(glue):
    values = [("default", "2026-12-01", f"u{number:03d}") for number in range(130)]
    made = Catalog("tessera")
    made.add_partitions(EVENTS, {one: f"s3://data/{one[2]}/" for one in values})
    assert len(made.partitions(EVENTS, tenant="default")) == 130
    made.remove_partitions(EVENTS, [*values[5:], ("default", "2026-12-01", "nowhere")])
    assert len(listed(glue)) == 5
