"""The integrals: against identities and sums that need no quadrature."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import betainc

from tessera.customers.purchase.quadrature import Tails, beta_mean


def tail(p: float, q: float, first: float, second: float) -> Tails:
    return Tails(*(np.array([value]) for value in (p, q, first, second)))


def powers(low: float, high: float) -> st.SearchStrategy[float]:
    return st.floats(low, high).map(lambda power: 10**power)


def off_by_parts(p: float, q: float, first: float, second: float) -> float:
    """By how much first^-p second^-q is not p times one tail plus q times another, in logs."""
    parts = [
        np.log(p) + tail(p + 1, q, first, second).logs()[0],
        np.log(q) + tail(p, q + 1, first, second).logs()[0],
    ]
    whole = -p * np.log(first) - q * np.log(second)
    return abs(np.logaddexp(*parts) - whole) / max(1.0, abs(whole))


@given(powers(-3, 3), powers(-3, 1), powers(-2, 4), powers(-3, 3))
@settings(max_examples=150, deadline=None)
def test_tails_obey_integration_by_parts(p, q, first, ratio):
    assert off_by_parts(p, q, first, first * ratio) < 1e-8


@given(powers(-3, 3), powers(-3, 1), powers(-2, 4), powers(-6, 6))
@settings(max_examples=100, deadline=None)
def test_tails_of_rates_a_million_times_apart_keep_four_digits(p, q, first, ratio):
    assert off_by_parts(p, q, first, first * ratio) < 1e-4


@pytest.mark.parametrize("p", [0.3, 2.0, 500.0])
def test_tails_of_one_power_are_elementary(p):
    integral = tail(p, 0.8, 3.0, 3.0).logs()[0]
    assert integral == pytest.approx((0.2 - p) * np.log(3.0) - np.log(p - 0.2), rel=1e-11)


@pytest.mark.parametrize(
    "point", [(0.9, 0.6, 10.0, 12.0), (1.2, 1.0001, 9.0, 3000.0), (300.0, 0.3, 50.0, 2.0)]
)
def test_slopes_of_tails_are_their_differences(point):
    logs, slopes = tail(*point).slopes()
    assert logs == tail(*point).logs()
    for slope, index in zip(slopes[:, 0], (0, 2, 1, 3), strict=True):
        value = point[index]
        up, down = list(point), list(point)
        up[index], down[index] = value * (1 + 1e-5), value * (1 - 1e-5)
        expected = (tail(*up).logs()[0] - tail(*down).logs()[0]) / (2e-5 * value)
        assert slope == pytest.approx(expected, rel=1e-5)


def purchases_one_by_one(a: float, b: float, shape: float, ratio: float) -> float:
    """The k-th next purchase happens if there is time for it, and no dropout before it."""
    total, survived, k = 0.0, 1.0, 0
    while True:
        time = survived * betainc(k + 1, shape, ratio / (1 + ratio))
        total += time
        if time < 1e-14 * total:
            return total
        survived *= (b + k) / (a + b + k)
        k += 1


@given(powers(-3, 2), powers(-3, 2.5), powers(-2, 2), powers(-3, 1.3))
@settings(max_examples=150, deadline=None)
def test_the_mean_over_chances_is_the_sum_over_purchases(a, b, shape, ratio):
    mean = beta_mean(
        a=a,
        b=np.array([b]),
        which=np.array([0]),
        shape=np.array([shape]),
        ratio=np.array([ratio]),
    )
    assert mean[0] == pytest.approx(purchases_one_by_one(a, b, shape, ratio), rel=1e-6)
