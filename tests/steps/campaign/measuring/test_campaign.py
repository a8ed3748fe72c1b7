"""A campaign is measured from files and tables: results and figures of its runs."""

from __future__ import annotations

import dataclasses
import datetime as dt

import numpy as np
import pytest

from adapters.campaigns.event_set import EventSet
from adapters.campaigns.keys import campaigns_pk
from adapters.campaigns.simulated_purchases import SimulatedPurchases
from adapters.campaigns.taken import TakenPeople
from adapters.campaigns.versioned import VersionedRecords
from adapters.stores.records import read_record
from steps.campaign.measuring.campaign import measure_one
from steps.campaign.measuring.quarter import measure_quarters
from steps.campaign.measuring.services import MeasuringServices
from steps.campaign.planning.plan_campaign import plan_campaign
from tessera.campaigns.campaign_record import CampaignRecord
from tessera.campaigns.consent.row import ConsentRow
from tessera.campaigns.definitions.definition import HoldoutShare
from tessera.campaigns.engaging.engagement import CampaignEngagement
from tessera.campaigns.events.reading import MessageEvent
from tessera.campaigns.results.assignments import PurchaseRows
from tessera.campaigns.results.campaign_results import CampaignResults
from tessera.campaigns.results.quarters import QuarterResults
from tessera.campaigns.results.run_figures import RunFigures
from tessera.campaigns.sending import states
from tessera.campaigns.targeting.targets import CampaignTargets
from tessera.errors import InvalidInput
from tessera.naming import settings_key
from tests.campaign_shop import ENVIRONMENT, NOW, TENANT, customer

PEOPLE = [customer(f"p{n:03d}", churn_band=["High", "Low"][n % 2]) for n in range(80)]
LATER = NOW + dt.timedelta(days=40)
PLANNED = (NOW.date() - dt.date(1970, 1, 1)).days
RUN = "win-back-r001"


@pytest.fixture
def sent(shop):
    """A run of 80 people that has begun to send."""
    shop.finish_run(PEOPLE)
    run_id = shop.ask(holdout={"share": 0.5})
    plan_campaign(run_id, services=shop.services(), now=NOW)
    send(shop, run_id)
    save(shop, shop.requests.read(run_id).definition)
    return shop


def send(shop, run_id):
    shop.runs.change(run_id, lambda run: states.start(states.approve(run, at=NOW),
                                                      at=run.starts_at))  # fmt: skip


def save(shop, definition):
    records = VersionedRecords("campaigns", pk=campaigns_pk(TENANT), kind=CampaignRecord)
    record = CampaignRecord(definition=definition, changed_by="user:1", changed_at=NOW)
    records.change(definition.id, lambda _: record)


def measured(shop, now=LATER):
    services = MeasuringServices.of(ENVIRONMENT, tenant=TENANT)
    return measure_one("win-back", services=services, now=now)


def taken(shop):
    return TakenPeople(shop.identities, tenant=TENANT, run_id=RUN).read()


def simulate(shop, customers, *, day=2):
    keys = np.array(customers, "S36")
    rows = PurchaseRows(
        customer_key=keys, day=np.full(len(keys), PLANNED + day),
        amount=np.full(len(keys), 20.0), is_order=np.ones(len(keys), np.bool_),
    )  # fmt: skip
    store = SimulatedPurchases(shop.data, tenant=TENANT, campaign="win-back")
    store.write(rows, as_of=NOW.date() + dt.timedelta(days=31))


def whole(results):
    (one,) = (each for each in results.slices if each.by == "all")
    return one.conversion


def test_simulated_purchases_count_and_are_called_so(sent):
    people = taken(sent)
    buyers = [key.decode() for key in people.customer_key[~people.is_held_out]]
    simulate(sent, buyers)
    results = measured(sent)
    assert results.simulated
    assert "simulated" in results.notes[-1]
    conversion = whole(results)
    assert conversion.treated + conversion.held_out == 80
    assert (conversion.treated_buyers, conversion.held_out_buyers) == (len(buyers), 0)
    assert conversion.verdict == "more"
    bands = [one for one in results.slices if one.by == "churn_band"]
    assert sum(one.conversion.treated + one.conversion.held_out for one in bands) == 80
    kept = sent.data.read_json("tenants/shop/campaigns/win-back/results.json")
    assert kept["simulated"] is True
    assert read_record(CampaignResults, sent.data,
                       "tenants/shop/campaigns/win-back/results.json") == results  # fmt: skip


