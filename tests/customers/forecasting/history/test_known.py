"""What is known of customers on a day: against plain Python."""

from __future__ import annotations

import itertools
import statistics

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tessera.customers.forecasting.history.known import GROUPS, WINDOWS, known
from tests.behaviour import behaviour

ROW = st.tuples(
    st.integers(0, 3),  # customer
    st.integers(1, 400),  # days ago
    st.booleans(),  # bought
    st.integers(-50, 200),  # net
    st.integers(0, 9),  # lines
    st.integers(0, 2),  # views
    st.integers(0, 2),  # e-mails
    st.integers(0, 2),  # sessions
)


@given(st.lists(ROW, max_size=40, unique_by=lambda row: row[:2]), st.integers(0, 60))
def test_each_number_is_what_a_loop_counts(rows, cut):
    columns = zip(*rows, strict=True) if rows else ((),) * 8
    customer, ago, bought, net, lines, views, emails, sessions = columns
    days = behaviour(
        customer, ago, bought=bought, net=net, lines=lines, views=views, sessions=sessions,
        emails=emails, customers=4,
    )  # fmt: skip
    people, numbers = known(days, cut_days_ago=cut)
    past = [(row[0], row[1] - cut, *row[2:]) for row in rows if row[1] > cut]
    buyers = sorted({row[0] for row in past if row[2]})
    assert numbers.tolist() == buyers
    assert len(people) == len(buyers)
    for place, buyer in enumerate(buyers):
        mine = sorted((row for row in past if row[0] == buyer), key=lambda row: -row[1])
        purchases = [row[1] for row in mine if row[2]]
        gaps = [first - second for first, second in itertools.pairwise(purchases)]
        nets = [row[3] for row in mine if row[2]]
        assert people.history.repeats[place] == len(gaps)
        assert people.history.age_days[place] == purchases[0]
        assert people.silence_days[place] == purchases[-1]
        assert people.net[place] == sum(row[3] for row in mine)
        assert people.repeat_net[place] == people.net[place] - nets[0]
        assert people.last_net[place] == nets[-1]
        assert people.lines[place] == sum(row[4] for row in mine)
        assert people.mean_net[place] == people.net[place] / len(purchases)
        assert people.gap_days[place] == (statistics.mean(gaps) if gaps else purchases[0])
        spread = statistics.stdev(gaps) if len(gaps) > 1 else 0.0
        assert people.gap_spread_days[place] == pytest.approx(spread, abs=1e-5)
        for window in WINDOWS:
            assert people.recent[window][place] == sum(day <= window for day in purchases)
        for name, cell in (("view", 5), ("email", 6)):
            seen = [row[1] for row in mine if row[cell]]
            lately = sum(row[cell] for row in mine if row[1] <= 30)
            assert getattr(people, f"{name}s_30d")[place] == lately
            last = getattr(people, f"last_{name}_days")[place]
            assert last == min(seen) if seen else np.isnan(last)
        assert people.sessions[place] == sum(row[7] for row in mine)
        lately = sum(row[7] for row in mine if row[1] <= 30)
        assert people.sessions_30d[place] == lately
        new = purchases[0] <= 30
        group = "new" if new else "repeated" if gaps else "bought_once"
        assert GROUPS[people.group[place]] == group


def test_some_customers_are_the_same_customers():
    days = behaviour([0, 0, 1, 2, 2], [90, 20, 40, 200, 100], net=[5, 6, 7, 8, 9])
    people, _ = known(days)
    for rows in (slice(1, 3), np.array([1, 2])):
        some = people.take(rows)
        assert some.net.tolist() == [7, 17]
        assert some.history.repeats.tolist() == [0, 1]
        assert some.recent[90].tolist() == [1, 0]
        assert some.group.tolist() == [1, 2]
