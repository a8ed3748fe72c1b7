"""Figures, clicks and the canary."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tessera.campaigns.events.canary import CANARY, canary_problem
from tessera.campaigns.events.clicks import likely_human
from tessera.campaigns.events.figures import EventFigures, added, feedback, figures
from tessera.campaigns.events.reading import KINDS, read_event
from tests.campaigns.events.ses_events import NINE, ses_event
from tests.campaigns.fakes import hexes


def seconds(n: float) -> dt.datetime:
    return NINE + dt.timedelta(seconds=n)


def event(detail_type: str, n: int = 1, at: float = 0, **more):
    return read_event(
        ses_event(detail_type, recipient=hexes(n), message_id=f"m-{n}", at=seconds(at), **more)
    )


def test_recipients_are_counted_not_events():
    events = [
        event("Email Sent", 1), event("Email Sent", 2), event("Email Sent", 3),
        event("Email Delivered", 1, 1), event("Email Delivered", 2, 1),
        event("Email Bounced", 3, 2, bounceType="Transient"), event("Email Bounced", 3, 9),
        event("Email Opened", 1, 20), event("Email Opened", 1, 30),
        event("Email Clicked", 1, 40), event("Email Clicked", 1, 50), event("Email Clicked", 2, 3),
        event("Email Complaint Received", 2, 60),
    ]  # fmt: skip
    assert figures(events) == EventFigures(
        accepted=3, delivered=2, bounced=1, bounced_for_good=1, complained=1, opened=1,
        clicked_raw=2, clicked=1,
    )  # fmt: skip


some_events = st.lists(
    st.builds(
        event,
        st.sampled_from(sorted(KINDS)),
        st.integers(1, 20),
        st.integers(0, 30),
    ),
    max_size=40,
)


@given(some_events, st.randoms(use_true_random=False))
def test_repetition_and_order_change_nothing(events, chance):
    again = [*events, *events]
    chance.shuffle(again)
    assert figures(again) == figures(events)
    assert feedback(again) == feedback(events)
    assert {one.place for one in again} == {one.place for one in events}


@given(some_events)
def test_partitions_add_up(events):
    parts = [[one for one in events if one.recipient[0] == digit] for digit in "0123456789abcdef"]
    assert added(figures(part) for part in parts) == figures(events)


def test_the_canary_is_no_recipient():
    canary = read_event(ses_event("Email Sent", recipient=CANARY))
    assert figures([canary]) == EventFigures()
    assert feedback([canary]).accepted == {}


def test_an_empty_run_has_no_figures():
    assert added([]) == figures([]) == EventFigures()


@pytest.mark.parametrize(
    ("clicks", "human"),
    [
        ([(11, "a")], [11]),
        ([(10, "a")], []),  # as soon after delivery as a scanner
        ([(60, "a"), (61, "b"), (62, "c")], []),  # all links at once
        ([(60, "a"), (61, "b"), (63, "c")], [60, 61, 63]),
        ([(60, "a"), (60, "a"), (60, "a")], [60, 60, 60]),  # one link
        ([(12, "a"), (13, "b"), (14, "c"), (500, "a")], [500]),
    ],
)
def test_clicks_like_a_scanners_are_filtered(clicks, human):
    made = [
        event("Email Clicked", 1, at, link=f"https://shop.example/{link}") for at, link in clicks
    ]
    kept = likely_human(made, delivered_at=NINE)
    assert [(one.at - NINE).total_seconds() for one in kept] == human


def test_without_a_delivery_time_no_click_is_too_soon():
    assert len(likely_human([event("Email Clicked", 1, 1)], delivered_at=None)) == 1


def test_feedback_is_by_domain_and_of_permanent_bounces():
    events = [
        event("Email Sent", 1, address="a@gmail.com"), event("Email Sent", 2),
        event("Email Bounced", 2, 1), event("Email Bounced", 1, 1, bounceType="Transient"),
    ]  # fmt: skip
    counted = feedback(events)
    assert counted.accepted == {"gmail.com": 1, "mail.example": 1}
    assert (counted.bounced, counted.complained) == ({"mail.example": 1}, {})


def test_a_canary_needs_an_event_with_its_tags():
    good = read_event(ses_event("Email Sent", recipient=CANARY))
    bare = read_event(ses_event("Email Sent", tags={}))
    assert canary_problem([good], run="news-r001", message_id="m-1") == ""
    assert "lacks its tags" in canary_problem([bare], run="news-r001", message_id="m-1")
    assert "no event of the canary came" in canary_problem([good], run="news-r001", message_id="x")
