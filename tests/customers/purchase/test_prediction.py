"""Predictions: what must hold for any customer under any model."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tessera.customers.purchase.history import PurchaseHistory
from tessera.customers.purchase.kinds import KINDS, model_of, parameter_names
from tessera.customers.purchase.model import PurchaseModel
from tessera.customers.purchase.prediction import next_order, order_day

POWERS = st.floats(-2, 2).map(lambda power: 10**power)


@st.composite
def models(draw: st.DrawFn, kinds: tuple[str, ...] = tuple(KINDS)) -> PurchaseModel:
    kind = draw(st.sampled_from(kinds))
    parameters = {name: draw(POWERS) for name in parameter_names(kind)}
    for name in {"alpha", "beta"} & set(parameters):
        parameters[name] *= 30
    return model_of(kind, parameters)


@st.composite
def histories(draw: st.DrawFn) -> PurchaseHistory:
    repeats = draw(st.lists(st.integers(0, 300), min_size=1, max_size=8))
    last = [draw(st.integers(count, count + 400)) * (count > 0) for count in repeats]
    age = [day + draw(st.integers(0, 400)) for day in last]
    columns = {"repeats": repeats, "last_day": last, "age_days": age}
    return PurchaseHistory(**{name: np.array(values, float) for name, values in columns.items()})


def one(repeats: float, last_day: float, age_days: float) -> PurchaseHistory:
    values = {"repeats": repeats, "last_day": last_day, "age_days": age_days}
    return PurchaseHistory(**{name: np.array([value], float) for name, value in values.items()})


def quickly(test):
    return settings(max_examples=60, deadline=None)(test)


@given(models(), histories())
@quickly
def test_chances_are_chances_and_silence_only_gets_less_likely(model, history):
    alive = model.p_alive(history)
    chances = [model.p_no_order(history, days=days) for days in (0, 1, 30, 90, 180, 3000)]
    assert ((alive >= 0) & (alive <= 1)).all()
    np.testing.assert_allclose(chances[0], 1.0)
    for sooner, later in itertools.pairwise(chances):
        assert ((later >= 0) & (later <= sooner + 1e-9)).all()


@given(models(), histories())
@quickly
def test_expectations_grow_with_the_horizon_from_nothing(model, history):
    orders = [model.expected_orders(history, days=days) for days in (0, 1, 30, 365, 3650)]
    assert (orders[0] == 0).all()
    for sooner, later in itertools.pairwise(orders):
        assert (later >= sooner * (1 - 1e-9)).all()


@given(models(), histories(), st.sampled_from([1.0, 30.0, 365.0]))
@quickly
def test_at_least_one_order_is_no_likelier_than_the_orders_expected(model, history, days):
    some = 1 - model.p_no_order(history, days=days)
    expected = model.expected_orders(history, days=days)
    assert (some <= expected * (1 + 1e-6) + 1e-9).all()


@given(models(), histories())
@quickly
def test_over_a_moment_orders_expected_are_the_chance_of_one(model, history):
    model = model_of(model.name, {**model.parameters(), "alpha": 50.0})
    some = 1 - model.p_no_order(history, days=1e-4)
    np.testing.assert_allclose(
        model.expected_orders(history, days=1e-4), some, rtol=1e-2, atol=1e-8
    )


@given(models(), histories())
@quickly
def test_a_purchase_today_never_lowers_the_chance_of_being_alive(model, history):
    # Under BG/NBD a one-time buyer is alive for certain, and stays so only until the second.
    again = (history.repeats > 0) | (model.name != "bg_nbd")
    after = PurchaseHistory(
        repeats=history.repeats + 1, last_day=history.age_days + 1, age_days=history.age_days + 1
    )
    assert (model.p_alive(after) >= model.p_alive(history) - 1e-9)[again].all()


@given(models(), histories(), st.sampled_from([0.1, 7.0]))
@quickly
def test_a_unit_of_time_changes_no_prediction(model, history, unit):
    other = model_of(model.name, model.parameters(unit_days=unit))
    scaled = PurchaseHistory(
        repeats=history.repeats, last_day=history.last_day / unit, age_days=history.age_days / unit
    )
    close = {"rtol": 1e-6, "atol": 1e-9}
    np.testing.assert_allclose(other.p_alive(scaled), model.p_alive(history), **close)
    np.testing.assert_allclose(
        other.expected_orders(scaled, days=90 / unit),
        model.expected_orders(history, days=90),
        **close,
    )
    np.testing.assert_allclose(
        other.p_no_order(scaled, days=90 / unit), model.p_no_order(history, days=90), **close
    )


@given(models(), histories())
@quickly
def test_silence_is_what_turns_one_history_into_the_next(model, history):
    """p_no_order is the ratio of two likelihoods, and silences follow each other."""
    later = PurchaseHistory(
        repeats=history.repeats, last_day=history.last_day, age_days=history.age_days + 40
    )
    both = model.p_no_order(history, days=40) * model.p_no_order(later, days=25)
    np.testing.assert_allclose(both, model.p_no_order(history, days=65), rtol=1e-6, atol=1e-12)
    ratio = model.log_likelihood(later) - model.log_likelihood(history)
    assert np.log(model.p_no_order(history, days=40)).sum() == pytest.approx(ratio, abs=1e-6)


def test_days_of_each_row_are_its_own():
    model = model_of("pareto_nbd", {"r": 0.55, "alpha": 74.0, "s": 0.6, "beta": 82.0})
    history = PurchaseHistory(
        repeats=np.array([2.0, 2, 0]), last_day=np.array([9.0, 9, 0]), age_days=np.full(3, 20.0)
    )
    days = np.array([30.0, 90.0, 7.5])
    together = model.p_no_order(history, days=days)
    single = [model.p_no_order(history, days=each)[row] for row, each in enumerate(days)]
    assert together.tolist() == pytest.approx(single, rel=1e-12)


# ---- a + b < 1, a at 1, hundreds of repeats ----------------------------------------------------


@pytest.mark.parametrize(("a", "b"), [(0.29, 0.66), (0.5, 0.5), (1e-5, 1e-5), (0.2, 0.3)])
def test_one_time_buyers_have_an_expectation_where_the_closed_form_has_none(a, b):
    """It divides by a + b - 1 + x, or by a - 1."""
    model = model_of("bg_nbd", {"r": 0.243, "alpha": 30.0, "a": a, "b": b})
    near = model_of("bg_nbd", {"r": 0.243, "alpha": 30.0, "a": a + 1e-7, "b": b})
    orders = model.expected_orders(one(0, 0, 100), days=365)[0]
    least = 1 - model.p_no_order(one(0, 0, 100), days=365)[0]
    assert least < orders < 0.243 * 365 / 130
    assert near.expected_orders(one(0, 0, 100), days=365)[0] == pytest.approx(orders, rel=1e-2)


def test_the_closed_form_holds_where_it_exists():
    from scipy.special import hyp2f1

    r, alpha, a, b, x, age, days = 0.243, 4.414, 1.7, 2.426, 3, 38.86, 39.0
    model = model_of("bg_nbd", {"r": r, "alpha": alpha, "a": a, "b": b})
    z = days / (alpha + age + days)
    series = hyp2f1(r + x, b + x, a + b + x - 1, z)
    closed = (a + b + x - 1) / (a - 1) * (1 - (1 - z) ** (r + x) * series)
    orders = model.orders_if_alive(np.array([x]), np.array([age]), days=days)[0]
    assert orders == pytest.approx(closed, rel=1e-10)


@pytest.mark.parametrize("kind", KINDS)
def test_parameters_at_their_edges_predict_numbers(kind):
    edges = (1e-9, 1.0, 1e9)
    history = PurchaseHistory(
        repeats=np.array([0.0, 0, 1, 700]),
        last_day=np.array([0.0, 0, 1, 700]),
        age_days=np.array([0.0, 700, 700, 700]),
    )
    for values in np.array(np.meshgrid(*[edges] * 4)).reshape(4, -1).T:
        model = model_of(kind, dict(zip(parameter_names(kind), values.tolist(), strict=True)))
        for chance in (model.p_alive(history), model.p_no_order(history, days=90)):
            assert ((chance >= 0) & (chance <= 1)).all()
        assert np.isfinite(model.expected_orders(history, days=365)).all()
        assert np.isfinite(model.log_likelihood(history))


# ---- the next order ----------------------------------------------------------------------------


@given(models(), histories(), st.sampled_from([0.1, 0.5, 0.9]))
@quickly
def test_the_day_of_an_order_is_the_first_with_its_chance(model, history, chance):
    def come(days):
        return 1 - model.p_no_order(history, days=days)

    day = order_day(model, history, chance=chance, horizon_days=1095)
    likely = day.likely
    assert ((come(day.days + 0.02) >= chance - 1e-7) | ~likely).all()
    first = day.days == 1
    assert ((come(np.maximum(day.days - 1.02, 0.0)) <= chance + 1e-7) | ~likely | first).all()
    assert (come(1094.98)[likely] >= chance - 1e-3).all()
    assert (come(1094.98)[~likely] <= chance + 1e-7).all()
    assert (day.days[~likely] == 0).all()
    assert ((day.days >= 1) & (day.days <= 1095))[likely].all()


def test_the_next_order_is_between_early_and_late():
    model = model_of("mbg_nbd", {"r": 0.5, "alpha": 43.0, "a": 0.9, "b": 1.6})
    history = PurchaseHistory(
        repeats=np.array([40.0, 2.0, 0.0, 40.0]),
        last_day=np.array([400.0, 30, 0, 100]),
        age_days=np.array([402.0, 60, 500, 700]),
    )
    expected = next_order(model, history)
    assert expected.early.likely.tolist() == [True, True, True, False]
    assert expected.median.likely.tolist() == [True, True, False, False]
    assert expected.late.likely.tolist() == [True, False, False, False]
    early, median, late = expected.early.days[0], expected.median.days[0], expected.late.days[0]
    assert 1 <= early <= median <= late
    assert median < 402 / 40  # who buys every ten days is due within ten
