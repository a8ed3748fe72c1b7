"""Ranges: they hold as often as they should, and widen where less is known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tessera.customers.forecasting.ranges import (
    customer_ranges,
    range_of,
    total_range,
    total_spread,
)


def shop(random: np.random.Generator, customers: int) -> tuple[np.ndarray, np.ndarray]:
    """Forecasts that are a factor of the truth away from it, and what then comes."""
    truth = random.gamma(0.7, 2.0, customers)
    return truth * random.lognormal(0, 0.3, customers), random.poisson(truth).astype(float)


def test_customers_ranges_hold_at_least_as_often_as_they_should():
    random = np.random.default_rng(3)
    ranges = customer_ranges(*shop(random, 4_000))
    forecast, came = shop(random, 4_000)
    low, high = range_of(ranges, forecast)
    inside = ((low <= came) & (came <= high)).mean()
    assert 0.8 < inside < 0.97
    assert (high[forecast < 0.05] <= 1).all()  # they are not wide everywhere


def test_ranges_of_money_hold_too():
    random = np.random.default_rng(5)
    (forecast, came), (later, then) = shop(random, 4_000), shop(random, 4_000)
    price = random.gamma(4, 10, (2, 4_000))
    low, high = range_of(customer_ranges(40 * forecast, came * price[0]), 40 * later)
    money = then * price[1]
    assert 0.77 < ((low <= money) & (money <= high)).mean() < 0.95


def test_a_forecast_on_an_edge_belongs_to_the_group_below_it():
    forecast = np.arange(1.0, 101.0)
    came = np.repeat(100 * np.arange(20.0), 5)
    ranges = customer_ranges(forecast, came)
    assert len(ranges.edges) == 19
    assert len(ranges.low) == len(ranges.high) == 20
    edge = ranges.edges[0]
    below, above = range_of(ranges, np.array([edge, np.nextafter(edge, 99)]))[1]
    assert (below, above) == (edge, 100)  # the group below had none


def test_beyond_the_last_group_the_range_grows_with_the_forecast():
    ranges = customer_ranges(np.repeat([1.0, 2.0, 8.0], 50), np.repeat([1.0, 2.0, 12.0], 50))
    assert ranges.most == 8
    low, high = range_of(ranges, np.array([8.0, 16.0, 80.0]))
    assert high.tolist() == [12, 24, 120]
    assert low.tolist() == [8, 12, 12]


@given(st.lists(st.tuples(st.floats(0, 50), st.integers(0, 50)), min_size=1, max_size=40))
def test_a_forecast_is_always_inside_its_range(rows):
    forecast, came = np.array(rows, float).T
    ranges = customer_ranges(forecast, came)
    assert len(ranges.low) == len(ranges.high) == len(ranges.edges) + 1
    assert list(ranges.edges) == sorted(ranges.edges)
    asked = np.linspace(0, 100, 60)
    low, high = range_of(ranges, asked)
    assert ((low <= asked) & (asked <= high)).all()
    assert (low >= 0).all()


def test_nobody_has_no_ranges():
    assert customer_ranges(np.zeros(0), np.zeros(0)) is None


def test_a_total_without_earlier_cuts_has_the_usual_spread():
    assert total_spread(np.zeros(0)) == pytest.approx(0.13)
    assert total_spread(np.full(4, 0.13)) == pytest.approx(0.13)
    assert total_spread(np.full(6, 0.5)) == pytest.approx(((4 * 0.13**2 + 6 * 0.25) / 10) ** 0.5)


def test_a_total_is_less_certain_the_further_beyond_the_test_it_looks():
    def width(days: float) -> float:
        low, high = total_range(1_000, spread=0.1, days=days, span_days=90)
        assert low * high == pytest.approx(1_000**2)
        return float(np.log(high / low))

    assert width(30) == width(90) == pytest.approx(2 * 1.282 * 0.1)
    assert width(360) == pytest.approx(2 * width(90))


def test_ranges_of_totals_hold_in_eight_of_ten_shops():
    random = np.random.default_rng(6)
    held = []
    for _ in range(300):
        spread = 0.13 * random.lognormal(0, 0.4)
        errors = random.normal(0, spread, 6)
        low, high = total_range(1.0, spread=total_spread(errors), days=90, span_days=90)
        held.append(low <= np.exp(random.normal(0, spread)) <= high)
    assert 0.7 < np.mean(held) < 0.9
