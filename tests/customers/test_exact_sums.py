"""Sums of floats: those of exact fractions, in any order and from any parts."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tessera.customers.exact_sums import ExactSums

floats = st.floats(-1e300, 1e300)


def total(*parts):
    sums = ExactSums()
    for part in parts:
        sums.add(np.asarray(part, np.float64))
    return sums[0]


@given(st.lists(floats, max_size=40), st.integers(0, 40))
def test_the_sum_is_the_nearest_float_in_any_order_and_any_parts(values, place):
    expected = math.fsum(values)
    assert total(values) == total(values[::-1]) == total(values[place:], values[:place]) == expected


def test_small_values_are_not_lost_beside_large_ones():
    assert total([1e16, 1.0, -1e16], [5e-324]) == 1.0
    assert total([5e-324, 5e-324]) == 1e-323
    assert total() == total([]) == 0.0


def test_groups_are_summed_apart():
    sums = ExactSums(3)
    sums.add(np.array([0.1, 0.2, 0.3]), groups=np.array([0, 2, 0], np.int16))
    sums.add(np.array([1e9]), groups=np.array([2]))
    assert [sums[group] for group in range(3)] == [0.4, 0.0, math.fsum([0.2, 1e9])]


def test_a_million_values_are_exact():
    values = np.random.default_rng(5).gamma(0.1, 1e4, 300_000)
    assert total(values) == math.fsum(values.tolist())
