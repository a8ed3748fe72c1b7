"""Who a run took: the next plan counts held-out people as if they had been written to."""

from __future__ import annotations

import datetime as dt

from tessera.campaign_settings import CampaignSettings
from tessera.campaigns.planning.assigned import assigned_of, earlier_messages, joined
from tessera.campaigns.planning.known import KnownRecipients
from tessera.campaigns.planning.plan import make_plan
from tessera.campaigns.planning.planned_recipients import chunked, planned_recipients
from tessera.campaigns.planning.send_times import windows_for
from tests.campaigns.planning.made import DAY, TODAY, batches, known, planned, shopper, terms

NOW = dt.datetime(2026, 12, 1, 6, tzinfo=dt.UTC)
PEOPLE = [shopper(f"c{number:02}") for number in range(40)]
BY = terms(holdout={"share": 0.3}, again_after_days=30, settings={"cap_messages": 1})


def taken():
    plan = planned(PEOPLE, by=BY)
    window_of = windows_for(BY.definition, settings=CampaignSettings(), today=TODAY, now=NOW)
    everybody = planned_recipients(
        plan, batches(PEOPLE), definition=BY.definition, shop_zone="UTC"
    )  # fmt: skip
    return joined([assigned_of(one, day=DAY) for one in chunked(everybody, window_of=window_of)])


def test_a_run_took_both_groups_and_keeps_no_address():
    people = taken()
    assert len(people) == 40
    assert 0 < people.is_held_out.sum() < 20
    assert set(people.customer_key.tolist()) == {one.customer_key.encode() for one in PEOPLE}
    assert not any("@" in str(column) for column in vars(people).values())


def test_cap_and_days_of_a_campaign_hold_for_treated_and_held_out_people_alike():
    people = taken()
    for days, kind, reason in ((6, "messages", "frequency_cap"), (29, "taken", "too_soon")):
        before = earlier_messages(people, today=DAY + days)
        about = KnownRecipients(**{kind: before})
        assert planned(PEOPLE, by=BY, about=about).counts.left_out[reason] == 40
        after = KnownRecipients(**{kind: earlier_messages(people, today=DAY + days + 1)})
        assert planned(PEOPLE, by=BY, about=after).counts.left_out[reason] == 0


def test_a_plan_of_nobody_is_empty():
    assert make_plan([], terms=BY, known=known()).counts.selected == 0
