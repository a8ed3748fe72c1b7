"""The function that measures a campaign."""

from __future__ import annotations

import pytest

from lambdas.measure_campaign.handler import handler
from steps.campaign.planning.plan_campaign import plan_campaign
from tessera.errors import InvalidInput
from tests.campaign_shop import NOW, customer
from tests.steps.campaign.measuring.test_campaign import save, send


def test_the_reply_has_who_counts(shop):
    shop.finish_run([customer(f"p{n}") for n in range(10)])
    run_id = shop.ask()
    plan_campaign(run_id, services=shop.services(), now=NOW)
    send(shop, run_id)
    save(shop, shop.requests.read(run_id).definition)
    reply = handler({"tenant": "shop", "campaign": "win-back"}, None)
    assert (reply["people"], reply["simulated"]) == (10, False)


def test_a_campaign_that_does_not_exist_is_named(shop):
    with pytest.raises(InvalidInput, match="no campaign 'nothing'"):
        handler({"tenant": "shop", "campaign": "nothing"}, None)


def test_a_tenants_quarters_are_measured_without_a_campaign(shop):
    assert handler({"tenant": "shop", "task": "quarters"}, None) == {
        "tenant": "shop", "quarters": (),
    }  # fmt: skip
