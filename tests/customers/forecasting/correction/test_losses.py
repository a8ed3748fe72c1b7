"""Losses: scikit-learn's, and lowest at the truth."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics

from tessera.customers.forecasting.correction.losses import (
    brier,
    log_loss,
    poisson_deviance,
    tweedie_deviance,
)

RANDOM = np.random.default_rng(4)
MEAN = RANDOM.gamma(1.0, 2.0, 300) + 0.01
ORDERS = RANDOM.poisson(MEAN).astype(float)
CHANCE = RANDOM.uniform(0.01, 0.99, 300)


def test_losses_are_scikit_learns():
    silent = ORDERS == 0
    assert poisson_deviance(MEAN, ORDERS).mean() == pytest.approx(
        metrics.mean_poisson_deviance(ORDERS, MEAN)
    )
    assert log_loss(CHANCE, ORDERS).mean() == pytest.approx(metrics.log_loss(silent, CHANCE))
    assert brier(CHANCE, ORDERS).mean() == pytest.approx(metrics.brier_score_loss(silent, CHANCE))
    unit = ORDERS.mean()
    assert tweedie_deviance(30 * MEAN, 30 * ORDERS).mean() == pytest.approx(
        metrics.mean_tweedie_deviance(ORDERS / unit, MEAN / unit, power=1.5)
    )


def test_money_has_the_same_loss_in_every_currency():
    assert tweedie_deviance(MEAN, ORDERS) == pytest.approx(
        tweedie_deviance(160 * MEAN, 160 * ORDERS)
    )


def test_no_other_forecast_is_better_than_the_truth_in_the_mean():
    truth, draws = 1.3, RANDOM.poisson(1.3, 20_000).astype(float)
    silent = np.exp(-truth)
    for loss, right in (
        (poisson_deviance, truth), (tweedie_deviance, truth), (log_loss, silent), (brier, silent),
    ):  # fmt: skip
        here, below, above = (
            loss(np.full(len(draws), right * factor), draws).mean() for factor in (1, 0.8, 1.25)
        )
        assert here < below
        assert here < above


@given(
    st.lists(st.tuples(st.floats(0, 1e6), st.integers(-5, 50)), min_size=1, max_size=20),
    st.booleans(),
)
def test_losses_are_finite_and_not_negative_whatever_happened(rows, nothing):
    forecast, came = np.array(rows, float).T
    orders = np.zeros(len(came)) if nothing else np.maximum(came, 0)
    chance = forecast / 1e6
    for loss in (
        poisson_deviance(forecast, orders), tweedie_deviance(forecast, came),
        log_loss(chance, orders), brier(chance, orders),
    ):  # fmt: skip
        assert np.isfinite(loss).all()
        assert (loss > -1e-9).all()


def test_nobody_has_no_losses():
    none = np.zeros(0)
    for loss in (poisson_deviance, tweedie_deviance, log_loss, brier):
        assert loss(none, none).shape == (0,)
