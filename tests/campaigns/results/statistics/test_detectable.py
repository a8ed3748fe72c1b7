"""What can be seen before anything is sent, beside textbook numbers and simulated campaigns."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tessera.campaigns.results.statistics.detectable import (
    detectable_lift,
    people_needed,
    smallest_share,
    weeks_until_known,
)
from tessera.campaigns.results.statistics.intervals import newcombe_p_value

SHARES = st.floats(0.01, 0.5)
CONVERSIONS = st.floats(0.005, 0.5)


@given(CONVERSIONS, SHARES, st.floats(0.02, 2), st.sampled_from(["fixed_horizon", "always_valid"]))
def test_so_many_people_show_the_effect_and_one_fewer_does_not(conversion, share, lift, inference):
    terms = {"conversion": conversion, "share": share, "inference": inference}
    people = people_needed(lift=lift, **terms)
    assert detectable_lift(people, **terms) <= lift
    assert people == 1 or detectable_lift(people - 1, **terms) > lift


def test_daily_looks_take_more_people():
    terms = {"conversion": 0.03, "lift": 0.1, "share": 0.1}
    fixed = people_needed(**terms)
    always = people_needed(**terms, inference="always_valid")
    assert 2 < always / fixed < 2.7


@given(st.integers(1_000, 10**6), CONVERSIONS, st.floats(0.05, 1))
def test_the_smallest_holdout_just_shows_the_effect(people, conversion, lift):
    share = smallest_share(people, conversion=conversion, lift=lift)
    if share is None:
        assert detectable_lift(people, conversion=conversion, share=0.5) > lift
    else:
        assert 0 < share <= 0.5
        seen = detectable_lift(people, conversion=conversion, share=share)
        assert seen == pytest.approx(lift, rel=1e-6)


def test_four_of_five_campaigns_see_what_is_called_detectable():
    chance = np.random.default_rng(11)
    people, share, conversion = 20_000, 0.2, 0.05
    lift = detectable_lift(people, conversion=conversion, share=share)
    held_out = int(people * share)
    seen = sum(
        newcombe_p_value(
            (
                int(chance.binomial(people - held_out, conversion * (1 + lift))),
                int(chance.binomial(held_out, conversion)),
            ),
            (people - held_out, held_out),
        )
        < 0.05
        for _ in range(400)
    )
    assert 0.74 <= seen / 400 <= 0.88


def test_weeks_are_those_of_the_people_and_of_their_days():
    assert weeks_until_known(2_000, people_a_week=500, result_days=28) == pytest.approx(8)
    assert weeks_until_known(2_000, people_a_week=0, result_days=28) is None
    assert not math.isnan(people_needed(conversion=0.5, lift=1.0, share=0.5))
