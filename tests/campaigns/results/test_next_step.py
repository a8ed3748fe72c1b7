"""What to do next follows from the verdicts, and says why."""

from __future__ import annotations

import dataclasses

import pytest

from tessera.campaigns.results.campaign_results import GroupSizes
from tessera.campaigns.results.effects import (
    ConversionEffect,
    EffectEstimate,
    EffectSlice,
    RevenueEffect,
)
from tessera.campaigns.results.next_step import next_step

SIZES = GroupSizes(people=2000, held_out=200, expected_share=0.1, p_value=1.0, is_mismatch=False)
LIFT = EffectEstimate(value=0.02, low=-0.2, high=0.3)
SMALL = EffectEstimate(value=0, low=-0.1, high=0.04)
ROSE, FELL = (0.1, 0.5), (-0.5, -0.1)
EFFECT = ConversionEffect(
    treated=1800, held_out=200, treated_buyers=100, held_out_buyers=10, difference=0.005,
    low=-0.02, high=0.03, p_value=0.7, adjusted_p_value=0.7, verdict="inconclusive", lift=LIFT,
)  # fmt: skip


def slice_of(verdict="inconclusive", by="all", group="", revenue=None, **changes):
    conversion = dataclasses.replace(EFFECT, verdict=verdict, **changes)
    return EffectSlice(by=by, group=group, conversion=conversion, revenue=revenue, revenue_note="")


def money(low, high):
    middle = (low + high) / 2
    return RevenueEffect(
        treated_mean=2, held_out_mean=2, difference=middle, low=low, high=high, incremental=middle,
        incremental_low=low, incremental_high=high, limit=99, limited=0,
    )  # fmt: skip


def step(*slices, sizes=SIZES, waiting=0, inference="fixed_horizon"):
    return next_step(slices, sizes=sizes, waiting=waiting, inference=inference)


HIGH, LOW = (lambda verdict, name=name: slice_of(verdict, "churn_band", name)
             for name in ("High", "Low"))  # fmt: skip


@pytest.mark.parametrize(
    ("slices", "waiting", "expected", "groups", "says"),
    [
        ([slice_of("more"), HIGH("more")], 5, "go_on", ("High",), "clearest for those with churn"),
        ([slice_of("more"), HIGH("more"), LOW("less")], 0, "send_to_some", ("Low",), "fewer"),
        ([slice_of("less")], 5, "stop", (), "bought less often than the held out"),
        ([slice_of(), HIGH("more"), LOW("inconclusive")], 0, "send_to_some", ("High",), "worked"),
        ([slice_of()], 1, "wait", (), "1 person are not over"),
        (
            [slice_of(lift=EffectEstimate(value=0, low=-0.1, high=0.04))],
            0,
            "stop",
            (),
            "+4.0% fits",
        ),
        ([slice_of()], 0, "enlarge", (), "with about 170,000 people"),
        ([slice_of(held_out_buyers=0)], 0, "enlarge", (), "nobody of the held out has bought"),
        ([slice_of("more", "all"), slice_of("more", "variant", "a")], 0, "go_on", (), "wear off."),
    ],
)
def test_the_step_follows_from_the_verdicts(slices, waiting, expected, groups, says):
    made = step(*slices, waiting=waiting)
    assert (made.step, made.groups) == (expected, groups)
    assert says in made.words


def test_groups_that_are_not_alike_are_checked_first():
    sizes = dataclasses.replace(SIZES, is_mismatch=True)
    assert step(slice_of("withheld"), sizes=sizes, waiting=9).step == "check"


def test_half_held_out_cannot_be_enlarged():
    sizes = dataclasses.replace(SIZES, expected_share=0.5)
    assert "larger holdout" not in step(slice_of(), sizes=sizes).words


def test_who_waits_does_not_hide_that_a_tenth_more_is_ruled_out():
    made = step(slice_of(lift=SMALL), waiting=9, inference="always_valid")
    assert (made.step, "at most +4.0% fits" in made.words) == ("stop", True)


def test_waiting_ends_when_people_enough_count():
    few = slice_of(treated=200_000, held_out=200_000, held_out_buyers=20_000)
    made = step(few, waiting=9, inference="always_valid")
    assert (made.step, "only for an effect below a tenth" in made.words) == ("enlarge", True)


@pytest.mark.parametrize(
    ("whole", "expected", "says"),
    [
        (slice_of("more", revenue=money(*FELL)), "stop", "Do not go on as it is"),
        (slice_of("more", revenue=money(-0.1, 0.1)), "go_on", "Go on"),
        (slice_of("less", revenue=money(*ROSE)), "enlarge", "revenue rose"),
        (slice_of("less", revenue=money(-0.1, 0.1)), "stop", "bought less often"),
        (slice_of(lift=SMALL, revenue=money(*ROSE)), "go_on", "revenue rose"),
        (slice_of(lift=SMALL, revenue=money(*FELL)), "stop", "Revenue fell too"),
        (slice_of(lift=SMALL, revenue=money(-0.1, 0.1)), "stop", "has 0 in it"),
    ],
)
def test_revenue_that_is_clear_has_a_say(whole, expected, says):
    made = step(whole)
    assert (made.step, says in made.words) == (expected, True)


def test_a_group_that_buys_more_for_less_money_is_none_to_send_to():
    high = slice_of("more", "churn_band", "High", revenue=money(*FELL))
    assert step(slice_of(), high).step == "enlarge"


def test_a_group_is_corrected_for_those_of_its_kind_alone():
    assert "corrected for the other groups of its kind" in step(slice_of(), HIGH("more")).words


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"held_out": 0, "held_out_buyers": 0}, "nobody who counts so far is held out"),
        ({"held_out_buyers": 200}, "all of the held out have bought"),
        ({"held_out_buyers": 0}, "nobody of the held out has bought"),
    ],
)
def test_the_reason_why_buyers_say_nothing_is_the_true_one(changes, says):
    assert says in step(slice_of(**changes)).words
