"""The Qini curve against its definition, and its interval against the truth."""

from __future__ import annotations

import numpy as np
import pytest

from tessera.customers.uplift.qini import (
    UpliftEstimate,
    area_between,
    curve,
    effect_guesses,
    qini_area,
    ranks_within,
)
from tests.customers.uplift.conftest import made


def test_many_looks_ask_for_more_than_one():
    once = UpliftEstimate(value=2.0, error=1.0)
    daily = UpliftEstimate(value=2.0, error=1.0, sequence_z=3.0)
    assert (once.is_surely_positive, daily.is_surely_positive) == (True, False)
    assert (daily.low, daily.high) == (-1.0, 5.0)
    assert (once.low, once.high) == pytest.approx((0.04, 3.96))


def one_fold(score):
    return ranks_within(score, np.zeros(len(score), np.int16))


def test_ranks_are_shares_above_and_equals_share_theirs():
    assert one_fold(np.array([3.0, 1.0, 2.0, 2.0])).tolist() == [0.125, 0.875, 0.5, 0.5]
    folds = np.array([0, 0, 1, 1], np.int16)
    assert ranks_within(np.array([9.0, 8.0, 2.0, 1.0]), folds).tolist() == [0.25, 0.75] * 2


def test_area_is_that_between_the_curve_and_the_straight_line():
    rng = np.random.default_rng(1)
    guesses, score = rng.normal(1, 2, 2_000), rng.normal(size=2_000)
    ranks = one_fold(score)
    shares = np.linspace(0, 1, 2_001)
    gains = np.array([point.gain for point in curve(guesses, ranks, shares=shares.tolist())])
    above = np.trapezoid(gains - shares * guesses.mean(), shares)
    assert qini_area(guesses, ranks).value == pytest.approx(above, abs=1e-9)


def test_the_area_between_two_scores_is_the_difference_of_theirs():
    rng = np.random.default_rng(2)
    guesses, first, second = rng.normal(size=(3, 500))
    between = area_between(guesses, one_fold(first), others=one_fold(second))
    expected = (
        qini_area(guesses, one_fold(first)).value - qini_area(guesses, one_fold(second)).value
    )
    assert between.value == pytest.approx(expected)


def test_the_interval_covers_the_true_area():
    covered = 0
    for seed in range(200):
        known = made(2_000, seed=seed, strength=1.0)
        experiment = known.experiment
        ranks = one_fold(known.effect)
        true = float((known.effect * (0.5 - ranks)).mean())
        guesses = effect_guesses(
            experiment.weight, experiment.outcome, expected=np.full(2_000, 0.25)
        )
        area = qini_area(guesses, ranks)
        covered += area.low <= true <= area.high
    assert 182 <= covered <= 198  # 95 % of 200 are 190, and two standard errors 6


def test_points_with_the_same_score_are_treated_in_part():
    guesses = np.array([4.0, 2.0, 0.0, 0.0])
    points = curve(guesses, one_fold(np.array([1.0, 1.0, 0.0, 0.0])), shares=(0.25, 0.5, 1.0))
    assert [point.gain for point in points] == [0.75, 1.5, 1.5]
