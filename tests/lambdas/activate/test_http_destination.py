"""An HTTP destination through the three functions: key, load, waiting, segments."""

from __future__ import annotations

import json

import boto3
import pytest

from lambdas.ensure_segments.handler import handler as ensure_segments
from lambdas.poll_load.handler import handler as poll_load
from lambdas.start_load.handler import handler as start_load
from local.services.frame import http_service
from local.services.klaviyo.server import Klaviyo, KlaviyoServer
from tessera.errors import InvalidInput, Refused
from tessera.naming import destination_secret, ledger_prefix
from tests.lambdas.activate.accounts import http_destination

NAME = "klaviyo"
KEY = "pk_made_up_for_tests"


class Context:
    def get_remaining_time_in_millis(self) -> int:
        return 840_000


@pytest.fixture(scope="module")
def server():
    running = KlaviyoServer()
    running.start()
    yield running
    running.stop()


@pytest.fixture
def account(server, loaded_run, monkeypatch):
    monkeypatch.setenv(server.variable, server.url)
    server.state = Klaviyo()
    server.state.looks = 0
    with http_destination(loaded_run, NAME, secret={"api_key": KEY}):
        yield server.state


def store(value: str) -> None:
    boto3.client("secretsmanager").put_secret_value(
        SecretId=destination_secret("dev", NAME), SecretString=value
    )


def test_customers_and_segments_arrive(loaded_run, account):
    loaded_run.write(["a", "b"], ["c"], destination=NAME)
    assert start_load(loaded_run.event, None)["status"] == "IN_PROGRESS"
    assert poll_load(loaded_run.event, Context())["status"] == "DONE"
    ensure_segments(loaded_run.event, None)
    report = json.loads(loaded_run.read("report.json", NAME))
    assert {one["name"]: one["size"] for one in report["segments"]} == {
        "_RFM_Lost": 3,
        "_RFM_At_Risk": 0,
        "_RFM_Cluster_1": 0,
    }
    assert set(account.profiles) == {"a", "b", "c"}
    assert list(loaded_run.identities.keys(ledger_prefix("default", NAME)))


def test_a_service_that_asks_for_time_gets_it(loaded_run, account):
    loaded_run.write(["a"], destination=NAME)
    account.faults.fail_next(1, http_service.BUSY, retry_after="75")
    reply = poll_load(loaded_run.event, Context())
    assert (reply["status"], reply["wait_seconds"]) == ("IN_PROGRESS", 75)
    assert poll_load(loaded_run.event, Context())["status"] == "DONE"


def test_a_key_that_was_replaced_is_read_anew_after_the_old_one_failed(loaded_run, account):
    loaded_run.write(["a"], destination=NAME)
    start_load(loaded_run.event, None)
    account.faults.fail_next(1, http_service.DENIED)
    with pytest.raises(Refused, match="tessera/dev/destinations/klaviyo") as refused:
        poll_load(loaded_run.event, Context())
    assert KEY not in repr(refused.value)
    store(json.dumps({"api_key": "pk_the_new_one"}))
    poll_load(loaded_run.event, Context())
    assert account.requests[-1].headers["authorization"] == "Klaviyo-API-Key pk_the_new_one"


@pytest.mark.parametrize("value", ["pk_bare", "{}", '{"api_key": ""}', '["pk"]', '{"api_key": 1}'])
def test_a_secret_of_another_form_says_which_one_is_needed(loaded_run, account, value):
    loaded_run.write(["a"], destination=NAME)
    store(value)
    with pytest.raises(InvalidInput, match="api_key") as refused:
        start_load(loaded_run.event, None)
    assert "pk" not in str(refused.value)


def test_no_shop_uses_anothers_account(loaded_run, account):
    event = {**loaded_run.event, "tenant": "shop-b"}
    loaded_run.write(["a"], destination=NAME)
    for name, bucket in (("load.json", loaded_run.identities), ("ticket.json", loaded_run.data)):
        path = f"runs/r1/destinations/{NAME}/{name}" if name == "load.json" else f"runs/r1/{name}"
        bucket.write_json(f"tenants/shop-b/{path}", bucket.read_json(f"tenants/default/{path}"))
    with pytest.raises(InvalidInput, match="no secret tessera/dev/destinations/klaviyo/shop-b"):
        start_load(event, None)
    assert not account.requests
