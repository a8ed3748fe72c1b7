"""The function that removes tenants: by a session of the tenant, as far as there is time."""

from __future__ import annotations

import datetime as dt

import boto3
import pytest

from adapters.stores.tenants import Tenants
from lambdas.remove_tenant import handler as function
from tessera import naming
from tessera.environments.remove_tenant import RemovalPlaces
from tessera.errors import InvalidInput
from tessera.records.tenant import Tenant

AT = dt.datetime(2026, 11, 29, tzinfo=dt.UTC)
CASE = "acme-20261129T000000Z"
EVENT = {"tenant": "acme", "case": CASE}


class Context:
    """What Lambda gives."""

    def __init__(self, left_ms=600_000):
        self.left_ms = left_ms

    def get_remaining_time_in_millis(self):
        return self.left_ms


@pytest.fixture
def stage(account, runs_table, tenants_table, monkeypatch):
    """A stage with objects and a run of two tenants, of which one is being removed."""
    key = boto3.client("kms").create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")
    places = RemovalPlaces(
        stage="dev", data_bucket="data", identities_bucket="identities", runs_table=runs_table,
        tenants_table=tenants_table, destinations=("export", "klaviyo"),
    )  # fmt: skip
    for name, value in {
        "PLACES": places.to_text(),
        "TENANT_ROLE": "arn:aws:iam::123456789012:role/removal",
        "RECEIPT_KEY": key["KeyMetadata"]["Arn"],
    }.items():
        monkeypatch.setenv(name, value)
    function._env.cache_clear()
    function._sessions.cache_clear()
    for tenant in ("acme", "zenith"):
        for bucket in (account.data, account.identities):
            for _ in range(2):
                bucket.write(f"tenants/{tenant}/a", b"x")
        account.runs.claim(tenant, "a" * 16, execution_arn="arn", started_at="now")
        account.runs.finish(tenant, "a" * 16, finished_at="now")
    record = Tenant(tenant="acme", state="removing", changed_at=AT, changed_by="user:9")
    Tenants(tenants_table).save(record, before=None)
    return account


def remains(account):
    return [
        len(bucket.versions("tenants/acme/", markers=True))
        for bucket in (account.data, account.identities)
    ] + [len(account.runs.of_tenant("acme"))]


def test_a_tenant_goes_with_all_versions_and_leaves_a_signed_receipt(stage, tenants_table):
    assert function.handler(EVENT, Context()) == {"status": "DONE", "left": 0, "wait_seconds": 60}
    assert remains(stage) == [0, 0, 0]
    assert Tenants(tenants_table).get("acme") is None
    document = stage.data.read_json(naming.removal_key(CASE))
    assert document["receipt"]["kind"] == "removal"
    assert document["receipt"]["asked_by"] == "user:9"
    assert "klaviyo" in document["receipt"]["by_hand"][0]
    assert document["signature"]["algorithm"] == "ECDSA_SHA_256"
    assert len(stage.data.versions("tenants/zenith/")) == 2
    assert stage.runs.get("zenith", "a" * 16) is not None
    assert function.handler(EVENT, Context())["status"] == "DONE", "called again, it stays done"


def test_out_of_time_it_says_that_more_is_left(stage):
    reply = function.handler(EVENT, Context(left_ms=1_000))
    assert reply == {"status": "AGAIN", "left": 5, "wait_seconds": 60}
    assert remains(stage) == [0, 2, 1]
    assert function.handler(EVENT, Context())["status"] == "DONE"


def test_a_tenant_that_nobody_removes_stays(stage):
    for event in ({"tenant": "zenith", "case": "zenith-20261129T000000Z"}, EVENT | {"case": "x"}):
        with pytest.raises(InvalidInput):
            function.handler(event, Context())
    assert remains(stage) == [2, 2, 1]
