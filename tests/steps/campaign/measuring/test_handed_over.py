"""A campaign of another tool, from its plan to its end: labels, results, and nothing left."""

from __future__ import annotations

import dataclasses
import datetime as dt
import types

import numpy as np

from adapters.campaigns.handovers import Handovers
from adapters.campaigns.keys import campaigns_pk
from adapters.campaigns.taken import TakenPeople
from adapters.campaigns.versioned import VersionedRecords
from steps.campaign.hand_over import hand_over
from steps.campaign.measuring.campaign import measure_one
from steps.campaign.measuring.services import MeasuringServices
from steps.campaign.planning.plan_campaign import plan_campaign
from steps.map_schema.handovers import campaigns_by_destination
from tessera.campaigns.campaign_record import CampaignRecord
from tessera.campaigns.handover import HELD_OUT
from tessera.campaigns.sending import states
from tests.campaign_shop import ENVIRONMENT, NOW, TENANT, customer

PEOPLE = [customer(f"p{n:03d}") for n in range(60)]
LATER = NOW + dt.timedelta(days=40)
AUDIENCE = {
    "channel": {"kind": "audience", "to": "export"},
    "variants": [{"name": "a", "share": 0.5}, {"name": "b", "share": 0.5}],
    "holdout": {"share": 0.5},
}


def records() -> VersionedRecords[CampaignRecord]:
    return VersionedRecords("campaigns", pk=campaigns_pk(TENANT), kind=CampaignRecord)


def start(shop, number: int = 1) -> str:
    """Plan, approve and hand over a run."""
    run_id = shop.ask(number, **AUDIENCE)
    plan_campaign(run_id, services=shop.services(), now=NOW)
    definition = shop.requests.read(run_id).definition
    records().change(
        definition.id,
        lambda _: CampaignRecord(definition=definition, changed_by="user:1", changed_at=NOW),
    )
    shop.runs.change(run_id, lambda run: states.approve(run, at=NOW))
    hand_over(
        shop.runs, run_id, definition=definition, handovers=Handovers(shop.data, tenant=TENANT),
        at=shop.runs.read(run_id).starts_at,
    )  # fmt: skip
    return run_id


def measure(shop, *, now: dt.datetime):
    services = MeasuringServices.of(ENVIRONMENT, tenant=TENANT)
    return measure_one("win-back", services=services, now=now)


def labels(shop) -> dict[str, str]:
    """Return what the export gets now, by customer."""
    run = types.SimpleNamespace(
        tenant=TENANT, data=shop.data, identities=shop.identities, has_handovers=True
    )
    campaigns = campaigns_by_destination(run, ["export"])
    if not campaigns:
        return {}
    [people] = campaigns["export"].labels.sets
    return dict(zip((key.decode() for key in people.keys), people.labels, strict=True))


def test_labels_are_the_assignment_that_is_measured(shop):
    shop.settings()  # no legal basis: the other tool asks for its own consents
    shop.finish_run(PEOPLE)
    run_id = start(shop)
    taken = TakenPeople(shop.identities, tenant=TENANT, run_id=run_id).read()
    assigned = np.where(taken.is_held_out, HELD_OUT, taken.variant)
    keys = [key.decode() for key in taken.customer_key]
    assert labels(shop) == dict(zip(keys, assigned, strict=True))
    assert set(assigned) == {"a", "b", HELD_OUT}
    buyer = keys[int(np.flatnonzero(taken.is_held_out)[0])]
    shop.buy(buyer, at=NOW + dt.timedelta(days=3), amount="9.00")
    shop.buy(keys[0], at=LATER, amount="9.00")
    results = measure(shop, now=LATER)
    (whole,) = (one.conversion for one in results.slices if one.by == "all")
    assert whole.treated + whole.held_out == len(PEOPLE)
    assert (whole.held_out, whole.held_out_buyers) == (int(taken.is_held_out.sum()), 1)


def test_no_file_of_the_run_has_an_address(shop):
    shop.finish_run(PEOPLE)
    run_id = start(shop)
    files = list(shop.identities.keys(f"tenants/{TENANT}/campaigns/{run_id}/"))
    assert len(files) > 2
    assert not [key for key in files if b"@mail.example" in shop.identities.read(key)]


def test_people_are_taken_back_once_campaign_and_runs_have_ended(shop):
    shop.finish_run(PEOPLE)
    run_id = start(shop)
    measure(shop, now=LATER - dt.timedelta(days=30))
    assert shop.runs.read(run_id).state == "MEASURING"
    records().change("win-back", lambda one: dataclasses.replace(one, state="ended"))
    measure(shop, now=LATER - dt.timedelta(days=30))
    assert len(labels(shop)) == len(PEOPLE)
    shop.buy("stranger", at=LATER, amount="9.00")
    measure(shop, now=LATER)
    assert shop.runs.read(run_id).state == "FINISHED"
    assert labels(shop) == {}
    assert list(shop.data.keys(f"tenants/{TENANT}/handovers/")) == []
    assert measure(shop, now=LATER).sizes.people == len(PEOPLE)
