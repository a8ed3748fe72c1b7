"""The stand-in's events, and how they reach the embedded EventBridge."""

from __future__ import annotations

import json
import queue
import threading

import pytest

from local.services.frame import embedded_aws
from local.services.ses.message_events import TYPES, EventOutbox, event_of, put_events
from tessera.campaigns.events.reading import KINDS, read_event

GIVEN = {
    "FromEmailAddress": "news@shop.example", "ConfigurationSetName": "tessera",
    "Destination": {"ToAddresses": ["ann@mail.example"]},
    "EmailTags": [
        {"Name": "tenant", "Value": "acme"}, {"Name": "run", "Value": "news-r001"},
        {"Name": "recipient", "Value": "0" * 32},
    ],
}  # fmt: skip


def event(detail_type: str):
    return event_of(detail_type, "m-1", GIVEN, sent_at_s=0.0, at_s=60.0, facts={})


def test_every_type_that_is_read_is_made():
    assert set(TYPES) == set(KINDS)


@pytest.mark.parametrize("detail_type", sorted(TYPES))
def test_an_event_is_read_back(detail_type):
    made = read_event(event(detail_type))
    assert (made.kind, made.tenant, made.run) == (KINDS[detail_type][0], "acme", "news-r001")
    assert event(detail_type)["detail"]["mail"]["tags"]["run"] == ["news-r001"]


def test_events_reach_the_default_bus_ten_at_a_time(monkeypatch):
    calls = []

    class Client:
        def put_events(self, *, Entries):  # noqa: N803 (boto3's)
            calls.append(Entries)

    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    monkeypatch.setattr(embedded_aws, "_client", lambda _service, _endpoint: Client())
    put_events([event("Email Sent")] * 12)
    assert [len(entries) for entries in calls] == [10, 2]
    (entry, *_) = calls[0]
    assert (entry["Source"], entry["DetailType"], "EventBusName" in entry) == (
        "aws.ses", "Email Sent", False,
    )  # fmt: skip
    assert json.loads(entry["Detail"]) == event("Email Sent")["detail"]


def test_without_an_eventbridge_nobody_listens(monkeypatch):
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.delenv("MOTO_PORT", raising=False)
    put_events([event("Email Sent")])


def test_an_outbox_hands_events_on_in_order_and_no_sender_waits():
    gate, handed_on = threading.Event(), queue.SimpleQueue()

    def put(events):
        gate.wait(10)
        handed_on.put(list(events))

    outbox = EventOutbox(put)
    outbox([{"n": number} for number in range(25)])  # returns although nobody takes them
    gate.set()
    batches = [handed_on.get(timeout=10)]
    while sum(map(len, batches)) < 25:
        batches.append(handed_on.get(timeout=10))
    assert [event["n"] for batch in batches for event in batch] == list(range(25))
    assert max(map(len, batches)) <= 10
