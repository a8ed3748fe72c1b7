"""Consent while a run is under way."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from steps.campaign.consent import StillWanted, submit, suppress, visit
from steps.campaign.write_events import write_events
from tessera.campaigns.consent.row import ConsentRow
from tessera.campaigns.events.canary import CANARY
from tessera.campaigns.unsubscribing.tokens import LinkClaims, LinkKeys, sign
from tests.campaigns.events.ses_events import ses_event
from tests.campaigns.fakes import NINE, hexes, recipient

KEYS = LinkKeys(current="k1", keys={"k1": b"1" * 32})
CLAIMS = LinkClaims(tenant="acme", run="news-r001", recipient=hexes(1), purpose="marketing")
TOKEN = sign(CLAIMS, keys=KEYS)
ONE_CLICK = {"List-Unsubscribe": ["One-Click"]}
TEN = NINE + dt.timedelta(hours=1)


class FakeConsent:
    def __init__(self):
        self.rows = {}

    def of_recipient(self, tenant, recipient):
        return [
            row for (of, row) in self.rows.values() if (of, row.recipient) == (tenant, recipient)
        ]

    def add(self, tenant, rows):
        for row in rows:
            self.rows[tenant, row.digest] = (tenant, row)


@pytest.fixture
def consent():
    return FakeConsent()


def granted(**more):
    given = {"state": "granted", "basis": "express", "source": "upload", "at": NINE}
    return ConsentRow(recipient=hexes(1), **given | more)


def why_not(consent, purpose="marketing", now=TEN):
    wanted = StillWanted(consent=consent, tenant="acme", purpose=purpose, now=lambda: now)
    return wanted.why_not(recipient(1))


def test_an_opt_out_is_effective_within_the_run(consent):
    consent.add("acme", [granted()])
    assert why_not(consent) == ""
    submit(TOKEN, form=ONE_CLICK, keys=KEYS, consent=consent, now=TEN)
    assert why_not(consent) == "unsubscribed"
    consent.add("acme", [granted(at=TEN + dt.timedelta(hours=1))])  # an import does not undo it
    assert why_not(consent, now=TEN + dt.timedelta(hours=2)) == "unsubscribed"


def test_an_opt_out_concerns_its_tenant_and_recipient_alone(consent):
    submit(TOKEN, form=ONE_CLICK, keys=KEYS, consent=consent, now=NINE)
    wanted = StillWanted(consent=consent, tenant="acme", purpose="marketing", now=lambda: TEN)
    assert wanted.why_not(recipient(2)) == ""
    other = StillWanted(consent=consent, tenant="zenith", purpose="marketing", now=lambda: TEN)
    assert other.why_not(recipient(1)) == ""


def test_transactional_messages_ignore_an_opt_out_but_not_a_bounce(consent):
    submit(TOKEN, form=ONE_CLICK, keys=KEYS, consent=consent, now=NINE)
    assert why_not(consent, "transactional") == ""
    consent.add(
        "acme", [ConsentRow(recipient=hexes(1), state="bounced", source="provider", at=TEN)]
    )
    assert why_not(consent, "transactional") == "suppressed"


def test_a_consent_that_has_expired_meanwhile_stops(consent):
    consent.add("acme", [granted(expires_at=TEN)])
    assert why_not(consent, now=NINE) == ""
    assert why_not(consent, now=TEN) == "no_consent"


def test_a_get_changes_nothing(consent):
    shown = visit(TOKEN, keys=KEYS, consent=consent, now=TEN)
    assert [(one.purpose, one.wanted) for one in shown.choices] == [
        ("marketing", True), ("tracking", False),
    ]  # fmt: skip
    assert consent.rows == {}


def test_a_one_click_request_is_idempotent(consent):
    for _ in range(3):
        shown = submit(TOKEN, form=ONE_CLICK, keys=KEYS, consent=consent, now=TEN)
    assert len(consent.rows) == 1
    assert (shown.saved, shown.choices[0].wanted) == (True, False)


def test_the_page_lets_a_visitor_come_back(consent):
    submit(TOKEN, form=ONE_CLICK, keys=KEYS, consent=consent, now=NINE)
    form = {"preferences": ["1"], "wanted": ["marketing"]}
    shown = submit(TOKEN, form=form, keys=KEYS, consent=consent, now=TEN)
    assert shown.choices[0].wanted
    assert why_not(consent) == ""


UNKNOWN = sign(dataclasses.replace(CLAIMS, purpose="receipts"), keys=KEYS)


@pytest.mark.parametrize("token", ["", "x", TOKEN[:-1], TOKEN.replace("acme", "zenith"), UNKNOWN])
def test_a_link_of_others_is_none(consent, token):
    assert visit(token, keys=KEYS, consent=consent, now=TEN) is None
    assert submit(token, form=ONE_CLICK, keys=KEYS, consent=consent, now=TEN) is None
    assert consent.rows == {}


def test_suppressed_addresses_enter_consent_once(consent):
    class Listed:
        address, reason, at = "p1@mail.example", "COMPLAINT", NINE

    for _ in range(2):
        count = suppress([Listed()], tenant="acme", key_of=lambda _: hexes(1), consent=consent)
    assert (count, len(consent.rows)) == (1, 1)
    assert why_not(consent) == "suppressed"


class FakeEvents:
    def __init__(self, owners=None, erased=()):
        self.stored, self.owners, self.erased = set(), owners or {}, erased

    def add(self, events):
        self.stored |= set(events)

    def of_known(self, events):
        return [one for one in events if one.recipient not in self.erased]

    def owner(self, message_id):
        return self.owners.get(message_id)


def test_events_are_written_and_complaints_stop_messages(consent):
    events = FakeEvents()
    bodies = [
        ses_event("Email Sent", recipient=hexes(1)),
        ses_event("Email Complaint Received", recipient=hexes(1)),
        ses_event("Email Bounced", recipient=hexes(2), bounceType="Transient"),
        {"source": "aws.s3", "detail-type": "Object Created"},
    ]
    for _ in range(2):
        report = write_events(bodies, events=events, consent=consent)
    assert (report.written, report.foreign, report.by_message_id) == (3, 0, 0)
    assert len(events.stored) == 3
    assert [row.state for _, row in consent.rows.values()] == ["complained"]
    assert why_not(consent) == "suppressed"


def test_an_event_of_an_erased_person_is_dropped_and_counted_and_an_opt_out_stays(consent):
    events = FakeEvents(erased={hexes(1), CANARY})
    bodies = [
        ses_event("Email Opened", recipient=hexes(1)),
        ses_event("Email Complaint Received", recipient=hexes(1)),
        ses_event("Email Opened", recipient=hexes(2)),
        ses_event("Email Sent", recipient=CANARY),  # which is in no run
    ]
    report = write_events(bodies, events=events, consent=consent)
    assert (report.written, report.late) == (2, 2)
    assert {one.recipient for one in events.stored} == {hexes(2), CANARY}
    assert why_not(consent) == "suppressed"


def test_an_event_without_tags_is_matched_by_its_message(consent):
    events = FakeEvents({"m-1": ("acme", "news-r001", hexes(1))})
    report = write_events(
        [ses_event("Email Bounced", tags={}), ses_event("Email Sent", tags={}, message_id="m-2")],
        events=events, consent=consent,
    )  # fmt: skip
    assert (report.written, report.by_message_id, report.foreign) == (1, 1, 1)
    assert why_not(consent) == "suppressed"


def test_an_unreadable_event_does_not_keep_others_from_being_written(consent):
    broken = {"source": "aws.ses", "detail-type": "Email Sent", "id": "e-9", "detail": {}}
    report = write_events([broken, ses_event("Email Sent")], events=FakeEvents(), consent=consent)
    assert report.written == 1
    assert "event e-9 of SES" in report.unreadable[0]
