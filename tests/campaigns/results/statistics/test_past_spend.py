"""What the past explains is taken out, and the estimate stays right."""

from __future__ import annotations

import numpy as np
import pytest

from tessera.campaigns.results.statistics.intervals import welch
from tessera.campaigns.results.statistics.past_spend import adjusted, winsorised


def experiment(seed, *, effect=2.0, count=2_000):
    chance = np.random.default_rng(seed)
    taste = chance.lognormal(2, 0.6, count)
    treated = chance.random(count) < 0.7
    return taste + chance.normal(0, 3, count) + effect * treated, taste, treated


def test_the_slope_is_that_of_a_regression_with_the_group():
    outcome, before, treated = experiment(1)
    design = np.column_stack([np.ones(len(before)), treated, before])
    (_, _, slope), *_ = np.linalg.lstsq(design, outcome, rcond=None)
    values, removed = adjusted(outcome, before, treated=treated)
    assert values == pytest.approx(outcome - slope * (before - before.mean()))
    assert values.mean() == pytest.approx(outcome.mean())
    within = [np.var(values[mask]) / np.var(outcome[mask]) for mask in (treated, ~treated)]
    assert 1 - removed == pytest.approx(np.average(within, weights=[0.7, 0.3]), abs=0.02)


def test_intervals_are_narrower_and_still_cover_the_truth():
    covered, narrower = 0, []
    for seed in range(200):
        outcome, before, treated = experiment(seed)
        values, _ = adjusted(outcome, before, treated=treated)
        plain, made = (welch(one[treated], one[~treated]) for one in (outcome, values))
        covered += made.low <= 2.0 <= made.high
        narrower.append((made.high - made.low) / (plain.high - plain.low))
    assert 182 <= covered <= 198
    assert max(narrower) < 0.75


@pytest.mark.parametrize("before", [np.zeros(50), np.full(50, 3.0)])
def test_a_past_that_is_the_same_for_all_explains_nothing(before):
    outcome, treated = np.arange(50.0), np.arange(50) % 2 == 0
    values, removed = adjusted(outcome, before, treated=treated)
    assert values.tolist() == outcome.tolist()
    assert removed == 0


def test_amounts_above_the_quantile_of_the_spenders_count_as_it():
    amounts = np.r_[np.zeros(900), np.arange(1.0, 101.0)]
    cut = winsorised(amounts)
    assert cut.max() == pytest.approx(np.quantile(np.arange(1.0, 101.0), 0.99))
    assert (cut[:999] == amounts[:999]).all()
    assert winsorised(np.zeros(3)).tolist() == [0, 0, 0]
