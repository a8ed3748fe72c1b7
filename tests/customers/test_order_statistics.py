"""Values by their rank: those of a sorted list, however the values are cut and however many."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tessera.customers import order_statistics
from tessera.customers.order_statistics import OrderStatistics, counted

whole_numbers = st.integers(-(2**63), 2**63 - 1)
close_together = st.integers(-3, 3)
numbers = st.one_of(
    st.lists(whole_numbers | close_together, min_size=1, max_size=60).map(
        lambda values: np.array(values, np.int64)
    ),
    st.lists(
        st.floats(allow_nan=False) | st.sampled_from([0.0, 1.0, 1.5, 1e-300]),
        min_size=1,
        max_size=60,
    ).map(lambda values: np.array(values, np.float64)),
)
cuts = st.lists(st.integers(0, 60), max_size=4).map(sorted)
few_values = st.sampled_from([1, 7, 100])


def in_parts(values, places, *, few, monkey):
    monkey.setattr(order_statistics, "_FEW", few)
    return OrderStatistics(lambda: iter(np.split(values, places)))


@settings(deadline=None, max_examples=60)
@given(values=numbers, places=cuts, few=few_values)
def test_any_cut_gives_what_sorting_gives(values, places, few):
    ordered = np.sort(values).tolist()
    ranks = [0, len(values) // 3, len(values) // 2, len(values) - 1]
    with pytest.MonkeyPatch.context() as monkey:
        statistics = in_parts(values, places, few=few, monkey=monkey)
        assert len(statistics) == len(values)
        assert statistics.at(ranks) == [ordered[rank] for rank in ranks]
        assert statistics.around([ordered[rank] for rank in ranks]) == [
            (int((values < ordered[rank]).sum()), int((values <= ordered[rank]).sum()))
            for rank in ranks
        ]


def test_few_readings_find_a_rank_among_many(monkeypatch):
    monkeypatch.setattr(order_statistics, "_FEW", 100)
    values = np.random.default_rng(2).normal(size=20_000)
    readings = []

    def blocks():
        readings.append(1)
        return iter(np.split(values, 7 * [0] + [5_000, 6_000]))

    statistics = OrderStatistics(blocks)
    assert statistics.at([9_999]) == [np.sort(values)[9_999]]
    assert len(readings) <= 6  # its size and type, three times 16 bits, and the few that are left


def test_both_zeros_are_the_same(monkeypatch):
    monkeypatch.setattr(order_statistics, "_FEW", 1)
    values = np.array([0.0, -0.0, 0.0, -0.0])
    assert [str(value) for value in OrderStatistics(lambda: (values,)).at([0, 3])] == ["0.0"] * 2


def test_a_rank_that_nobody_has():
    nobody = OrderStatistics(lambda: ())
    assert (len(nobody), nobody.at([])) == (0, [])
    with pytest.raises(IndexError, match="0 values"):
        nobody.at([0])


@given(st.lists(close_together, max_size=40), cuts)
def test_numbers_are_counted_in_parts(values, places):
    array = np.array(values, np.int64)
    distinct, counts = counted(np.split(array, places))
    expected = {value: values.count(value) for value in sorted(set(values))}
    assert dict(zip(distinct.tolist(), counts.tolist(), strict=True)) == expected
