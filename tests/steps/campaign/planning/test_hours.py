"""People's own hours are asked for by the campaign, and learnt from the mail of all of them."""

from __future__ import annotations

import datetime as dt

from adapters.campaigns.event_set import EventSet
from steps.campaign.planning.plan_campaign import plan_campaign
from tessera.campaigns.events.reading import MessageEvent
from tests.campaign_shop import NOW, TENANT, customer
from tests.campaigns.made import schedule
from tests.steps.campaign.measuring.test_campaign import send

PEOPLE = [customer(f"p{n:03d}") for n in range(40)]


def test_without_clicks_enough_everybody_has_the_campaigns_hours_and_a_reason(shop):
    shop.finish_run(PEOPLE)
    first = shop.ask()
    plain = plan_campaign(first, services=shop.services(), now=NOW)
    send(shop, first)
    assert plain.hours is None
    recipient = "0" * 32
    EventSet("campaigns").add(
        MessageEvent(
            kind=kind, tenant=TENANT, run=first, recipient=recipient, message_id="m1",
            at=NOW + dt.timedelta(minutes=minutes),
        )
        for kind, minutes in (("delivered", 1), ("clicked", 90))
    )  # fmt: skip
    again = shop.ask(2, schedule=schedule(send_at="best_hour"))
    manifest = plan_campaign(again, services=shop.services(), now=NOW + dt.timedelta(days=5))
    assert manifest.hours.decision == "withhold"
    assert manifest.hours.reason.startswith("0 people clicked twice, and 500 are needed")
    assert manifest.hours.by_hour == ()
    assert manifest.hours.without_clicks == manifest.counts.eligible > 0