def test_without_a_simulation_the_shops_own_purchases_count(sent):
    sent.buy("p000", at=NOW + dt.timedelta(days=1), amount="10.00")
    sent.buy("p001", at=NOW - dt.timedelta(days=9), amount="10.00")  # before the run
    sent.buy("stranger", at=NOW + dt.timedelta(days=39), amount="10.00")
    results = measured(sent)
    conversion = whole(results)
    assert conversion.treated_buyers + conversion.held_out_buyers == 1
    assert not results.simulated
    assert results.as_of == NOW.date() + dt.timedelta(days=39)


def test_days_that_no_upload_reaches_are_not_days_without_purchases(sent):
    sent.buy("p000", at=NOW + dt.timedelta(days=5), amount="10.00")
    results = measured(sent)
    assert results.as_of == NOW.date() + dt.timedelta(days=5)
    assert results.waiting == 80
    assert "known until the day before 2026-12-06" in results.notes[-1]


def test_a_run_is_measured_by_the_shares_it_was_planned_with(sent):
    definition = sent.requests.read(RUN).definition
    save(sent, dataclasses.replace(definition, holdout=HoldoutShare(share=0.1)))
    sizes = measured(sent).sizes
    assert (sizes.expected_share, sizes.is_mismatch) == (0.5, False)


def test_figures_of_the_run_are_written(sent):
    people = taken(sent)
    reached = [key.decode() for key in people.recipient[~people.is_held_out]]
    events = EventSet("campaigns")
    event = MessageEvent(kind="DELIVERED", tenant=TENANT, run=RUN, recipient="", message_id="m",
                         at=NOW)  # fmt: skip
    events.add(dataclasses.replace(event, recipient=one) for one in reached)
    sent.consent.add(
        TENANT,
        [
            ConsentRow(recipient=reached[0], state="withdrawn", source="unsubscribe_link", at=NOW,
                       proof=f"link of {RUN}"),
            ConsentRow(recipient=reached[1], state="withdrawn", source="unsubscribe_link", at=NOW,
                       proof="link of other-r001"),
        ],
    )  # fmt: skip
    measured(sent)
    figures = read_record(RunFigures, sent.data, f"tenants/shop/campaigns/{RUN}/figures.json")
    assert figures.total.recipients == figures.total.events.delivered == len(reached)
    assert figures.total.unsubscribed == 1
    assert sum(one.events.delivered for one in figures.by_band) == len(reached)
    assert [one.hour for one in figures.by_hour] == [NOW]
    assert (figures.campaign, figures.measured_at) == ("win-back", LATER)
    engagement = read_record(
        CampaignEngagement, sent.data, "tenants/shop/campaigns/win-back/engagement.json"
    )
    assert engagement.messages == len(reached)
    assert "1,000 are needed" in engagement.chances[0].reason
    targets = read_record(
        CampaignTargets, sent.data, "tenants/shop/campaigns/win-back/targets.json"
    )
    assert "500 are needed" in targets.reason


def test_only_runs_that_began_to_send_count(sent):
    sent.settings(legal_basis={"*": "opt_out"}, cap_messages=0)
    second = sent.ask(number=2, holdout={"share": 0.5})
    plan_campaign(second, services=sent.services(), now=NOW)
    measured(sent)
    assert not sent.data.exists(f"tenants/shop/campaigns/{second}/figures.json")


@pytest.mark.parametrize(
    ("bought", "present", "state"),
    [(None, 40, "MEASURING"), (29, 40, "MEASURING"), (30, 40, "FINISHED"), (29, 90, "FINISHED")],
)
def test_a_run_ends_when_orders_are_known_until_its_end(sent, bought, present, state):
    sent.runs.change(RUN, lambda run: dataclasses.replace(run, state="MEASURING"))
    if bought is not None:
        sent.buy("stranger", at=NOW + dt.timedelta(days=bought), amount="10.00")
    results = measured(sent, now=NOW + dt.timedelta(days=present))
    assert sent.runs.read(RUN).state == state
    assert (results.waiting == 0) == (bought == 30)
    assert any("waited for no longer" in one for one in results.notes) == (present == 90)


