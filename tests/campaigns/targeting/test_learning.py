"""Who reacts, from assignments, profiles and purchases."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from tessera.campaigns.planning.assigned import joined
from tessera.campaigns.results.statistics.inference import critical_z
from tessera.campaigns.targeting.learning import (
    learn_targets,
    people_to_learn_from,
    share_by_day,
    with_customers,
)
from tessera.campaigns.targeting.targets import CampaignTargets
from tessera.records.codec import decode, encode
from tests.campaigns.targeting.made import DAY, RESULT_DAYS, TODAY, assigned, campaign


def learnt(people: int, *, effect: float, **changes: object) -> CampaignTargets:
    known, purchases = campaign(people, effect=effect)
    return learn_targets(
        known, purchases, campaign="win-back", today=TODAY, result_days=RESULT_DAYS, **changes
    )


@pytest.fixture(scope="module")
def reacting() -> CampaignTargets:
    return learnt(20_000, effect=0.15)


def test_who_reacts_is_learnt_in_money(reacting):
    assert reacting.decision == "publish"
    assert reacting.columns == ("recency_days", "frequency")
    true = 50.0 * 0.15 * 59 / 239
    assert reacting.average_low < true < reacting.average_high
    best, last = reacting.groups[0], reacting.groups[-1]
    assert best.effect > 4 > last.effect
    assert any(one.column == "recency_days" and one.below for one in best.limits)
    assert [one.against for one in reacting.rankings] == ["random choice", "churn risk"]
    assert reacting.limit == 50.0  # a purchase after the days of result adds nothing
    assert decode(CampaignTargets, encode(reacting), document="targets") == reacting


def test_the_area_between_the_curves_is_that_of_the_ranking(reacting):
    above = [(one.gain - one.random_gain, one.gain - one.churn_gain) for one in reacting.curve]
    shares = [one.share for one in reacting.curve]
    for ranking, values in zip(reacting.rankings, zip(*above, strict=True), strict=True):
        assert np.trapezoid(values, shares) == pytest.approx(ranking.area, rel=0.02)


def test_a_daily_look_asks_for_more_and_says_so(reacting):
    daily = learnt(20_000, effect=0.15, inference="always_valid")
    assert (daily.inference, reacting.inference) == ("always_valid", "fixed_horizon")
    assert daily.reason.endswith("judged for a look every day.")
    assert reacting.reason.endswith("judged for one look.")
    wider = critical_z("always_valid", people=20_000) / 1.96
    pairs = [
        ((one.average_low, one.average_high), one.rankings[0], one.curve[-1], one.groups[0])
        for one in (daily, reacting)
    ]
    for made, fixed in zip(*pairs, strict=True):
        reach, narrow = (
            one[1] - one[0] if isinstance(one, tuple) else one.high - one.low
            for one in (made, fixed)
        )
        assert reach == pytest.approx(wider * narrow, rel=1e-6)


def test_without_a_difference_no_group_is_published():
    targets = learnt(5_000, effect=0.0)
    assert targets.decision == "withhold"
    assert targets.groups == ()
    assert targets.reason[0].isupper()
    assert targets.reason.endswith(".")


def test_a_campaign_without_people_is_withheld():
    targets = learnt(0, effect=0.0)
    assert (targets.decision, targets.people) == ("withhold", 0)
    assert "500 are needed" in targets.reason


def test_what_was_not_learnt_is_no_zero():
    targets = learnt(0, effect=0.0)
    numbers = (targets.average, targets.average_low, targets.average_high, targets.limit)
    assert numbers == (None,) * 4
    assert decode(CampaignTargets, encode(targets), document="targets") == targets


def test_only_customers_whose_days_are_over_count_once():
    late = assigned(10, day=DAY + 45)
    strangers = assigned(5, seed=9)
    strangers.recipient[:] = [b"f" * 32, b"e" * 32, b"d" * 32, b"c" * 32, b"b" * 32]
    strangers.customer_key[:] = b""
    people, without = people_to_learn_from(
        [joined([assigned(6), strangers]), late], today=TODAY, result_days=RESULT_DAYS
    )
    assert without == 5
    assert people.customer_key.tolist() == assigned(6).customer_key.tolist()
    assert set(people.day.tolist()) == {DAY}


def test_each_plan_has_its_share():
    shares = share_by_day(np.array([3, 5, 4]), {5: 0.5, 3: 0.9})
    assert shares[:2].tolist() == [0.9, 0.5]
    assert np.isnan(shares[2])


def test_customers_of_now_stand_beside_the_groups(reacting):
    counts = list(range(len(reacting.groups)))
    assert [one.customers for one in with_customers(reacting, counts).groups] == counts


def test_a_large_refund_decides_no_more_than_a_large_purchase(reacting):
    known, purchases = campaign(20_000, effect=0.15)
    refunded = dataclasses.replace(purchases, amount=purchases.amount.copy())
    refunded.amount[0] = -1e6
    made = learn_targets(known, refunded, campaign="win-back", today=TODAY, result_days=RESULT_DAYS)
    assert made.limit == 50.0
    assert made.average == pytest.approx(reacting.average, abs=100 / 4_000)
