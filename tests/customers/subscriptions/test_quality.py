"""Measures of predictions: against scikit-learn's, and against the base rate."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics

from tessera.customers.subscriptions.quality import beats_base_rate, calibration_table, measure
from tessera.customers.subscriptions.rounding import rounded


def drawn(customers, *, seed=0):
    draw = np.random.default_rng(seed)
    probability = draw.beta(1, 3, customers)
    return probability, draw.random(customers) < probability


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 1000), st.sampled_from([1, 2, 6]))
def test_the_measures_are_the_usual_ones(seed, decimals):
    probability, cancelled = drawn(300, seed=seed)
    probability = probability.round(decimals).clip(0.01, 0.99)
    quality = measure(probability, cancelled, base=np.full(300, cancelled.mean()))
    assert quality.auc == pytest.approx(metrics.roc_auc_score(cancelled, probability))
    assert quality.brier == pytest.approx(metrics.brier_score_loss(cancelled, probability))
    assert quality.log_loss == pytest.approx(metrics.log_loss(cancelled, probability))


def test_true_chances_are_calibrated_and_beat_the_base_rate():
    probability, cancelled = drawn(20_000)
    quality = measure(probability, cancelled, base=np.full(20_000, cancelled.mean()))
    assert quality.ece < 0.01
    assert beats_base_rate(quality)
    assert quality.top_decile_lift > 2
    table = calibration_table(probability, cancelled)
    assert sum(group.customers for group in table) == 20_000
    assert all(group.predicted == pytest.approx(group.observed, abs=0.03) for group in table)


def test_twice_the_chances_rank_as_well_but_are_not_calibrated():
    probability, cancelled = drawn(20_000)
    right, wrong = (
        measure(p, cancelled, base=np.full(20_000, cancelled.mean()))
        for p in (probability, np.minimum(2 * probability, 0.99))
    )
    assert wrong.auc == pytest.approx(right.auc, abs=0.005)
    assert wrong.ece > 0.15


def test_chances_of_others_do_not_beat_the_base_rate():
    probability, cancelled = drawn(2_000)
    quality = measure(probability[::-1], cancelled, base=np.full(2_000, cancelled.mean()))
    assert not beats_base_rate(quality)
    assert rounded(quality).auc == pytest.approx(0.5, abs=0.05)
