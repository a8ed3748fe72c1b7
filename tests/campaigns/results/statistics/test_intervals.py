"""Intervals and tests beside published numbers and SciPy's own."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from tessera.campaigns.results.statistics.detectable import people_needed
from tessera.campaigns.results.statistics.intervals import (
    holm,
    lift,
    newcombe,
    newcombe_p_value,
    ratio_p_value,
    welch,
)


@pytest.mark.parametrize(
    ("first", "second", "low", "high"),
    [  # Newcombe (1998), table II, method 10
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((0, 10), (0, 10), -0.2775, 0.2775),
        ((10, 10), (0, 20), 0.6791, 1.0000),
        ((10, 10), (0, 10), 0.6075, 1.0000),
    ],
)
def test_the_interval_of_two_shares_is_the_published_one(first, second, low, high):
    made = newcombe((first[0], second[0]), (first[1], second[1]))
    assert (round(made.low, 4), round(made.high, 4)) == (low, high)


COUNTS = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(COUNTS, COUNTS)
def test_interval_and_p_value_never_contradict_each_other(first, second):
    pairs = (first[0], second[0]), (first[1], second[1])
    made, p_value = newcombe(*pairs), newcombe_p_value(*pairs)
    assert (made.low > 0 or made.high < 0) == (p_value < 0.05)
    assert made.low <= made.value <= made.high
    assert 0 <= p_value <= 1


@given(COUNTS, COUNTS)
def test_the_other_way_round_the_interval_is_mirrored(first, second):
    one = newcombe((first[0], second[0]), (first[1], second[1]))
    other = newcombe((second[0], first[0]), (second[1], first[1]))
    assert one.low == pytest.approx(-other.high, abs=1e-12)
    assert one.high == pytest.approx(-other.low, abs=1e-12)


@given(COUNTS, COUNTS, st.sampled_from([1.0, 1.96, 3.0]))
def test_a_ratio_never_contradicts_the_difference(first, second, z):
    pairs = (first[0], second[0]), (first[1], second[1])
    difference, ratio = newcombe(*pairs, z=z), lift(*pairs, z=z)
    if ratio is None:
        assert not all(pairs[0])
        return
    assert ratio.low <= ratio.value + 1e-12
    assert ratio.value <= ratio.high + 1e-12
    assert ratio.low >= -1
    for of_ratio, of_difference in zip(ratio, difference, strict=True):
        if abs(of_difference) > 1e-9:
            assert (of_ratio > 0) == (of_difference > 0)


def test_near_everybody_the_ratio_is_as_wide_as_the_difference():
    made = lift((280, 31), (300, 31))
    assert made.value == pytest.approx(-1 / 15)
    assert made.low < -0.09
    assert made.high > 0.04


def test_the_ratios_ends_are_where_a_difference_to_a_multiple_reaches_zero():
    buyers, people = (56, 48), (70, 80)
    made = lift(buyers, people)
    (p1, low1, high1), (p2, low2, high2) = (
        (bought / of, *stats.binomtest(bought, of).proportion_ci(method="wilson"))
        for bought, of in zip(buyers, people, strict=True)
    )
    low, high = made.low + 1, made.high + 1
    assert p1 - low * p2 == pytest.approx(np.hypot(p1 - low1, low * (high2 - p2)))
    assert high * p2 - p1 == pytest.approx(np.hypot(high1 - p1, high * (p2 - low2)))


def test_welchs_interval_is_scipys():
    chance = np.random.default_rng(14)
    treated, held_out = chance.gamma(0.4, 50, 900), chance.gamma(0.3, 60, 120)
    made = welch(treated, held_out)
    theirs = stats.ttest_ind(treated, held_out, equal_var=False).confidence_interval()
    assert (made.low, made.high) == pytest.approx((theirs.low, theirs.high), rel=1e-9)
    assert made.value == pytest.approx(treated.mean() - held_out.mean())


def test_groups_without_any_spread_differ_exactly():
    assert welch(np.full(5, 3.0), np.full(4, 1.0)) == (2.0, 2.0, 2.0)


def test_holm_multiplies_the_smallest_most_and_keeps_the_order():
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([0.6, 0.5]) == [1.0, 1.0]
    assert holm([]) == []


@pytest.mark.parametrize(("held_out", "people"), [(0, 20), (2, 20), (9, 20), (1000, 10_000)])
def test_a_holdouts_size_is_judged_by_the_exact_binomial_distribution(held_out, people):
    tails = [
        stats.binomtest(held_out, people, 0.1, alternative=side).pvalue
        for side in ("less", "greater")
    ]
    expected = min(1.0, 2 * min(tails))
    assert ratio_p_value(held_out, people, share=0.1) == pytest.approx(expected, rel=1e-6)


def test_a_tenth_more_buyers_takes_as_many_people_as_the_textbook_says():
    # 3 % buy: with a tenth held out about 282,000, with half of them about 102,000.
    assert round(people_needed(conversion=0.03, lift=0.1, share=0.1), -3) == 282_000
    assert round(people_needed(conversion=0.03, lift=0.1, share=0.5), -3) == 102_000


def test_without_an_effect_one_is_seen_about_one_time_in_twenty():
    chance = np.random.default_rng(18)
    seen = sum(
        newcombe_p_value((chance.binomial(900, 0.1), chance.binomial(100, 0.1)), (900, 100)) < 0.05
        for _ in range(1000)
    )
    assert 25 <= seen <= 75
