"""A fixed interval is right for one look, an always-valid one for all looks together."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from tessera.campaigns.results.statistics.inference import NARROWEST_PEOPLE, critical_z, p_value

INFERENCES = st.sampled_from(["fixed_horizon", "always_valid"])


def test_a_fixed_horizon_is_the_normal_quantile():
    assert critical_z("fixed_horizon", people=100) == pytest.approx(stats.norm.ppf(0.975))
    assert p_value("fixed_horizon", 1.96, people=100) == pytest.approx(2 * stats.norm.sf(1.96))


@pytest.mark.parametrize(
    ("people", "times"), [(500, 1.92), (NARROWEST_PEOPLE, 1.55), (50_000, 1.66), (500_000, 1.82)]
)
def test_an_always_valid_interval_is_wider_by_half_or_more(people, times):
    wider = critical_z("always_valid", people=people) / critical_z("fixed_horizon", people=people)
    assert wider == pytest.approx(times, abs=0.01)


@given(INFERENCES, st.integers(1, 10**7), st.floats(0, 30))
def test_an_interval_reaches_zero_exactly_where_its_p_value_is_a_twentieth(inference, people, z):
    critical = critical_z(inference, people=people)
    assert p_value(inference, critical, people=people) == pytest.approx(0.05, rel=1e-6)
    assert (p_value(inference, z, people=people) < 0.05) == (z > critical) or z == pytest.approx(
        critical
    )
    assert 0 <= p_value(inference, z, people=people) <= 1


def test_at_sixty_looks_a_sequence_is_wrong_in_few_of_many_campaigns_and_a_fixed_one_in_most():
    chance, looks = np.random.default_rng(7), np.arange(100, 6_001, 100)
    sums = np.cumsum(chance.normal(0, 10, (2_000, len(looks))), axis=1)
    z = np.abs(sums / np.sqrt(looks))
    sequence = np.array([critical_z("always_valid", people=int(one)) for one in looks])
    assert (z > sequence).any(axis=1).mean() < 0.05
    assert (z > critical_z("fixed_horizon", people=1)).any(axis=1).mean() > 0.3
