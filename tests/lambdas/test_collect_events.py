"""The function behind POST /v1/events, as an HTTP API calls it."""

from __future__ import annotations

import base64
import datetime as dt
import json

import boto3
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.stores.items import Items
from adapters.stores.write_keys import WriteKeys
from lambdas.collect_events import handler as module
from tessera.environments.collect_events import CollectEventsEnvironment
from tessera.environments.tenancy import Tenancy
from tests.sources.collecting.pages import body, event
from tests.steps.page_store import MADE, ORIGIN, PageStore

MARK = "ann.zqx@example.com"


@pytest.fixture
def store(monkeypatch):
    made = PageStore()
    monkeypatch.setattr(module, "_collector", lambda: made.collector)
    return made


def ask(text, *, encoded=False, **headers):
    sent = {"origin": ORIGIN, "content-type": "text/plain;charset=UTF-8", **headers}
    return module.handler(
        {"headers": sent, "body": text, "isBase64Encoded": encoded, "routeKey": "POST /v1/events"},
        None,
    )


def now_event(**fields):
    made = event(Date=None, **fields)
    return {**made, "Date": dt.datetime.now(dt.UTC).isoformat()}


def text_of(*events, **fields):
    return body(*(events or (now_event(),)), **{"key": MADE.text, **fields}).decode()


@pytest.mark.parametrize("encoded", [False, True])
def test_events_are_taken_without_an_answer(store, encoded):
    text = text_of()
    reply = ask(base64.b64encode(text.encode()).decode() if encoded else text, encoded=encoded)
    assert (reply["statusCode"], reply["body"]) == (204, "")
    assert reply["headers"]["cache-control"] == "no-store"
    assert [record["Tenant"] for record in store.records] == ["acme"]


def test_a_refusal_is_a_problem_that_repeats_nothing(store):
    reply = ask(text_of(now_event(CustomerID=MARK), now_event(Email=MARK)))
    assert (reply["statusCode"], reply["headers"]["content-type"]) == (
        400, "application/problem+json",
    )  # fmt: skip
    problem = json.loads(reply["body"])
    assert [part["where"] for part in problem["errors"]] == ["events[0].CustomerID", "events[1]"]
    assert "zqx" not in reply["body"]
    assert store.records == []


def test_too_many_and_a_busy_stream_say_when_to_come_again(store):
    full = text_of(*[now_event()] * 100)
    ask(full)
    replies = [ask(full) for _ in range(2)]  # at least one in the minute of the first
    assert 429 in {reply["statusCode"] for reply in replies}
    assert all(int(reply["headers"]["retry-after"]) in range(1, 61) for reply in replies[-1:])
    store.counts.clear()
    store.is_busy = True
    busy = ask(text_of())
    assert (busy["statusCode"], busy["headers"]["retry-after"]) == (503, "5")


def test_the_log_has_counts_and_the_keys_id_and_nothing_of_the_body(store, capsys):
    ask(text_of(now_event(CustomerID="c-zqx")))
    ask(text_of(now_event(CustomerID=MARK)))
    first, second = map(json.loads, capsys.readouterr().out.strip().splitlines())
    assert (first["statusCode"], first["tenant"], first["events"]) == (204, "acme", 1)
    assert first["key"] == MADE.key.key_id
    assert (second["statusCode"], second["events"], second["key"]) == (400, 1, first["key"])
    assert "zqx" not in json.dumps([first, second])
    assert MADE.text not in json.dumps([first, second])


_FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "key": st.just(MADE.text) | st.text(max_size=9),
        "consent": st.just(True) | st.none(),
        "sent_at": st.text(max_size=9),
        "events": st.lists(st.dictionaries(st.text(max_size=9), st.text(max_size=9)), max_size=3),
    },
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.text(max_size=99) | _FIELDS.map(json.dumps), st.booleans(), st.text(max_size=20) | st.none()
)
def test_nonsense_is_a_refusal_and_never_a_failure(store, text, encoded, content_type):
    reply = ask(text, encoded=encoded, **{"content-type": content_type or "text/plain"})
    assert reply["statusCode"] in {400, 401, 413, 415}
    assert store.records == []


def test_a_request_without_headers_and_body_is_refused(store):
    assert module.handler({}, None)["statusCode"] == 403


@pytest.fixture
def deployed(tenants_table, monkeypatch):
    """A stream, the table of keys with one key, and the function's environment."""
    boto3.client("kinesis").create_stream(StreamName="events", ShardCount=1)
    boto3.client("dynamodb").create_table(
        TableName="keys",
        KeySchema=[
            {"AttributeName": "pk", "KeyType": "HASH"},
            {"AttributeName": "sk", "KeyType": "RANGE"},
        ],
        AttributeDefinitions=[
            {"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")
        ],
        BillingMode="PAY_PER_REQUEST",
    )
    WriteKeys(Items("keys")).add(MADE.key)
    environment = CollectEventsEnvironment(
        events_stream="events", write_keys_table="keys", origins=ORIGIN, most_a_minute="100",
        tenants_table=tenants_table, tenancy=Tenancy().to_text(),
    )  # fmt: skip
    for name, value in environment.to_env().items():
        monkeypatch.setenv(name, value)
    module._collector.cache_clear()
    yield
    module._collector.cache_clear()


def test_what_is_deployed_reads_the_key_counts_and_puts_records(deployed):
    assert ask(text_of(now_event(), now_event(CustomerID="c-2")))["statusCode"] == 204
    assert ask(text_of(key=f"tsw_{'0' * 12}_{'A' * 43}"))["statusCode"] == 401
    kinesis = boto3.client("kinesis")
    [shard] = kinesis.list_shards(StreamName="events")["Shards"]
    place = kinesis.get_shard_iterator(
        StreamName="events", ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
    )
    records = kinesis.get_records(ShardIterator=place["ShardIterator"])["Records"]
    assert [record["PartitionKey"] for record in records] == ["c-1", "c-2"]
    assert {json.loads(record["Data"])["Tenant"] for record in records} == {"acme"}
    stored = boto3.client("dynamodb").scan(TableName="keys")["Items"]
    assert [item["events"]["N"] for item in stored if "events" in item] == ["2"]
