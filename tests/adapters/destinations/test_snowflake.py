"""The way to Snowflake as a function takes it: the secret, the stage's key, the load's day."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator

import boto3
import pytest

from adapters.aws.signing import KmsSigner
from adapters.destinations import transports
from local.services.snowflake.server import Snowflake, SnowflakeServer
from tessera import naming
from tessera.destinations.port import Transport
from tessera.environments.activate import ActivateEnvironment
from tessera.errors import InvalidInput
from tessera.records.codec import encode
from tessera.records.loads.load import LoadRecord
from tessera.records.loads.segment import Segment

KEY = naming.snowflake_key("dev")
NAME = naming.destination_secret("dev", "snowflake", tenant="acme")
SEGMENT = Segment("Lost", "_RFM_Lost", "segment", "Lost", "Gone", 1, set="rfm")


@pytest.fixture
def server(buckets) -> Iterator[SnowflakeServer]:
    """A stand-in whose user has the public half of a key in KMS."""
    keys, secrets = boto3.client("kms"), boto3.client("secretsmanager")
    made = keys.create_key(KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY")["KeyMetadata"]
    keys.create_alias(AliasName=KEY, TargetKeyId=made["KeyId"])
    public_key = KmsSigner(KEY).public_key
    server = SnowflakeServer(Snowflake(lambda: public_key))
    server.start()
    yield server
    server.stop()
    keys.delete_alias(AliasName=KEY)
    secrets.delete_secret(SecretId=NAME, ForceDeleteWithoutRecovery=True)


def connected(server: SnowflakeServer, **changes: str) -> Transport:
    text = json.dumps(server.secret(tenant="acme") | changes)
    boto3.client("secretsmanager").create_secret(Name=NAME, SecretString=text)
    environment = ActivateEnvironment(
        "data", "identities", "dev", json.dumps({"snowflake": {"key": KEY}})
    )
    return transports.connect(
        "snowflake", environment=environment, tenant="acme", run_id="r1", endpoint=server.url
    )


def test_a_tenants_secret_leads_to_its_schema_and_the_load_says_the_day(server, buckets):
    load = LoadRecord(
        destination="snowflake", as_of=dt.date(2011, 12, 9), held="", needs="", parts=(),
        without_identity=0, segments=(),
    )  # fmt: skip
    buckets[1].write_json("tenants/acme/runs/r1/destinations/snowflake/load.json", encode(load))
    way = connected(server)
    way.check([])
    assert way.ensure(SEGMENT) == "created"
    rows = server.state.database.query('SELECT as_of FROM "TESSERA_ACME"."SEGMENTS"')
    assert rows == [{"as_of": dt.date(2011, 12, 9)}]
    assert server.state.customers() == {}  # the default tenant has another schema


@pytest.mark.parametrize(
    ("changes", "words"),
    [({"warehouse": ""}, "required form.*warehouse"), ({"account": "a b"}, f"{NAME}.*'a b'")],
)
def test_a_secret_that_lacks_something_is_named(server, changes, words):
    with pytest.raises(InvalidInput, match=words):
        connected(server, **changes)
