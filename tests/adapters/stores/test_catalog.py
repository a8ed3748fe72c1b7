"""A run's profiles can be found through the catalog."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import boto3
import pyarrow as pa
import pytest
from botocore.stub import Stubber
from moto import mock_aws

from adapters.stores.catalog import Catalog, storage
from adapters.stores.catalog_reader import read_partition
from adapters.tables.parquet import arrow_schema, write_table
from tessera.contracts import catalog
from tessera.contracts.tables import PROFILES
from tessera.errors import InvalidInput, Refused, Retryable

FOLDER = "s3://data/tenants/default/profiles/as_of=2026-11-22/run=r1/"
VALUES = ["default", "2026-11-22", "r1"]


@pytest.fixture
def glue(aws_environment):
    with mock_aws():
        client = boto3.client("glue")
        client.create_database(DatabaseInput={"Name": "tessera"})
        keys = [{"Name": c.name, "Type": c.type} for c in catalog.partition_columns(PROFILES)]
        client.create_table(
            DatabaseName="tessera",
            TableInput={
                "Name": PROFILES.name,
                "PartitionKeys": keys,
                "StorageDescriptor": storage(PROFILES, "s3://data/tenants/"),
                "Parameters": {"classification": catalog.CLASSIFICATION},
            },
        )
        yield client


def partitions(glue):
    return glue.get_partitions(DatabaseName="tessera", TableName=PROFILES.name)["Partitions"]


def test_a_run_becomes_a_partition(glue):
    Catalog("tessera").add_partition(PROFILES, values=VALUES, location=FOLDER)
    (partition,) = partitions(glue)
    assert partition["Values"] == VALUES
    assert partition["StorageDescriptor"]["Location"] == FOLDER


def test_adding_it_again_updates_it(glue):
    for folder in ("s3://data/elsewhere/", FOLDER):
        Catalog("tessera").add_partition(PROFILES, values=VALUES, location=folder)
    (partition,) = partitions(glue)
    assert partition["StorageDescriptor"]["Location"] == FOLDER


def test_every_column_of_the_contract_is_catalogued_once():
    columns = [column["Name"] for column in storage(PROFILES, FOLDER)["Columns"]]
    keys = [column.name for column in catalog.partition_columns(PROFILES)]
    assert not set(columns) & set(keys)
    assert set(PROFILES.names) <= {*columns, *keys}


def test_a_missing_table_is_named(glue):
    with pytest.raises(InvalidInput, match=r"nowhere\.profiles"):
        Catalog("nowhere").add_partition(PROFILES, values=VALUES, location=FOLDER)


@pytest.mark.parametrize(
    ("code", "meaning"),
    [("ThrottlingException", Retryable), ("AccessDeniedException", Refused)],
)
def test_what_glue_says_becomes_what_to_do(aws_environment, code, meaning):
    client = boto3.client("glue")
    with Stubber(client) as stub:
        stub.add_client_error("batch_create_partition", code)
        with pytest.raises(meaning, match=code):
            Catalog("tessera", client=client).add_partition(
                PROFILES, values=VALUES, location=FOLDER
            )


def profile(key: str) -> dict[str, object]:
    row: dict[str, object] = dict.fromkeys(PROFILES.names)
    return row | {
        "customer_key": key,
        "frequency": 2,
        "monetary": Decimal("12.30"),
        "views": 0,
        "segment": "Loyal",
        "as_of": dt.date(2026, 11, 22),
    }


def test_catalogued_profiles_are_read_back(glue, tmp_path):
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket="data")
    for run in ("r1", "r2"):
        table = pa.Table.from_pylist([profile(f"key-{run}")], schema=arrow_schema(PROFILES))
        path = write_table(tmp_path / f"{run}.parquet", table, PROFILES)
        folder = FOLDER.replace("r1", run)
        s3.upload_file(str(path), "data", folder.removeprefix("s3://data/") + "part-0.parquet")
        values = ["default", "2026-11-22", run]
        Catalog("tessera").add_partition(PROFILES, values=values, location=folder)
    profiles = read_partition("tessera", PROFILES, where={"tenant": "default", "run": "r2"})
    assert list(profiles.columns) == list(PROFILES.names)
    assert list(profiles["customer_key"]) == ["key-r2"]
    assert list(profiles["monetary"]) == [Decimal("12.30")]


def test_reading_what_is_not_there_says_so(glue):
    with pytest.raises(InvalidInput, match="no partition with"):
        read_partition("tessera", PROFILES, where={"run": "none"})
    with pytest.raises(InvalidInput, match="partition column"):
        read_partition("tessera", PROFILES, where={"rnu": "r1"})
