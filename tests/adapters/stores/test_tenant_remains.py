"""What is left of a tenant in buckets, tables, secrets and the catalog."""

from __future__ import annotations

import boto3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.aws.objects import Objects
from adapters.stores.runs import Runs
from adapters.stores.tenant_remains import (
    ItemRemains,
    ObjectRemains,
    PartitionRemains,
    SecretRemains,
    belongs,
)

NAMES = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,6}[a-z0-9])?", fullmatch=True)


def gone(place):
    """Delete what a place has. Return how much it had and has."""
    before = place.count()
    place.delete()
    return before, place.count()


def test_versions_and_markers_of_one_tenant_go(runs_table):
    client = boto3.client("s3")
    client.create_bucket(Bucket="data")
    client.put_bucket_versioning(Bucket="data", VersioningConfiguration={"Status": "Enabled"})
    data = Objects("data")
    for key in ("tenants/acme/a", "tenants/acme/a", "tenants/acme-2/a", "uploads/acme/x.csv"):
        data.write(key, b"x")
    data.delete(["tenants/acme/a"])
    place = ObjectRemains(data, what="objects", prefixes=("tenants/acme/", "uploads/acme/"))
    assert gone(place) == (4, 0)
    assert [one.key for one in data.versions("", markers=True)] == ["tenants/acme-2/a"]


def test_items_of_one_tenant_go_with_its_queue(runs_table):
    runs = Runs(runs_table)
    for tenant in ("acme", "acme#queue", "acme-2"):
        runs.claim(tenant, "a" * 16, execution_arn="arn", started_at="now")
    place = ItemRemains(runs_table, what="runs", tenant="acme", dynamodb=boto3.client("dynamodb"))
    assert gone(place) == (2, 0)
    assert runs.get("acme-2", "a" * 16) is not None


def test_secrets_of_one_tenant_go(runs_table):
    client = boto3.client("secretsmanager")
    own, others = "tessera/dev/destinations/klaviyo/acme", (
        "tessera/dev/destinations/klaviyo", "tessera/dev/destinations/klaviyo/acme-2",
        "tessera/prod/destinations/klaviyo/acme",
    )  # fmt: skip
    for name in (own, *others):
        client.create_secret(Name=name, SecretString="{}")
    assert gone(SecretRemains("dev", tenant="acme", client=client)) == (1, 0)
    left = {one["Name"] for one in client.list_secrets()["SecretList"]}
    assert left == set(others)


def test_partitions_of_one_tenant_go(runs_table):
    glue = boto3.client("glue")
    glue.create_database(DatabaseInput={"Name": "db"})
    keys = [{"Name": "tenant", "Type": "string"}, {"Name": "run", "Type": "string"}]
    glue.create_table(DatabaseName="db", TableInput={"Name": "profiles", "PartitionKeys": keys})
    glue.create_table(DatabaseName="db", TableInput={"Name": "latest"})
    for tenant in ("acme", "zenith"):
        glue.create_partition(
            DatabaseName="db", TableName="profiles", PartitionInput={"Values": [tenant, "r"]}
        )
    assert gone(PartitionRemains("db", tenant="acme", client=glue)) == (1, 0)
    [left] = glue.get_partitions(DatabaseName="db", TableName="profiles")["Partitions"]
    assert left["Values"][0] == "zenith"


@pytest.mark.parametrize(
    "item",
    [
        {"tenant": "acme"},
        {"tenant": "acme#queue"},
        {"pk": "acme#RUN#1#a"},
        {"customer": "acme/00000001-0000-8000-8000-000000000000"},
        {"pk": "KEY#1", "document": '{"tenant": "acme"}'},
        {"pk": "MESSAGE#1", "tenant": "acme"},
    ],
)
def test_an_item_is_a_tenants_by_its_key_a_field_or_its_document(item):
    texts = {name: {"S": value} for name, value in item.items()}
    assert belongs(texts, "acme")
    assert not belongs(texts, "acm")
    assert not belongs(texts, "acme-2")


@given(tenant=NAMES, other=NAMES, rest=st.sampled_from(["", "#KEYS", "#RUN#1#a", "/key"]))
def test_an_item_belongs_to_one_tenant_only(tenant, other, rest):
    item = {"pk": {"S": tenant + rest}}
    assert belongs(item, other) == (tenant == other)
