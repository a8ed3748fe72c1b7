"""The Gamma-Gamma likelihood: the paper's formula, and derivatives against differences."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tessera.customers.spend.history import SpendHistory
from tessera.customers.spend.likelihood import FROM_SCALE, Likelihood

POINTS = [[0.0, 0.0, 0.0], [1.8, 1.3, -0.4], [-3.0, 2.0, 1.5], [6.0, -2.0, -3.0]]
REPEATS = [1, 1, 2, 3, 7, 40]
MEANS = [0.3, 2.0, 1.0, 0.8, 1.4, 1.1]
WEIGHTS = [2.0, 1.0, 5.0, 1.0, 1.0, 3.0]


@pytest.fixture
def likelihood() -> Likelihood:
    return Likelihood.of(SpendHistory.of(REPEATS, mean_spend=MEANS, weights=WEIGHTS))


def by_the_paper(*, p: float, q: float, v: float) -> float:
    total = 0.0
    for x, m, weight in zip(REPEATS, MEANS, WEIGHTS, strict=True):
        density = (
            math.lgamma(p * x + q)
            - math.lgamma(p * x)
            - math.lgamma(q)
            + q * math.log(v)
            + (p * x - 1) * math.log(m)
            + p * x * math.log(x)
            - (p * x + q) * math.log(x * m + v)
        )
        total += weight * density
    return total


@pytest.mark.parametrize("point", POINTS)
def test_the_value_is_the_papers(likelihood, point):
    p, q, v = np.exp(FROM_SCALE @ np.array(point))
    assert likelihood.at(np.array(point)).value == pytest.approx(by_the_paper(p=p, q=q, v=v))


@pytest.mark.parametrize("point", POINTS)
def test_gradient_and_hessian_are_the_differences(likelihood, point):
    here, step = np.array(point), 1e-5
    peak = likelihood.at(here)
    for place in range(3):
        move = np.zeros(3)
        move[place] = step
        ahead, behind = likelihood.at(here + move), likelihood.at(here - move)
        slope = (ahead.value - behind.value) / (2 * step)
        assert peak.gradient[place] == pytest.approx(slope, rel=1e-4, abs=1e-4)
        curve = (ahead.gradient - behind.gradient) / (2 * step)
        assert peak.hessian[place] == pytest.approx(curve, rel=1e-4, abs=1e-4)


def test_repeats_that_are_no_whole_numbers_count_too():
    whole = SpendHistory.of([2.0], mean_spend=[1.5])
    near = SpendHistory.of([2.0 + 1e-9], mean_spend=[1.5])
    at = np.array([0.5, 0.5, 0.0])
    assert Likelihood.of(near).at(at).value == pytest.approx(Likelihood.of(whole).at(at).value)
