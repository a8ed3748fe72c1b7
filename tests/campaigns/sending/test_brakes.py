"""Complaints and bounces, and what nobody can see."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest

from tessera.campaigns.sending.brakes import PostmasterFigure, RunFeedback, read_brakes

TODAY = dt.date(2026, 11, 30)


def feedback(accepted=(), bounced=(), complained=()) -> RunFeedback:
    return RunFeedback(
        accepted=Counter(dict(accepted)),
        bounced=Counter(dict(bounced)),
        complained=Counter(dict(complained)),
    )


def read(given: RunFeedback, postmaster=None):
    return read_brakes(given, postmaster=postmaster, today=TODAY)


def test_complaints_are_divided_by_mail_to_domains_that_report():
    accepted = {"yahoo.example": 2_000, "gmail.com": 1_000_000}
    assert read(feedback(accepted, complained={"yahoo.example": 2})).reason.startswith(
        "2 complaints on 2000 messages"
    )


@pytest.mark.parametrize(("complaints", "stops"), [(1, False), (2, True)])
def test_one_complaint_is_no_rate(complaints, stops):
    given = feedback({"yahoo.example": 100}, complained={"yahoo.example": complaints})
    assert bool(read(given).reason) is stops


def test_a_rate_below_the_limit_goes_on():
    given = feedback({"yahoo.example": 2_001}, complained={"yahoo.example": 2})
    assert read(given).reason == ""


@pytest.mark.parametrize(
    ("bounces", "accepted", "stops"), [(10, 200, True), (10, 201, False), (9, 20, False)]
)
def test_bounces_stop_at_five_per_cent(bounces, accepted, stops):
    given = feedback({"a.example": accepted}, bounced={"a.example": bounces})
    assert bool(read(given).reason) is stops


def test_gmail_is_blind_without_an_entered_figure():
    given = feedback({"gmail.com": 10})
    assert "enter the spam rate" in read(given).blind
    fresh = PostmasterFigure(share=0.0009, day=TODAY - dt.timedelta(days=7))
    assert (read(given, fresh).reason, read(given, fresh).blind) == ("", "")
    old = PostmasterFigure(share=0.5, day=TODAY - dt.timedelta(days=8))
    assert (read(given, old).reason, read(given, old).blind != "") == ("", True)


def test_gmails_entered_figure_stops_a_run():
    figure = PostmasterFigure(share=0.001, day=TODAY)
    assert read(feedback({"gmail.com": 10}), figure).reason == (
        "Gmail's spam rate was 0.10% on 2026-11-30: the limit is 0.1 %"
    )
