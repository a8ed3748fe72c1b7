"""Days, cut and sampled: against plain Python, and what is refused."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tessera.customers.forecasting.history.behaviour import BehaviourDays, outcome
from tessera.errors import InvalidInput
from tests.behaviour import behaviour

ROWS = st.lists(
    st.tuples(
        st.integers(0, 4),  # customer
        st.integers(1, 300),  # days ago
        st.booleans(),  # bought
        st.integers(-50, 200),  # net
    ),
    max_size=40,
    unique_by=lambda row: row[:2],
)


def days_of(rows: list[tuple[int, int, bool, int]]) -> BehaviourDays:
    customer, ago, bought, net = zip(*rows, strict=True) if rows else ((),) * 4
    return behaviour(customer, ago, bought=bought, net=net, customers=5)


def rows_of(days: BehaviourDays) -> list[tuple[int, int, bool, float]]:
    columns = (days.customer, days.days_ago, days.bought, days.net)
    return list(zip(*(column.tolist() for column in columns), strict=True))


@given(ROWS, st.integers(0, 310))
def test_a_cut_keeps_what_was_known_then(rows, cut):
    before = days_of(rows).until(cut)
    kept = [(who, ago - cut, bought, net) for who, ago, bought, net in rows if ago > cut]
    assert sorted(rows_of(before)) == sorted(kept)
    assert before.customers == 5
    assert before.span_days == max((ago for _, ago, bought, _ in kept if bought), default=0)


@given(ROWS, st.integers(0, 300), st.integers(0, 100))
def test_an_outcome_is_what_happened_in_the_days_after_a_cut(rows, cut, window):
    came = outcome(days_of(rows), np.arange(5), cut_days_ago=cut, window_days=window)
    for customer in range(5):
        inside = [row for row in rows if row[0] == customer and cut - window < row[1] <= cut]
        assert came.orders[customer] == sum(bought for _, _, bought, _ in inside)
        assert came.net[customer] == sum(net for *_, net in inside)


@given(ROWS, st.integers(1, 5))
def test_a_sample_has_the_buyers_of_the_lowest_ranks(rows, most):
    days = days_of(rows)
    buyers = sorted({row[0] for row in rows if row[2]}, key=lambda who: days.rank[who])
    sample = days.sample(most)
    if len(buyers) <= most:
        assert sample is days
        return
    chosen = sorted(buyers[:most])
    assert sample.customers == most
    assert sample.rank.tolist() == days.rank[chosen].tolist()
    again = [(chosen[who], ago, bought, net) for who, ago, bought, net in rows_of(sample)]
    assert again == [row for row in rows_of(days) if row[0] in chosen]


def test_customers_of_the_future_do_not_change_a_sample():
    past = behaviour([0, 1, 2, 3], [50, 60, 70, 80], customers=400)
    later = behaviour([0, 1, 2, 3, *range(4, 400)], [50, 60, 70, 80, *[9] * 396])
    one, other = past.until(10).sample(2), later.until(10).sample(2)
    assert rows_of(one) == rows_of(other)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"net": np.zeros(2)}, "net has not one value for each row"),
        ({"customer": np.array([1, 0, 1])}, "ascend by customer and day"),
        ({"days_ago": np.array([3, 3, 4])}, "one a day"),
        ({"days_ago": np.array([3, 4, 4])}, "ascend by customer and day"),
        ({"days_ago": np.array([3, 0, 4])}, "not past"),
        ({"customer": np.array([-1, 0, 1])}, "no rank"),
        ({"rank": np.zeros(1)}, "no rank"),
    ],
)
def test_rows_that_cannot_be_days_are_refused(changes, message):
    days = behaviour([0, 0, 1], [9, 5, 4])
    with pytest.raises(InvalidInput, match=message):
        dataclasses.replace(days, **changes)
