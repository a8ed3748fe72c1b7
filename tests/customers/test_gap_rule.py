"""The gap rule: a customer's own rhythm, everybody's for those without one, and its edges."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tessera.customers.gap_rule import STATES, Gaps, GapStates, everybodys_gaps, gap_states
from tessera.customers.purchase.history import PurchaseHistory
from tessera.errors import InvalidInput
from tests import reference
from tests.histories import SHOPS


def history(rows, *, weights=None) -> PurchaseHistory:
    """Rows of repeats, last day, age."""
    repeats, last_day, age_days = np.array(rows, float).reshape(-1, 3).T
    return PurchaseHistory(
        repeats=repeats,
        last_day=last_day,
        age_days=age_days,
        weights=np.ones(len(repeats)) if weights is None else np.array(weights, float),
    )


def names(states: GapStates) -> list[str]:
    return [STATES[place] for place in states.state.tolist()]


@st.composite
def histories(draw) -> PurchaseHistory:
    rows = draw(
        st.lists(
            st.tuples(st.integers(0, 60), st.integers(1, 700), st.integers(0, 700)),
            min_size=1,
            max_size=30,
        )
    )
    return history([(x, last if x else 0, (last if x else 0) + since) for x, last, since in rows])


def test_a_customer_is_judged_by_the_own_gaps():
    # Gaps of 10, 10, 10, 20, 40 days: 80 % of them are within 20.
    gaps = Gaps(usual_days=np.full(4, 20.0), longest_days=np.full(4, 40.0))
    rows = history([(5, 90, 90 + silent) for silent in (20, 21, 40, 41)])
    states = gap_states(rows, gaps=gaps)
    assert names(states) == ["active", "at_risk", "at_risk", "lapsed"]
    assert states.silent_days.tolist() == [20, 21, 40, 41]
    assert states.own.all()


def test_too_few_gaps_are_judged_by_everybodys():
    rhythm = [(1, gap, 500) for gap in range(10, 110)]  # gaps of 10 … 109 days
    states = gap_states(history([*rhythm, (0, 0, 89), (0, 0, 90), (0, 0, 105)]))
    assert not states.own.any()
    assert states.at_risk_after_days[-1] == 89
    assert states.lapsed_after_days[-1] == 104
    assert names(states)[-3:] == ["active", "at_risk", "lapsed"]


def test_expected_gaps_are_those_of_purchases_at_random_times():
    rng = np.random.default_rng(8)
    moments = np.sort(rng.uniform(0, 100, (20_000, 6)), axis=1)
    gaps = np.sort(np.diff(moments, prepend=0, append=100, axis=1), axis=1)
    expected = Gaps.expected(history([(7, 100, 100)]))
    assert expected.longest_days[0] == pytest.approx(gaps[:, -1].mean(), rel=0.01)
    assert expected.usual_days[0] == pytest.approx(gaps[:, 5].mean(), rel=0.01)  # 6 of 7 gaps


def test_a_burst_of_daily_purchases_lapses_nobody_within_a_week():
    states = gap_states(history([(6, 6, 13), (6, 6, 14)]))
    assert names(states) == ["active", "lapsed"]


def test_where_nobody_bought_twice_nothing_is_known():
    states = gap_states(history([(0, 0, 3), (0, 0, 900)]))
    assert names(states) == ["unknown", "unknown"]
    assert names(gap_states(history([]))) == []


@settings(deadline=None)
@given(histories(), st.integers(1, 400))
def test_more_silence_never_makes_anyone_more_active(customers, days):
    later = PurchaseHistory(
        repeats=customers.repeats,
        last_day=customers.last_day,
        age_days=customers.age_days + days,
    )
    now, then = gap_states(customers), gap_states(later)
    assert (then.state >= now.state).all()
    assert (now.lapsed_after_days >= now.at_risk_after_days).all()
    assert (now.at_risk_after_days == then.at_risk_after_days).all()


@settings(deadline=None)
@given(histories(), st.integers(1, 4))
def test_equal_customers_may_be_one_weighted_row(customers, copies):
    weighted = PurchaseHistory(
        repeats=customers.repeats,
        last_day=customers.last_day,
        age_days=customers.age_days,
        weights=np.full(len(customers), float(copies)),
    )
    apart = customers.take(np.repeat(np.arange(len(customers)), copies))
    assert (
        np.repeat(gap_states(weighted).state, copies).tolist() == gap_states(apart).state.tolist()
    )


@given(histories(), histories())
def test_some_customers_are_judged_by_everybodys_gaps(some, others):
    columns = ("repeats", "last_day", "age_days")
    everyone = history(
        [*zip(*(np.r_[getattr(some, c), getattr(others, c)] for c in columns), strict=True)]
    )
    again = everyone.repeats > 0
    gaps = everybodys_gaps(everyone.last_day[again] / everyone.repeats[again])
    apart = [gap_states(part, everybodys=gaps).state for part in (some, others)]
    assert np.concatenate(apart).tolist() == gap_states(everyone).state.tolist()


def real_shop(shop):
    repeats, last, age, later = reference.columns(
        f"oracles/clv/{shop}_lifetimes_predictions",
        "frequency_cal", "recency_cal", "T_cal", "frequency_holdout",
    ).values()  # fmt: skip
    return history([*zip(repeats, np.round(7 * last), np.round(7 * age), strict=True)]), later > 0


@pytest.mark.parametrize("shop", ["cdnow_sample", "online_retail", "boutique", "grocer"])
def test_the_states_come_back_less_and_less(shop):
    if shop in SHOPS:
        customers, came_back = SHOPS[shop].drawn.history, SHOPS[shop].drawn.orders > 0
    else:
        customers, came_back = real_shop(shop)
    labels = np.array(names(gap_states(customers)))
    active, at_risk, lapsed = (
        came_back[labels == state].mean() for state in ("active", "at_risk", "lapsed")
    )
    assert active > at_risk + 0.1
    assert at_risk > lapsed + 0.1


def test_gaps_of_other_customers_are_refused():
    with pytest.raises(InvalidInput, match="gaps have the shapes"):
        gap_states(history([(1, 2, 3)]), gaps=Gaps(usual_days=np.ones(2), longest_days=np.ones(2)))
