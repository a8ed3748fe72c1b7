"""The spend model: the published expectations, shrinkage, and its record."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tessera.customers.spend.gamma_gamma import SpendModel
from tessera.customers.spend.history import SpendHistory
from tessera.errors import InvalidInput
from tessera.records.codec import decode, encode
from tessera.records.scoring.forecast_models import SpendParameters

PUBLISHED = SpendModel(p=6.25, q=3.74, v=15.44, population_mean=6.25 * 15.44 / 2.74)


def test_the_first_ten_customers_of_cdnow_are_as_published(peers):
    columns = peers("cdnow_sample")
    history = SpendHistory.of(
        columns["frequency_cal"][:10], mean_spend=columns["monetary_value_cal"][:10]
    )
    published = [24.65, 18.91, 35.17, 35.17, 35.17, 71.46, 18.91, 35.17, 27.28, 35.17]
    assert PUBLISHED.expected_mean_spend(history) == pytest.approx(published, abs=0.1)


@given(st.integers(1, 300), st.floats(0.01, 1e6))
def test_an_expectation_lies_between_the_own_mean_and_everybodys(repeats, mean):
    (expected,) = PUBLISHED.expected_mean_spend(SpendHistory.of([repeats], mean_spend=[mean]))
    everybody = PUBLISHED.population_mean
    assert min(mean, everybody) * (1 - 1e-9) <= expected <= max(mean, everybody) * (1 + 1e-9)
    p, q, v = PUBLISHED.p, PUBLISHED.q, PUBLISHED.v
    assert expected == pytest.approx(p * (v + repeats * mean) / (p * repeats + q - 1))


def test_more_purchases_weigh_more():
    history = SpendHistory.of([1, 2, 5, 50], mean_spend=[100.0] * 4)
    expected = PUBLISHED.expected_mean_spend(history)
    assert (np.diff(expected) > 0).all()
    assert expected[-1] == pytest.approx(100.0, rel=0.02)


def test_without_a_finite_mean_expectations_still_lie_between():
    model = SpendModel(p=2.0, q=0.5, v=3.0, population_mean=20.0, finite_mean=False)
    expected = model.expected_mean_spend(SpendHistory.of([0, 1, 9], mean_spend=[0, 80.0, 80.0]))
    assert expected[0] == 20.0
    assert 20 < expected[1] < expected[2] < 80


def test_a_record_is_read_back():
    assert SpendModel.of(decode(SpendParameters, encode(PUBLISHED), document="spend")) == PUBLISHED
    with pytest.raises(InvalidInput, match="expected one of 'gamma_gamma'"):
        decode(SpendParameters, encode(PUBLISHED) | {"name": "bg_nbd"}, document="spend")
