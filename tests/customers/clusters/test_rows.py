"""Buyers as K-Means takes them: however they come in blocks, and whatever their order."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tessera.customers.clusters import fitting
from tessera.customers.clusters import grid as grids
from tessera.customers.clusters.fitting import fit_rows
from tessera.customers.clusters.rows import BuyerRows
from tessera.errors import InvalidInput

SMALL = st.tuples(st.integers(0, 3), st.integers(1, 3), st.integers(-1, 2), st.integers(1, 4))


def filled(rows, *places):
    buyers, start = BuyerRows.empty(len(rows)), 0
    for block in np.split(np.array(rows, np.int64).reshape(-1, 4), places):
        recency, orders, money, customers = block.T
        start = buyers.fill(
            start, recency_days=recency, frequency=orders, monetary=money, customers=customers
        )
    return buyers


@given(st.lists(SMALL, max_size=30), st.integers(0, 30))
def test_distinct_rows_have_the_customers_and_the_money_of_all(rows, place):
    expected: dict[tuple[int, int, int], list[int]] = {}
    for recency, orders, money, customers in rows:
        one = expected.setdefault((recency, orders, max(money, 0)), [0, 0])
        one[0] += customers
        one[1] += money * customers
    distinct = filled(rows, place).distinct()
    features = np.expm1(distinct.features) * [1, 1, 10_000]
    made = zip(
        map(tuple, features.round().astype(int).tolist()),
        zip(distinct.weights.tolist(), distinct.money.tolist(), strict=True),
        strict=True,
    )
    assert {key: [*values] for key, values in made} == expected
    assert [*map(tuple, distinct.features.tolist())] == sorted(
        map(tuple, distinct.features.tolist())
    )


def test_how_many_rows_are_taken_at_once_leaves_no_trace(monkeypatch):
    rng = np.random.default_rng(6)
    rows = np.column_stack(
        [
            rng.integers(1, 300, 900),
            rng.geometric(0.3, 900),
            rng.integers(-(10**4), 10**7, 900),
            rng.integers(1, 3, 900),
        ]
    )
    monkeypatch.setattr(fitting, "MOST_CELLS", 200)
    whole = fit_rows(filled(rows), k=4, seed=1)
    monkeypatch.setattr(grids, "_BLOCK", 70)
    assert fit_rows(filled(rows, 100, 101, 640), k=4, seed=1) == whole


def test_a_row_of_nobody():
    with pytest.raises(InvalidInput, match="stand for a customer"):
        filled([(1, 1, 1, 0)])
