"""The learnt factor: the maximum of its penalised likelihood, and bounded where it is applied."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize

from tessera.customers.forecasting.correction.regression import (
    fit_no_order,
    fit_orders,
    log_factor,
    log_terms,
)

RANDOM = np.random.default_rng(8)
ROWS = 500
FEATURES = np.column_stack(
    [RANDOM.normal(2, 3, ROWS), RANDOM.gamma(1, 1, ROWS), RANDOM.integers(0, 2, ROWS)]
)
NAMES = ("one", "two", "three")
EXPECTED = RANDOM.gamma(1.0, 1.0, ROWS) + 0.05
ORDERS = RANDOM.poisson(EXPECTED * np.exp(0.3 * (FEATURES[:, 0] - 2) / 3 - 0.4)).astype(float)
NO_ORDER = np.exp(-EXPECTED)
SCALED = np.clip((FEATURES - FEATURES.mean(axis=0)) / FEATURES.std(axis=0), -4, 4)
RIDGE = 0.02


def most_likely(negative_log_likelihood, *, ridge: float) -> np.ndarray:
    """The coefficients by a general optimiser, the intercept first."""

    def penalised(point):
        linear = point[0] + SCALED @ point[1:]
        return negative_log_likelihood(linear) + ridge / 2 * (point[1:] ** 2).sum()

    return minimize(penalised, np.zeros(4), method="BFGS", options={"gtol": 1e-6}).x


def test_orders_are_fitted_by_the_penalised_poisson_likelihood():
    fitted = fit_orders(FEATURES, ORDERS, expected=EXPECTED, names=NAMES)
    best = most_likely(
        lambda linear: (EXPECTED * np.exp(linear) - ORDERS * linear).sum(),
        ridge=RIDGE * EXPECTED.sum(),
    )
    assert [fitted.intercept, *fitted.coefficients] == pytest.approx(best, abs=1e-5)
    assert fitted.names == NAMES


def test_chances_are_fitted_by_the_penalised_likelihood_of_their_power():
    ordered = (ORDERS > 0).astype(float)
    fitted = fit_no_order(FEATURES, ordered, no_order=NO_ORDER, names=NAMES)

    def loss(linear):
        silent = NO_ORDER ** np.exp(linear)
        return -(ordered * np.log1p(-silent) + (1 - ordered) * np.log(silent)).sum()

    best = most_likely(loss, ridge=RIDGE * ordered.sum())
    assert [fitted.intercept, *fitted.coefficients] == pytest.approx(best, abs=1e-5)


def test_without_a_pattern_there_is_hardly_a_factor():
    random = np.random.default_rng(3)
    orders = random.poisson(EXPECTED).astype(float)
    fitted = fit_orders(FEATURES, orders, expected=EXPECTED, names=NAMES)
    assert np.abs(fitted.coefficients).max() < 0.1


def test_the_factor_is_the_sum_of_its_terms_within_bounds():
    fitted = fit_orders(FEATURES, ORDERS, expected=EXPECTED, names=NAMES)
    terms = log_terms(fitted, FEATURES)
    total = fitted.intercept + terms.sum(axis=1)
    assert log_factor(fitted, FEATURES) == pytest.approx(np.clip(total, -2, 2))
    far = np.array([[1e12, -1e12, 1e12], [-1e12, 1e12, -1e12]])
    assert (np.abs(log_factor(fitted, far)) <= 2).all()
    assert log_terms(fitted, far) == pytest.approx(
        4 * np.sign([[1, -1, 1], [-1, 1, -1]]) * np.array(fitted.coefficients)
    )


def test_a_feature_that_never_differs_counts_for_nothing():
    constant = np.column_stack([FEATURES, np.full(ROWS, 0.1)])
    fitted = fit_orders(constant, ORDERS, expected=EXPECTED, names=(*NAMES, "constant"))
    without = fit_orders(FEATURES, ORDERS, expected=EXPECTED, names=NAMES)
    assert fitted.coefficients[3] == pytest.approx(0, abs=1e-6)
    assert fitted.coefficients[:3] == pytest.approx(without.coefficients, abs=1e-6)


@pytest.mark.parametrize("orders", [np.r_[1.0, np.zeros(ROWS - 1)], np.full(ROWS, 1e4)])
def test_extremes_are_finite(orders):
    one = fit_orders(FEATURES, orders, expected=EXPECTED, names=NAMES)
    ordered = (orders > 0).astype(float)
    ordered[-1] = 0
    other = fit_no_order(FEATURES, ordered, no_order=NO_ORDER, names=NAMES)
    for fitted in (one, other):
        assert np.isfinite(log_factor(fitted, FEATURES)).all()


def test_the_order_of_rows_and_threads_changes_nothing_that_is_kept():
    mixed = np.random.default_rng(1).permutation(ROWS)
    one = fit_orders(FEATURES, ORDERS, expected=EXPECTED, names=NAMES)
    other = fit_orders(FEATURES[mixed], ORDERS[mixed], expected=EXPECTED[mixed], names=NAMES)
    assert one == other
