"""Tails and quantiles are SciPy's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special, stats

from tessera.campaigns.results.statistics.distributions import (
    binomial_at_most,
    incomplete_beta,
    normal_quantile,
    normal_tail,
    student_quantile,
)

NEAR = {"rel": 1e-9, "abs": 1e-12}


@given(st.floats(0.1, 1e4), st.floats(0.1, 1e4), st.floats(0, 1))
def test_the_incomplete_beta_function(a, b, x):
    assert incomplete_beta(a, b, x) == pytest.approx(special.betainc(a, b, x), rel=1e-8, abs=1e-12)


@given(st.integers(0, 400), st.integers(1, 400), st.floats(0.01, 0.99))
def test_the_binomial_distribution(count, of, share):
    expected = stats.binom.cdf(count, of, share)
    assert binomial_at_most(count, of=of, share=share) == pytest.approx(expected, **NEAR)


@pytest.mark.parametrize("count", [-1, 99_000, 100_000, 100_500])
def test_a_million_people(count):
    expected = stats.binom.cdf(count, 1_000_000, 0.1)
    assert binomial_at_most(count, of=1_000_000, share=0.1) == pytest.approx(
        expected, rel=1e-6, abs=1e-12
    )


@pytest.mark.parametrize("freedom", [1, 2.5, 30, 1e3, 1e6])
@pytest.mark.parametrize("level", [0.6, 0.975, 0.9999])
def test_students_quantiles(freedom, level):
    expected = stats.t.ppf(level, freedom)
    assert student_quantile(level, freedom=freedom) == pytest.approx(expected, rel=1e-8)


@pytest.mark.parametrize("z", [-3.0, 0.0, 1.96, 12.0])
def test_the_normal_distribution(z):
    assert normal_tail(z) == pytest.approx(stats.norm.sf(z), rel=1e-12)
    assert normal_quantile(0.975) == pytest.approx(stats.norm.ppf(0.975), rel=1e-12)
