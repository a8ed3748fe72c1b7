"""What is checked before a run is approved."""

from __future__ import annotations

import datetime as dt
from collections import Counter

from steps.campaign.preflight import preflight
from tessera.campaign_settings import CampaignSettings
from tessera.campaigns.sending.pace import SendQuota
from tessera.campaigns.sending.warming import WarmUp

NOW = dt.datetime(2026, 12, 1, 6, tzinfo=dt.UTC)
GOOD = CampaignSettings(
    postal_address="Shop, Street 1", from_address="news@shop.example", from_name="Shop"
)


class FakeAccount:
    def __init__(self, *problems, **quota):
        self.known_problems, self.asked = list(problems), []
        given = {"per_second": 14, "per_day": 50_000, "sent_last_day": 0, "read_at_s": 0.0}
        self.given = SendQuota(**given | quota)

    def quota(self, *, now):
        return self.given

    def problems(self, **wanted):
        self.asked.append(wanted)
        return self.known_problems


def check(by_domain, account=None, *, settings=GOOD, warm_up=None, most_to_gmail=0):
    return preflight(
        Counter(by_domain), settings=settings, account=account or FakeAccount(),
        configuration_set="tessera", ses_tenant="acme", warm_up=warm_up,
        most_to_gmail=most_to_gmail, now=NOW,
    )  # fmt: skip


def test_a_run_that_is_ready_has_nothing_to_say():
    account = FakeAccount()
    checked = check({"mail.example": 40_000}, account)
    assert (checked.problems, checked.notes, checked.days) == ((), (), 1)
    assert account.asked == [
        {"domain": "shop.example", "configuration_set": "tessera", "ses_tenant": "acme"}
    ]


def test_settings_that_are_missing_are_problems():
    checked = check({"mail.example": 1}, settings=CampaignSettings())
    assert [one.partition(" is empty")[0] for one in checked.problems] == [
        "setting 'campaigns.postal_address'", "setting 'campaigns.from_address'",
    ]  # fmt: skip


def test_what_ses_lacks_and_a_stopped_account_are_problems():
    account = FakeAccount("DKIM is not verified", stopped="SES suspended the account")
    assert check({}, account).problems == ("DKIM is not verified", "SES suspended the account")


def test_a_run_over_the_quota_says_how_long_it_takes():
    checked = check({"mail.example": 120_000})
    assert checked.days == 3
    assert checked.notes == ("120000 messages take 3 days, at most 50000 of them a day",)


def test_a_warm_up_says_how_long_it_takes():
    warm_up = WarmUp(first_day=NOW.date(), first_cap=200, growth=2, days=3)
    checked = check({"mail.example": 1_500}, warm_up=warm_up)
    assert (checked.days, checked.notes) == (
        4, ("1500 messages take 4 days, at most 800 of them a day",),
    )  # fmt: skip


def test_crossing_gmails_threshold_is_noted_before():
    assert "bulk sender for good" in check({"gmail.com": 5_000}).notes[0]
    assert check({"gmail.com": 5_000}, most_to_gmail=5_000).notes == ()
    capped = WarmUp(first_day=NOW.date(), first_cap=100, growth=1.1, days=400)
    assert not any("Gmail" in note for note in check({"gmail.com": 5_000}, warm_up=capped).notes)


def test_a_quota_of_nothing_ends():
    assert check({"mail.example": 5}, FakeAccount(per_day=0, stopped="x")).days == 0
