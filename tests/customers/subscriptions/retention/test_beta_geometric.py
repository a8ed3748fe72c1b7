"""Shifted-beta-geometric retention: against the published numbers, and what always holds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tessera.customers.subscriptions.retention.beta_geometric import Retention, fit_retention
from tessera.errors import InvalidInput
from tests import reference


@pytest.fixture(scope="module")
def published():
    return reference.document("oracles/published/contractual_sbg")


@pytest.fixture(scope="module")
def cohorts():
    rows = reference.rows("tables/sbg_cohorts")
    return {
        name: np.array([[int(r["recency"]), int(r["T"])] for r in rows if r["cohort"] == name])
        for name in ("highend", "regular")
    }


def fit(periods, left, subscribers=None):
    return fit_retention(
        periods=np.asarray(periods, np.int64),
        cancelled=np.asarray(left, bool),
        subscribers=np.asarray(subscribers or np.ones(len(periods)), np.int64),
    )


@pytest.mark.parametrize("name", ["highend", "regular"])
def test_the_published_cohorts_give_the_published_model(published, cohorts, name):
    periods, until = cohorts[name].T
    fitted = fit(periods, periods < until)
    expected = published["independent_scipy_mle"]
    assert [fitted.model.alpha, fitted.model.beta] == pytest.approx(expected[name], abs=1e-4)
    assert fitted.log_likelihood == pytest.approx(expected["LL_per_1000"][name], abs=0.01)
    rounded = published["params"][name]
    assert fitted.model.alpha == pytest.approx(rounded["alpha"], abs=5e-4)
    assert fitted.model.beta == pytest.approx(rounded["beta"], abs=5e-4)
    actual = published["survival_percent_year_0_to_12"][name]
    assert 100 * fitted.model.survival(np.arange(13)) == pytest.approx(actual, rel=0.05)
    assert fitted.warnings == ()
    assert all(0 < error < 1 for error in fitted.standard_errors)


@pytest.mark.parametrize("case", ["case1", "case2"])
def test_the_residual_lifetime_is_the_published_one(published, case):
    table = published["discounted_expected_residual_lifetime"]
    model = Retention(table[case]["alpha"], table[case]["beta"])
    lifetimes = model.residual_lifetime(np.array(table["renewals"]), discount_rate=0.1)
    assert lifetimes == pytest.approx(table[case]["DERL"], abs=0.011)


def test_standard_errors_halve_with_four_times_the_subscribers_and_cover_the_truth():
    draw = np.random.default_rng(3)
    periods = np.minimum(draw.geometric(draw.beta(1.0, 2.0, 20_000)), 9)
    few, many = (fit(periods, periods < 9, [n] * len(periods)) for n in (1, 4))
    assert np.array(few.standard_errors) == pytest.approx(2 * np.array(many.standard_errors))
    for estimate, error, truth in zip(
        (few.model.alpha, few.model.beta), few.standard_errors, (1.0, 2.0), strict=True
    ):
        assert abs(estimate - truth) < 3 * error < 0.3


def test_weights_stand_for_subscribers_and_order_is_irrelevant(cohorts):
    periods, until = cohorts["regular"].T
    one_by_one = fit(periods[::-1], (periods < until)[::-1])
    distinct, sizes = np.unique(periods, return_counts=True)
    assert fit(distinct, distinct < 8, sizes.tolist()) == one_by_one


@pytest.mark.parametrize(
    ("periods", "left", "subscribers", "warning"),
    [
        ([3, 5], [False, False], [10, 20], "nobody has cancelled"),
        ([1, 2], [True, True], [10, 20], "nobody has stayed"),
        ([1, 9], [True, False], [10, 20], "ran to their limits"),
        ([1, 1, 9], [True, False, False], [10, 5, 1], "ran to their limits"),
    ],
)
def test_cohorts_that_bound_nothing_still_give_finite_answers(periods, left, subscribers, warning):
    fitted = fit(periods, left, subscribers)
    assert any(warning in text for text in fitted.warnings)
    assert np.isfinite([fitted.model.alpha, fitted.model.beta, fitted.log_likelihood]).all()
    paid = np.array([1, 5, 400])
    for values in (
        fitted.model.p_cancel(paid, renewals=np.array([1, 12, 600])),
        fitted.model.retention(paid),
        fitted.model.residual_lifetime(paid, discount_rate=0.01),
    ):
        assert np.isfinite(values).all()


def test_what_cannot_be_fitted_says_why():
    with pytest.raises(InvalidInput, match="come to a renewal"):
        fit([1, 1], [False, False])
    with pytest.raises(InvalidInput, match="at least one paid period"):
        fit([0], [True])
    with pytest.raises(InvalidInput, match="above 0"):
        Retention(1.0, 1.0).residual_lifetime(np.array([1]), discount_rate=0.0)


PARAMETER = st.floats(0.001, 1000)


@settings(max_examples=60, deadline=None)
@given(alpha=PARAMETER, beta=PARAMETER, periods=st.integers(1, 60), renewals=st.integers(0, 60))
def test_chances_are_chances_and_hang_together(alpha, beta, periods, renewals):
    model = Retention(alpha, beta)
    paid = np.array([periods])
    now, later = (float(model.p_cancel(paid, renewals=np.array([n]))[0])
                  for n in (renewals, renewals + 1))  # fmt: skip
    assert 0 <= now <= later <= 1
    one = float(model.p_cancel(paid, renewals=np.array([1]))[0])
    assert one == pytest.approx(1 - float(model.retention(paid)[0]), rel=1e-6, abs=1e-12)
    assert float(model.retention(paid + 1)[0]) >= float(model.retention(paid)[0])
    short, long = (
        float(model.residual_lifetime(paid, discount_rate=rate)[0]) for rate in (0.2, 0.1)
    )
    assert 0 <= short <= long
