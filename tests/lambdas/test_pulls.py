"""PlanPulls and PullSource: one store with a key in Secrets Manager, pulled in an account."""

from __future__ import annotations

import io
import json

import boto3
import pyarrow.parquet as pq
import pytest

from adapters.connectors.stored_key import stored_key
from adapters.stores.tenants import Tenants
from lambdas.plan_pulls.handler import handler as plan_pulls
from lambdas.pull_source.handler import handler as pull_source
from local.services.frame.http_service import DENIED, HttpServer
from local.services.woocommerce.made import made_book
from local.services.woocommerce.server import WooCommerceStore
from tessera.errors import InvalidInput, Refused
from tessera.sources.connectors.catalog import kind_of

EVENT = {"tenant": "acme", "connector": "woocommerce"}
RAW = "tenants/acme/raw/woocommerce-orders/"
SECRET = {
    "shop": "shop.example.com",
    "consumer_key": WooCommerceStore.KEY,
    "consumer_secret": WooCommerceStore.SECRET,
}


class Context:
    function_name = "PullSource"
    aws_request_id = "1"

    def __init__(self, seconds=900):
        self._seconds = seconds

    def get_remaining_time_in_millis(self):
        return self._seconds * 1000


@pytest.fixture
def store(account, monkeypatch):
    states = boto3.client("stepfunctions")
    machine = states.create_state_machine(
        name="tessera-dev-pulls",
        definition=json.dumps({"StartAt": "End", "States": {"End": {"Type": "Succeed"}}}),
        roleArn="arn:aws:iam::123456789012:role/machine",
    )
    boto3.client("secretsmanager").create_secret(
        Name="tessera/dev/sources/woocommerce/acme", SecretString=json.dumps(SECRET)
    )
    service = WooCommerceStore(made_book(30))
    server = HttpServer(service)
    for name, value in {
        "STAGE": "dev",
        "CONNECTORS": "woocommerce",
        "STATE_MACHINE_ARN": machine["stateMachineArn"],
        server.variable: server.start(),
    }.items():
        monkeypatch.setenv(name, value)
    yield service
    server.stop()


def test_the_stores_with_a_key_are_planned(store, tenants_table):
    Tenants(tenants_table).add("acme", seen_at="2026-11-01T00:00:00Z")
    assert plan_pulls({"execution": "now"}, None) == {
        "count": 1,
        "pulls": [{**EVENT, "source": "woocommerce-orders", "reload": False}],
    }


def test_a_store_is_pulled_into_change_files_beside_its_cursor(store, account):
    reply = pull_source(EVENT, Context())
    assert (reply["more"], reply["records"]) == (False, 30)
    keys = [key.removeprefix(RAW) for key in account.identities.keys(RAW)]
    assert keys == [
        "LOAD-00000001-00000000.parquet",
        "LOAD-00000001-end.parquet",
        "cursor.json",
        "money.txt",
    ]
    stored = pq.read_table(io.BytesIO(account.identities.read(RAW + keys[0])))
    assert stored.num_rows == reply["rows"] + 30 - len(set(_sold(stored)))


def _sold(table):
    rows = table.select(["Op", "source_key"]).to_pylist()
    return [row["source_key"] for row in rows if row["Op"] == "I"]


def test_a_revoked_key_is_refused_with_the_secrets_name(store):
    store.faults.fail_next(1, DENIED)
    with pytest.raises(Refused, match="secret tessera/dev/sources/woocommerce/acme"):
        pull_source(EVENT, Context())


def test_a_tenant_without_a_key_is_refused_with_the_secrets_form(store):
    with pytest.raises(InvalidInput, match=r'sources/woocommerce.*"consumer_secret"'):
        pull_source({**EVENT, "tenant": "default"}, Context())


@pytest.mark.parametrize(
    ("fields", "sound"),
    [
        ({"shop": "a", "token": "t"}, True),
        ({"shop": "a", "client_id": "i", "client_secret": "s"}, True),
        ({"shop": "a", "client_id": "i"}, False),
    ],
)
def test_a_key_may_have_any_form_of_its_vendor(account, fields, sound):
    secrets = boto3.client("secretsmanager")
    secrets.create_secret(Name="shopify", SecretString=json.dumps(fields))
    key = stored_key("shopify", kind_of("shopify"))
    if sound:
        assert key.read() == fields
    else:
        with pytest.raises(InvalidInput, match=r'"token": .* or .*"client_secret"'):
            key.read()
