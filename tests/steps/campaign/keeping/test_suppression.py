"""Suppressed addresses enter the consent of their tenant."""

from __future__ import annotations

import dataclasses
import datetime as dt

from steps.campaign.keeping.suppression import READS_BACK, take_suppressions
from tests.campaigns.planning.made import KEY_OF

NOW = dt.datetime(2026, 12, 2, 5, tzinfo=dt.UTC)


@dataclasses.dataclass(frozen=True)
class Listed:
    address: str
    reason: str = "BOUNCE"
    at: dt.datetime = NOW


class FakeLists:
    def __init__(self, *listed):
        self.listed, self.asked = listed, []

    def suppressed(self, *, since, ses_tenant=""):
        self.asked.append((since, ses_tenant))
        return self.listed


class FakeConsent:
    def __init__(self):
        self.rows = []

    def add(self, tenant, rows):
        self.rows += rows


def take(*listed):
    lists, consent = FakeLists(*listed), FakeConsent()
    count = take_suppressions(
        lists, tenant="acme", ses_tenant="tessera-dev-acme", key_of=KEY_OF, consent=consent, at=NOW
    )
    assert lists.asked == [(NOW - READS_BACK, "tessera-dev-acme")]
    return count, consent.rows


def test_an_address_is_known_by_its_normal_form():
    count, [row] = take(Listed("Ann@Mail.Example"))
    assert count == 1
    assert (row.recipient, row.state) == (KEY_OF("ann@mail.example"), "bounced")


def test_complaints_are_distinguished_and_what_is_no_address_is_omitted():
    count, rows = take(Listed("a@mail.example", "COMPLAINT"), Listed("not an address"))
    assert count == 1
    assert [row.state for row in rows] == ["complained"]