def test_the_end_is_of_the_shops_day(sent):
    """At 2 a.m. UTC a day is over by UTC, and not in Los Angeles."""
    sent.runs.change(RUN, lambda run: dataclasses.replace(run, state="MEASURING"))
    sent.data.write(settings_key(TENANT), b'time_zone = "America/Los_Angeles"')
    late = (NOW + dt.timedelta(days=30)).replace(hour=2)
    sent.buy("stranger", at=late - dt.timedelta(minutes=1), amount="10.00")
    assert (measured(sent, now=late).waiting, sent.runs.read(RUN).state) == (80, "MEASURING")
    sent.buy("stranger", at=late + dt.timedelta(hours=8), amount="10.00")
    later = measured(sent, now=late + dt.timedelta(hours=9))
    assert (later.waiting, sent.runs.read(RUN).state) == (0, "FINISHED")


def test_a_campaign_that_never_sent_is_not_measured(shop):
    shop.finish_run(PEOPLE)
    run_id = shop.ask()
    with pytest.raises(InvalidInput, match="no campaign 'win-back'"):
        measured(shop)
    save(shop, shop.requests.read(run_id).definition)
    with pytest.raises(InvalidInput, match="has begun to send"):
        measured(shop)
    assert not shop.data.exists("tenants/shop/campaigns/win-back/results.json")


QUARTER = "tenants/shop/campaigns/global.2026-Q4/results.json"


@pytest.fixture
def held_globally(shop):
    """A run of 80 people of the fourth quarter, some of them held globally."""
    shop.settings(legal_basis={"*": "opt_out"}, global_holdout=0.3)
    shop.finish_run(PEOPLE)
    run_id = shop.ask(holdout={"share": 0.1})
    plan_campaign(run_id, services=shop.services(), now=NOW)
    send(shop, run_id)
    save(shop, shop.requests.read(run_id).definition)
    return shop


def quarters_measured(at):
    services = MeasuringServices.of(ENVIRONMENT, tenant=TENANT)
    return measure_quarters(services, now=at)


def test_a_quarter_waits_for_orders_that_come_a_quarter_later(held_globally):
    shop = held_globally
    spring = dt.datetime(2027, 4, 2, 13, tzinfo=dt.UTC)
    for at in (NOW + dt.timedelta(days=1), spring, spring + dt.timedelta(days=150)):
        assert quarters_measured(at) == ("2026-Q4",)
        assert read_record(QuarterResults, shop.data, QUARTER).effect is None
    shop.buy("p000", at=dt.datetime(2027, 1, 2, 12, tzinfo=dt.UTC), amount="10.00")
    assert quarters_measured(spring) == ("2026-Q4",)
    assert read_record(QuarterResults, shop.data, QUARTER).effect is not None
    assert quarters_measured(spring) == ()


def test_the_global_holdout_is_measured_when_its_quarter_is_over(held_globally):
    shop, key = held_globally, QUARTER

    def quarter(day):
        at = dt.datetime.combine(day, dt.time(13), dt.UTC)
        shop.buy("p000", at=at - dt.timedelta(hours=1), amount="10.00")
        assert quarters_measured(at) == ("2026-Q4",)
        return read_record(QuarterResults, shop.data, key)

    before = quarter(dt.date(2026, 12, 20))
    assert (before.effect, before.sizes.people, before.campaigns) == (None, 80, ("win-back",))
    assert before.sizes.expected_share == 0.3
    assert before.sizes.held_out == len(
        TakenPeople(shop.identities, tenant=TENANT, run_id=RUN).read_held_globally()
    )
    after = quarter(dt.date(2027, 1, 2)).effect.conversion
    assert after.treated + after.held_out == 80
    assert after.treated_buyers + after.held_out_buyers == 1  # of 20 December
    assert not shop.data.exists("tenants/shop/campaigns/global.2027-Q1/results.json")
    later = dt.datetime(2027, 1, 3, 13, tzinfo=dt.UTC)
    assert quarters_measured(later) == ()  # there is one look
    measured(shop, now=later)  # of one campaign: the quarter is none of its business
