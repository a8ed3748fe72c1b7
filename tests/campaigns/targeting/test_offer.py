"""An offer's budget goes to the best groups first, and the set has just these people."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections import Counter

import numpy as np
import pytest

from tessera.campaigns.definitions.audience import CampaignAudience
from tessera.campaigns.definitions.document import parse_definition
from tessera.campaigns.planning.choosing.selection import in_audience
from tessera.campaigns.targeting.group_set import group_condition
from tessera.campaigns.targeting.offer import Offer, plan_offer
from tessera.campaigns.targeting.targets import (
    CampaignTargets,
    RankingGain,
    TargetGroup,
    TargetLimit,
    TargetPoint,
)
from tessera.contracts.customer_profiles import set_attribute
from tessera.destinations.catalog import CATALOG
from tessera.destinations.content import attribute
from tessera.destinations.segments import Sizes, segments
from tessera.errors import InvalidInput
from tessera.records.codec import encode
from tessera.segments.sets.catalog import sets_for
from tessera.segments.sets.conditional import parse_conditional
from tessera.segments.sets.labels import labels_for
from tessera.segments.sets.masks import Labelled, first_that_holds
from tessera.settings import RunSettings
from tests.campaigns.made import document
from tests.campaigns.planning.made import candidates, shopper

AUDIENCE = CampaignAudience(
    segments=("At Risk",), churn_bands=("High",), conditions={"column": "monetary", "from": 10}
)


def group(effect: float, customers: int, low: float | None, below: float | None) -> TargetGroup:
    limits = (
        TargetLimit(column="recency_days", low=low, below=below),
        TargetLimit(column="frequency", low=2.0, below=None),
    )
    return TargetGroup(
        limits=limits, people=900, customers=customers, effect=effect, low=effect - 1,
        high=effect + 1,
    )  # fmt: skip


GROUPS = (group(5.0, 100, None, 30), group(3.0, 200, 30, 60), group(0.5, 400, 60, None))
TARGETS = CampaignTargets(
    campaign="win-back", as_of=dt.date(2026, 1, 1), decision="publish",
    reason="The groups beat a random choice.", people=2_700, held_out=900, average=1.9,
    average_low=1.5, average_high=2.3, groups=GROUPS,
    rankings=(RankingGain(against="random choice", area=0.4, low=0.2, high=0.6),),
    curve=(TargetPoint(share=0.5, gain=1.5, low=1.0, high=2.0, random_gain=0.9),),
)  # fmt: skip


def planned(**offer: object):
    return plan_offer(Offer(**{"cost": 1.0, "margin": 0.5, **offer}), TARGETS, AUDIENCE)


def test_an_offer_goes_where_it_brings_more_than_it_costs():
    plan = planned()
    assert [one.label for one in plan.groups] == ["First", "First", "Leave"]
    assert (plan.customers, plan.spent) == (300, 300.0)
    assert plan.net == pytest.approx(100 * (2.5 - 1) + 200 * (1.5 - 1))
    assert plan.groups[0].who == "recency_days below 30, frequency from 2"
    assert "300 customers first" in plan.verdict


def test_a_budget_ends_at_the_first_group_that_does_not_fit():
    plan = planned(budget=150)
    assert [one.label for one in plan.groups] == ["First", "Later", "Leave"]
    assert plan.spent == 100.0
    assert planned(budget=50).customers == 0
    assert "budget reaches none" in planned(budget=50).verdict


def test_the_frontier_is_that_of_the_curve_in_money():
    (point,) = planned().frontier
    assert (point.customers, point.cost) == (350, 350.0)
    assert point.margin == pytest.approx(700 * 0.5 * 1.5)
    assert point.net == pytest.approx(point.margin - 350)
    assert point.random_net == pytest.approx(700 * 0.5 * 0.9 - 350)
    assert point.low < point.margin < point.high


def test_the_set_labels_exactly_the_groups_of_the_audience():
    document = planned(budget=150).set
    made = parse_conditional(document)
    assert [one.label for one in made.everyone] == ["First", "Later", "Leave", "Outside"]
    assert made.name == "offer_win_back"
    columns = {
        "recency_days": np.array([10.0, 40.0, 90.0, 10.0, 10.0, np.nan]),
        "frequency": np.array([2.0, 3.0, 2.0, 1.0, 2.0, 2.0]),
        "monetary": np.full(6, 20.0),
        "segment": np.array(["At Risk"] * 4 + ["Loyal", "At Risk"], object),
    }
    sets = {"churn_band": Labelled(labels=["High", "Low"], codes=np.zeros(6, np.int16))}
    codes = first_that_holds(made.conditions, columns, customers=6, name=made.name, sets=sets)
    assert codes.tolist() == [0, 1, 2, 3, 3, 3]


def test_who_gets_the_offer_first_is_an_audience_which_is_that_label_of_the_set():
    audience = planned().audience
    definition = parse_definition(document(audience=encode(audience)))
    assert (audience.segments, audience.churn_bands) == (("At Risk",), ("High",))
    people = [
        shopper("a", monetary=20.0), shopper("b", monetary=5.0), shopper("c", segment="Loyal"),
    ]  # fmt: skip
    batch = candidates(people)
    columns = {"recency_days": [10.0, 10.0, 40.0], "frequency": [2.0, 2.0, 3.0]}
    columns = {name: np.array(column) for name, column in columns.items()}
    batch = dataclasses.replace(batch, columns={**batch.columns, **columns})
    assert in_audience(definition.audience, batch).tolist() == [True, False, False]
    assert planned(budget=50).audience is None  # the budget reaches none


def test_a_list_of_receivers_has_no_columns_to_choose_by():
    listed = CampaignAudience(receivers="vip.csv")
    assert plan_offer(Offer(cost=1.0, margin=0.5), TARGETS, listed).audience is None


def test_a_saved_set_reaches_every_destination_as_segments():
    made = planned(budget=150).set
    settings = RunSettings(
        segment_sets=(*RunSettings().segment_sets, made["name"]), sets={made["name"]: made}
    )
    sets = sets_for(settings)
    columns = {name: np.full(4, np.nan) for name in sets.columns} | {
        "recency_days": np.array([10.0, 40.0, 90.0, 10.0]),
        "frequency": np.array([2.0, 3.0, 2.0, 2.0]),
        "monetary": np.full(4, 20.0),
        "p_no_order_90d": np.full(4, 0.9),
        "gap_state": np.full(4, None, object),
    }
    segment = [one.label for one in sets.definition.everyone]
    rfm = np.array([segment.index("At Risk")] * 3 + [segment.index("Champions")])
    offer = labels_for(columns, sets, rfm=rfm)[made["name"]]
    (own_set,) = (one for one in sets.beside if one.name == made["name"])
    labels = [own_set.everyone[code].label for code in offer.codes.tolist()]
    assert labels == ["First", "Later", "Leave", "Outside"]
    sizes = Sizes()
    for code, label in zip(rfm.tolist(), labels, strict=True):
        text = json.dumps({made["name"]: label})
        sizes.count({"segment": segment[code], "cluster": None, "labels": text})
    for place in CATALOG.values():
        capabilities = place.CAPABILITIES
        there = segments(sets, clusters=(), sizes=sizes, capabilities=capabilities)
        own = [one for one in there if one.set == made["name"]]
        if "set" not in (capabilities.kinds or {"set"}):
            assert own == []  # advertising audiences are of the definition's labels alone
            continue
        assert {one.value: one.customers for one in own} == dict(Counter(labels))
        assert {attribute(one) for one in own} == {set_attribute("offer_win_back")}


def test_one_group_inside_everybody_is_its_limits_alone():
    condition = group_condition(GROUPS[0], CampaignAudience())
    assert condition == {
        "all": [{"column": "recency_days", "below": 30}, {"column": "frequency", "from": 2.0}]
    }


def test_withheld_targets_say_what_to_do():
    withheld = dataclasses.replace(TARGETS, decision="withhold", groups=(), reason="Too alike.")
    worth = plan_offer(Offer(cost=0.1, margin=0.5), withheld, AUDIENCE)
    assert worth.verdict.endswith("send it to all.")
    assert (worth.set, worth.frontier) == (None, ())
    dear = plan_offer(Offer(cost=9.0, margin=0.5), withheld, AUDIENCE)
    assert dear.verdict.endswith("keep a holdout.")


def test_simulated_results_are_marked_and_make_no_set():
    plan = plan_offer(
        Offer(cost=1.0, margin=0.5), dataclasses.replace(TARGETS, simulated=True), AUDIENCE
    )
    assert (plan.simulated, plan.set, len(plan.groups)) == (True, None, 3)
    assert plan.verdict.startswith("Simulated: ")
    assert not planned().simulated


def test_a_saved_set_without_published_groups_is_named():
    withheld = dataclasses.replace(TARGETS, decision="withhold", groups=(), reason="Too alike.")
    offer, in_use = Offer(cost=1.0, margin=0.5), ("value_tiers", "offer_win_back")
    plan = plan_offer(offer, withheld, AUDIENCE, sets_in_use=in_use)
    assert "offer_win_back is still in use" in plan.verdict
    published = plan_offer(offer, TARGETS, AUDIENCE, sets_in_use=in_use)
    assert "still in use" not in published.verdict
    assert "still in use" not in plan_offer(offer, withheld, AUDIENCE).verdict


def test_groups_of_the_wrong_size_give_no_advice():
    lost = dataclasses.replace(
        TARGETS, decision="withhold", groups=(), reason="Not alike.", is_mismatch=True
    )
    plan = plan_offer(Offer(cost=0.1, margin=0.5), lost, AUDIENCE)
    assert plan.verdict.startswith("Not alike. No advice is given")
    assert "send" not in plan.verdict


@pytest.mark.parametrize(
    ("change", "what"),
    [({"cost": -1}, "cost"), ({"margin": 0}, "margin"), ({"margin": 40}, "margin"),
     ({"budget": float("nan")}, "budget"), ({"set_name": "Offer 1"}, "set_name")],
)  # fmt: skip
def test_an_offer_that_nobody_makes_is_refused(change, what):
    with pytest.raises(InvalidInput, match=f"offer: {what}"):
        planned(**change)
