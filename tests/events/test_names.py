"""Event names, and the list of reasons."""

from __future__ import annotations

import pytest

from tessera.events.names import EVENTS, NOT_COUNTED, WITHOUT_MONEY, event_of
from tessera.events.reasons import BY_CODE, IGNORED, REJECTS


@pytest.mark.parametrize("event", EVENTS)
def test_an_event_in_any_case(event):
    for text in (event, event.lower(), f" {event.title()} "):
        assert event_of(text) == event


def test_aliases_unknown_names_and_a_mappings_own_words():
    assert event_of("Order Completed") == "PURCHASED"
    assert event_of("canceled") == "CANCELLED"
    assert event_of("danced") is None
    assert event_of("Failed", own={"failed": NOT_COUNTED}) == NOT_COUNTED


def test_metrics_of_klaviyo_beside_a_placed_order_are_no_events():
    assert event_of("Placed Order") == "PURCHASED"
    assert (event_of("Refunded Order"), event_of("Cancelled Order")) == ("REFUNDED", "CANCELLED")
    assert event_of("Ordered Product") == "order_line"
    assert event_of("Fulfilled Order") == NOT_COUNTED


def test_every_reason_has_one_code_a_meaning_and_advice():
    reasons = (*REJECTS, *IGNORED)
    assert len(BY_CODE) == len(reasons)
    assert all(reason.meaning and reason.advice for reason in reasons)


def test_what_a_shop_sends_and_a_visit_are_events_without_money():
    words = {
        "Received Email": "EMAIL_SENT", "Opened Email": "EMAIL_OPENED",
        "Clicked Email": "EMAIL_CLICKED", "Unsubscribed from Email Marketing": "UNSUBSCRIBED",
        "Active on Site": "SESSION", "Viewed Product": "VIEWED", "Started Checkout": "PROCESSED",
    }  # fmt: skip
    assert {word: event_of(word) for word in words} == words
    assert {"SESSION", "EMAIL_SENT", "EMAIL_OPENED", "EMAIL_CLICKED", "UNSUBSCRIBED"} < {
        *WITHOUT_MONEY
    }
