"""SES' events as ours."""

from __future__ import annotations

import datetime as dt
import json
import time

import pytest

from tessera.campaigns.events.reading import KINDS, read_event
from tessera.errors import InvalidInput
from tests.campaigns.events.ses_events import NINE, ses_event

LATER = NINE + dt.timedelta(minutes=5)


@pytest.mark.parametrize("detail_type", sorted(KINDS))
def test_every_type_is_read(detail_type):
    event = read_event(ses_event(detail_type, at=LATER))
    assert (event.kind, event.tenant, event.run) == (KINDS[detail_type][0], "acme", "news-r001")
    assert (event.recipient, event.message_id, event.domain) == ("0" * 32, "m-1", "mail.example")
    assert event.at == LATER
    assert event.is_matched


@pytest.mark.parametrize(
    ("detail_type", "reason"),
    [
        ("Email Bounced", "Permanent"),
        ("Email Complaint Received", "abuse"),
        ("Email Delivery Delayed", "MailboxFull"),
        ("Email Rejected", "Bad content"),
        ("Email Rendering Failed", "no such field"),
        ("Email Opened", ""),
    ],
)
def test_the_reason_is_the_types_own(detail_type, reason):
    assert read_event(ses_event(detail_type)).reason == reason


def test_other_events_are_none_of_ours():
    assert read_event({"source": "aws.s3", "detail-type": "Object Created"}) is None
    assert read_event({"source": "aws.ses", "detail-type": "Sending Status Disabled"}) is None


def test_an_event_without_tags_is_unmatched_but_has_its_message():
    event = read_event(ses_event("Email Delivered", tags={}))
    assert (event.is_matched, event.message_id) == (False, "m-1")


def test_an_event_that_is_not_as_documented_is_named():
    with pytest.raises(InvalidInput, match=r"event e-1 of SES \(Email Sent\) is not as documented"):
        read_event({"source": "aws.ses", "detail-type": "Email Sent", "id": "e-1", "detail": {}})


@pytest.mark.parametrize("detail_type", sorted(KINDS))
def test_a_place_is_made_of_content_alone(detail_type):
    event, again = (read_event(ses_event(detail_type)) for _ in range(2))
    assert event.place == again.place
    other = read_event(ses_event(detail_type, message_id="m-2"))
    assert other.place != event.place
    later = read_event(ses_event(detail_type, at=LATER))
    assert later.place != event.place  # or the later of two would replace the other


def test_clicks_of_different_links_have_different_places():
    one, two = (
        read_event(ses_event("Email Clicked", link=link)).place
        for link in ("https://shop.example/a", "https://shop.example/b")
    )
    assert one != two


def test_no_address_is_kept():
    event = read_event(ses_event("Email Bounced", address="Ann <ann@MAIL.example>"))
    assert ("ann" in repr(event).lower(), event.domain) == (False, "mail.example")


def test_reading_is_fast_enough_for_five_thousand_events_a_second():
    bodies = [
        json.dumps(ses_event(name, message_id=f"m-{n}"))
        for n in range(200)
        for name in sorted(KINDS)
    ]
    started = time.process_time()
    places = {read_event(json.loads(body)).place for body in bodies}
    seconds = time.process_time() - started
    assert len(places) == len(bodies)
    assert len(bodies) / seconds > 5_000
