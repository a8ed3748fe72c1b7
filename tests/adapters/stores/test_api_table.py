"""API keys and idempotent requests, in a table of DynamoDB."""

from __future__ import annotations

import dataclasses
import datetime as dt

import boto3
import pytest

from adapters.stores.api_keys import ApiKeys
from adapters.stores.idempotency import Idempotency
from adapters.stores.items import Items
from adapters.stores.write_keys import EventCounts, WriteKeys
from tessera.api.keys import NewApiKey
from tessera.api.write_keys import NewWriteKey

NOW = dt.datetime(2026, 11, 30, tzinfo=dt.UTC)


@pytest.fixture
def items(runs_table) -> Items:
    boto3.client("dynamodb").create_table(
        TableName="api",
        KeySchema=[
            {"AttributeName": "pk", "KeyType": "HASH"},
            {"AttributeName": "sk", "KeyType": "RANGE"},
        ],
        AttributeDefinitions=[
            {"AttributeName": "pk", "AttributeType": "S"},
            {"AttributeName": "sk", "AttributeType": "S"},
        ],
        BillingMode="PAY_PER_REQUEST",
    )
    return Items("api")


def new(tenant: str, at: dt.datetime = NOW):
    return NewApiKey.of(tenant, role="viewer", label="x", by="user:1", now=at, days=30).key


def test_a_key_is_read_back_by_id_and_by_tenant(items):
    keys = ApiKeys(items)
    first, later, other = new("acme"), new("acme", NOW + dt.timedelta(hours=1)), new("zenith")
    for key in (first, later, other):
        keys.add(key)
    assert keys.find(first.key_id) == first
    assert keys.of_tenant("acme") == (later, first)
    assert keys.find("0" * 12) is None


def test_only_the_tenant_itself_revokes_a_key(items):
    keys, key = ApiKeys(items), new("acme")
    keys.add(key)
    assert keys.revoke("zenith", key.key_id) is False
    assert keys.find(key.key_id) == key
    assert keys.revoke("acme", key.key_id) is True
    assert (keys.find(key.key_id), keys.of_tenant("acme")) == (None, ())
    assert keys.revoke("acme", key.key_id) is False


def test_dynamodb_removes_a_key_a_month_after_its_end(items):
    key = new("acme")
    ApiKeys(items).add(key)
    stored = boto3.client("dynamodb").scan(TableName="api")["Items"]
    end = int((key.expires_at + dt.timedelta(days=30)).timestamp())
    assert {int(item["ttl"]["N"]) for item in stored} == {end}


def test_a_request_is_claimed_once_and_its_answer_kept(items):
    requests = Idempotency(items)
    about = {"digest": "d", "now": NOW}
    assert requests.claim("acme", "k", **about) is None
    assert requests.claim("acme", "k", **about) == {"digest": "d", "answer": None}
    assert requests.claim("zenith", "k", **about) is None
    requests.settle("acme", "k", answer={"run": 1}, **about)
    assert requests.claim("acme", "k", **about) == {"digest": "d", "answer": {"run": 1}}
    requests.release("acme", "k")
    assert requests.claim("acme", "k", **about) is None


def test_the_digest_of_a_key_stays_out_of_what_is_printed():
    key = new("acme")
    assert key.digest not in repr(key)
    assert dataclasses.asdict(key.facts).keys() & {"digest", "tenant"} == set()


def test_a_write_only_key_is_kept_as_an_api_key_is(items):
    keys = WriteKeys(items)
    key = NewWriteKey.of("acme", label="shop", by="user:1", now=NOW, days=30).key
    keys.add(key)
    assert keys.find(key.key_id) == key
    assert (keys.of_tenant("acme"), keys.of_tenant("zenith")) == ((key,), ())
    assert keys.revoke("acme", key.key_id) is True
    assert keys.find(key.key_id) is None


def test_events_of_a_key_fit_into_its_minute_or_are_not_counted(items):
    counts = EventCounts("api")

    def take(number, *, key_id="k", seconds=0):
        return counts.take(key_id, number, most=100, now=NOW + dt.timedelta(seconds=seconds))

    assert not take(101)
    assert take(60)
    assert not take(41, seconds=59)
    assert take(40, seconds=59)
    assert not take(1, seconds=59)
    assert take(100, seconds=60)
    assert take(100, key_id="other")
    stored = boto3.client("dynamodb").scan(TableName="api")["Items"]
    assert {item["pk"]["S"] for item in stored} == {"COUNT#k", "COUNT#other"}
    hour = dt.timedelta(hours=1)
    ends = {NOW + hour, NOW + hour + dt.timedelta(minutes=1)}
    assert {int(item["ttl"]["N"]) for item in stored} == {int(end.timestamp()) for end in ends}
