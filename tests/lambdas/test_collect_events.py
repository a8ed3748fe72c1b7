"""The function behind POST /v1/events, as an HTTP API calls it."""

from __future__ import annotations

import base64
import datetime as dt
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lambdas.collect_events import handler as module
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
    assert second["statusCode"] == 400
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
