"""Events of a page, from the request to the stream."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from steps.collect_events import CollectOutcome, PageRequest, collect_events
from tessera.api.keys import NewApiKey
from tessera.api.write_keys import NewWriteKey
from tessera.errors import Retryable
from tessera.sources.collecting.refusals import NotCollected
from tests.sources.collecting.pages import NOW, body, event
from tests.steps.page_store import MADE, ORIGIN, PageStore

ABOUT = {"label": "x", "by": "user:1", "now": NOW, "days": 30}


@pytest.fixture
def store():
    return PageStore()


def collect(store, text=None, *, now=NOW, origin=ORIGIN, content_type="text/plain;charset=UTF-8"):
    request = PageRequest(
        origin=origin, content_type=content_type, body=body(key=MADE.text) if text is None else text
    )
    return collect_events(request, collector=store.collector, now=now)


def refusal(store, *args, **kwargs):
    before = len(store.records)
    try:
        refused = collect(store, *args, **kwargs).refused
    except NotCollected as raised:
        refused = raised
    assert refused is not None
    assert len(store.records) == before
    return refused


def status(store, *args, **kwargs):
    return refusal(store, *args, **kwargs).status


def test_events_go_to_the_tenant_of_the_key(store):
    taken = collect(store, body(event(), event(CustomerID="c-2"), key=MADE.text))
    assert taken == CollectOutcome(tenant="acme", key_id=MADE.key.key_id, events=2)
    assert [(one["Tenant"], one["CustomerID"]) for one in store.records] == [
        ("acme", "c-1"), ("acme", "c-2"),
    ]  # fmt: skip


def test_a_tenant_in_the_body_is_refused(store):
    assert status(store, body(event(Tenant="zenith"), key=MADE.text)) == 400
    assert status(store, body(key=MADE.text, tenant="zenith")) == 400


def test_no_other_key_sends_anything(store):
    other = NewWriteKey.of("acme", **ABOUT)
    api = NewApiKey.of("acme", role="admin", **ABOUT)
    same_id = MADE.text[:-1] + ("A" if MADE.text[-1] != "A" else "B")
    for key in (other.text, api.text, same_id, api.text.replace("tsk_", "tsw_"), "", None, 5):
        assert status(store, body(key=key)) == 401


def test_nothing_is_taken_for_a_suspended_tenant(store):
    store.suspended.add("acme")
    assert status(store) == 403
    assert not store.counts
    store.suspended.clear()
    assert collect(store).refused is None


def test_a_key_ends_with_its_time_and_when_it_is_revoked(store):
    end = MADE.key.expires_at
    view = event(Date=end.isoformat())
    assert status(store, body(view, key=MADE.text), now=end) == 401
    assert collect(store).events == 1
    store.keys.clear()
    store.records.clear()
    assert status(store) == 401


@pytest.mark.parametrize("origin", [None, "null", "https://evil.example", "http://shop.example"])
def test_a_page_of_another_origin_may_not_send(store, origin):
    assert status(store, origin=origin) == 403


def test_json_is_read_from_plain_text_and_from_nothing_else(store):
    for content_type in ("", "application/json", "TEXT/PLAIN"):
        collect(store, content_type=content_type)
    store.records.clear()
    assert status(store, content_type="multipart/form-data") == 415


def test_a_key_has_its_events_of_each_minute(store):
    full = body(*[event()] * 60, key=MADE.text)
    collect(store, full)
    refused = refusal(store, full)
    assert (refused.status, refused.after_seconds) == (429, 30)
    collect(store, body(*[event()] * 40, key=MADE.text))
    collect(store, full, now=NOW + dt.timedelta(seconds=30))
    assert len(store.records) == 160


def test_a_wrong_event_is_not_counted_and_a_busy_stream_is_for_later(store):
    assert status(store, body(event(Date=None), key=MADE.text)) == 400
    assert store.counts == {}
    store.is_busy = True
    with pytest.raises(Retryable):
        collect(store)


def test_neither_the_request_nor_the_key_is_printed(store):
    request = PageRequest(origin=ORIGIN, content_type="", body=body())
    assert "c-1" not in repr(request)
    assert MADE.key.digest not in repr(MADE)
    assert MADE.text not in repr(MADE)
    assert dataclasses.asdict(MADE.key.facts).keys() & {"digest", "tenant"} == set()
