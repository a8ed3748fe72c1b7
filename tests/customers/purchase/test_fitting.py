"""Fitting: gradients, weights, units, edges, and that a known process is found again."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.simulate import drawn
from tessera.customers.purchase.fitting import fit, refit
from tessera.customers.purchase.history import PurchaseHistory
from tessera.customers.purchase.kinds import KINDS, model_of, parameter_names
from tessera.customers.purchase.likelihood import Sample, value_and_slopes
from tessera.errors import InvalidInput

TRUE = {"r": 0.6, "alpha": 60.0, "a": 0.8, "b": 3.0}


def simulated(customers: int, *, seed: int, most_days: int = 730) -> PurchaseHistory:
    """Customers of a BG/NBD process whose purchases are counted by whole days."""
    repeats, last, age = drawn(customers, parameters=TRUE, seed=seed, most_days=most_days)
    return PurchaseHistory(repeats=repeats, last_day=last, age_days=age)


def rows(*columns: list[float]) -> PurchaseHistory:
    names = ("repeats", "last_day", "age_days", "weights")
    return PurchaseHistory(
        **{name: np.array(column, float) for name, column in zip(names, columns, strict=False)}
    )


POWERS = st.floats(-1.5, 1.5).map(lambda power: 10**power)


@pytest.mark.parametrize("kind", KINDS)
@given(st.tuples(POWERS, POWERS, POWERS, POWERS))
@settings(max_examples=25, deadline=None)
def test_slopes_are_the_differences_of_the_log_likelihood(kind, values):
    history = rows(
        [0, 0, 1, 1, 4, 150], [0, 0, 2, 9, 7, 30], [0, 9, 9, 9, 20, 31], [5, 1, 2, 1, 1, 1]
    )
    sample = Sample.of(history)
    parameters = dict(zip(parameter_names(kind), values, strict=True))
    _, slopes = value_and_slopes(model_of(kind, parameters), sample)
    for name, slope in zip(parameters, slopes, strict=True):
        step = 1e-5 * parameters[name]
        up, down = (
            value_and_slopes(model_of(kind, {**parameters, name: parameters[name] + by}), sample)[0]
            for by in (step, -step)
        )
        scale = 1 + abs(up) / parameters[name]
        assert slope == pytest.approx((up - down) / (2 * step), abs=1e-6 * scale)


@pytest.mark.parametrize("kind", KINDS)
def test_weights_are_as_good_as_repeated_rows(kind):
    some = simulated(300, seed=1)
    copies = np.random.default_rng(1).integers(1, 4, len(some))
    weighted = fit(dataclasses.replace(some, weights=copies.astype(float)), kind=kind)
    repeated = fit(some.take(np.repeat(np.arange(len(some)), copies)), kind=kind)
    assert weighted.model.parameters() == pytest.approx(repeated.model.parameters(), rel=1e-9)
    assert weighted.log_likelihood == pytest.approx(repeated.log_likelihood, rel=1e-12)
    assert weighted.standard_errors == pytest.approx(repeated.standard_errors, rel=1e-6)
    assert weighted.customers == repeated.customers == copies.sum()


@pytest.mark.parametrize("kind", KINDS)
def test_a_unit_of_time_scales_rates_and_nothing_else(kind):
    days = simulated(2000, seed=2)
    weeks = dataclasses.replace(days, last_day=days.last_day / 7, age_days=days.age_days / 7)
    by_days, by_weeks = fit(days, kind=kind).model, fit(weeks, kind=kind).model
    assert by_weeks.parameters() == pytest.approx(by_days.parameters(unit_days=7), rel=1e-4)
    np.testing.assert_allclose(by_weeks.p_alive(weeks), by_days.p_alive(days), rtol=1e-4)
    np.testing.assert_allclose(
        by_weeks.expected_orders(weeks, days=10), by_days.expected_orders(days, days=70), rtol=1e-4
    )


def test_the_order_of_customers_does_not_matter():
    some = simulated(500, seed=3)
    mixed = some.take(np.random.default_rng(3).permutation(len(some)))
    assert fit(mixed, kind="bg_nbd").model == fit(some, kind="bg_nbd").model


def test_the_parameters_behind_the_customers_are_found():
    fitted = fit(simulated(60_000, seed=4), kind="bg_nbd")
    assert fitted.standard_errors is not None
    for name, value in fitted.model.parameters().items():
        # Two purchases on one day count once, which costs a little more than chance explains.
        assert abs(value - TRUE[name]) < 4 * fitted.standard_errors[name] + 0.01 * TRUE[name]
    assert fitted.warnings == ()


@pytest.mark.parametrize("kind", ["bg_nbd", "mbg_nbd"])
def test_a_start_on_cells_ends_where_a_start_on_all_rows_does(kind, monkeypatch):
    many = simulated(60_000, seed=5)
    shortcut = fit(many, kind=kind)
    monkeypatch.setattr("tessera.customers.purchase.coarse.ENOUGH_ROWS", 1_000_000)
    whole = fit(many, kind=kind)
    assert shortcut.log_likelihood == pytest.approx(whole.log_likelihood, abs=1e-5)
    assert shortcut.model.parameters() == pytest.approx(whole.model.parameters(), rel=1e-5)


def test_other_starts_find_the_same_peak():
    some = simulated(2000, seed=6)
    fits = [fit(some, kind="mbg_nbd", seed=seed) for seed in (0, 1)]
    assert fits[0].model.parameters() == pytest.approx(fits[1].model.parameters(), rel=1e-4)


@pytest.mark.parametrize("kind", KINDS)
def test_a_model_of_like_customers_leads_to_the_same_peak(kind):
    history = simulated(1500, seed=3)
    alone, near = fit(history, kind=kind), fit(simulated(1500, seed=4), kind=kind)
    again = refit(history, near=near.model)
    assert again.name == kind
    assert again.log_likelihood(history) == pytest.approx(alone.log_likelihood, rel=1e-9)
    assert again.log_likelihood(history) > near.model.log_likelihood(history)


def test_nobody_has_no_model_near_another():
    near = fit(simulated(200, seed=3), kind="bg_nbd").model
    with pytest.raises(InvalidInput, match="no customers to learn from"):
        refit(rows([], [], []), near=near)


def test_a_fit_takes_as_long_as_its_clock_says():
    clock = iter([10.0, 12.5])
    fitted = fit(rows([0, 1], [0, 5], [9, 9]), kind="bg_nbd", clock=lambda: next(clock))
    assert fitted.seconds == 2.5


def test_a_fit_needs_a_known_kind_and_a_customer():
    with pytest.raises(InvalidInput, match="expected one of bg_nbd, mbg_nbd, pareto_nbd"):
        fit(rows([0], [0], [9]), kind="nbd")
    with pytest.raises(InvalidInput, match="expected one of"):
        model_of("nbd", {})
    for nobody in (rows([], [], []), rows([1], [4], [9], [0])):
        with pytest.raises(InvalidInput, match="no customers"):
            fit(nobody, kind="bg_nbd")


# ---- edges -----------------------------------------------------------------------------------

AGES = np.random.default_rng(7).integers(1, 700, 300)
EDGES = {
    "nobody came back": rows([0] * 300, [0] * 300, AGES.tolist()),
    "one customer": rows([1], [5], [10]),
    "all on their first day": rows([0] * 5, [0] * 5, [0] * 5),
    "all alike": rows([3] * 300, [30] * 300, [40] * 300),
    "every day": rows([700] * 50, [700] * 50, [700] * 50),
    "never again after the second": rows([1] * 300, [1] * 300, (300 + AGES).tolist()),
    "like clockwork": rows((AGES // 30).tolist(), (AGES // 30 * 30).tolist(), AGES.tolist()),
    "hundreds": rows([300, 250, 0, 1, 699], [699, 300, 0, 3, 700], [700] * 5),
    "decades": rows([0, 1, 5], [0, 3000, 20000], [30000] * 3),
    "milliseconds": rows([0, 1, 5], [0, 1e-8, 2e-8], [3e-8] * 3),
    "a billion": rows([0, 1, 4], [0, 1, 30], [40, 44, 50], [1e9, 3e8, 1e7]),
}
ANYONE = rows([0, 0, 1, 1, 300, 500], [0, 0, 1, 700, 300, 700], [0, 700, 700, 700, 700, 700])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", EDGES)
def test_an_edge_gives_numbers_that_are_numbers(name, kind):
    fitted = fit(EDGES[name], kind=kind)
    errors = (fitted.standard_errors or {}).values()
    assert all(map(math.isfinite, [fitted.log_likelihood, *fitted.model.parameters().values()]))
    assert all(error > 0 and math.isfinite(error) for error in errors)
    for history in (EDGES[name], ANYONE):
        for chance in (fitted.model.p_alive(history), fitted.model.p_no_order(history, days=90)):
            assert ((chance >= 0) & (chance <= 1)).all()
        orders = fitted.model.expected_orders(history, days=365)
        assert (np.isfinite(orders) & (orders >= 0)).all()


@pytest.mark.parametrize(
    ("name", "kind", "warning"),
    [
        ("nobody came back", "bg_nbd", "nobody has bought on a second day"),
        ("one customer", "mbg_nbd", "only 1 customer has"),
        ("hundreds", "bg_nbd", "only 4 customers have"),
        ("all alike", "pareto_nbd", "no sign of dropping out"),
        ("all alike", "bg_nbd", "nearly the same rate"),
        ("never again after the second", "mbg_nbd", "drop out with nearly the same chance"),
        ("never again after the second", "pareto_nbd", "drop out at nearly the same rate"),
        ("every day", "pareto_nbd", "edge of its range"),
        ("all on their first day", "bg_nbd", "flat around its top"),
    ],
)
def test_an_edge_is_a_warning(name, kind, warning):
    assert any(warning in text for text in fit(EDGES[name], kind=kind).warnings)
