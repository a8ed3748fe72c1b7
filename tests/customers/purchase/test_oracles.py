"""Purchase models against lifetimes, CLVTools, BTYD and the published figures."""

from __future__ import annotations

import functools
import re

import numpy as np
import pytest

from tessera.customers.purchase.fitting import Fitted, fit
from tessera.customers.purchase.history import PurchaseHistory
from tessera.customers.purchase.kinds import model_of
from tests import reference

PEERS = {"bg_nbd": "bgnbd", "mbg_nbd": "mbgnbd", "pareto_nbd": "pnbd"}
SPLITS = {
    "cdnow_sample": "cdnow_sample_split19970930",
    "online_retail": "online_retail_split20110909",
}


BTYD = [("bg_nbd", "bgnbd", "r alpha a b"), ("pareto_nbd", "pnbd", "r alpha s beta")]
NUMBERS = re.compile(
    r"frequency|recency|T_|.*palive|.*holdout|x$|t\.x|T\.cal|period.len|CET|.*cet|PAl"
)


def columns(name: str) -> dict[str, np.ndarray]:
    """The histories and predictions in a peer's file."""
    names = filter(NUMBERS.match, reference.rows(f"oracles/clv/{name}")[0])
    return reference.columns(f"oracles/clv/{name}", *names)


@functools.cache
def lifetimes(data: str) -> tuple[PurchaseHistory, dict[str, np.ndarray], dict]:
    """Everyone's history in weeks, lifetimes' predictions, and its fits."""
    predictions = columns(f"{data}_lifetimes_predictions")
    record = reference.document(f"oracles/clv/{data}_lifetimes")
    history = PurchaseHistory(
        repeats=predictions["frequency_cal"],
        last_day=predictions["recency_cal"],
        age_days=predictions["T_cal"],
    )
    return history, predictions, record


@functools.cache
def fitted_to(data: str, kind: str) -> Fitted:
    """The fit to everyone's history in weeks."""
    return fit(lifetimes(data)[0], kind=kind)


def fixtures() -> dict:
    return reference.document("oracles/published/clv_scalar_fixtures")


def one(repeats: float, last_day: float, age_days: float) -> PurchaseHistory:
    values = zip(("repeats", "last_day", "age_days"), (repeats, last_day, age_days), strict=True)
    return PurchaseHistory(**{name: np.array([value], float) for name, value in values})


# ---- fits ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "expected", "log_likelihood", "tolerance"),
    [
        ("bg_nbd", (0.2426, 4.4136, 0.7929, 2.4259), -9582.4292, 0.005),
        ("mbg_nbd", (0.5248, 6.1831, 0.8914, 1.6140), -9582.1357, 0.005),
        ("pareto_nbd", (0.5533, 10.578, 0.6060, 11.664), -9594.9762, 0.01),
    ],
)
def test_cdnow_in_weeks_gives_the_published_parameters(kind, expected, log_likelihood, tolerance):
    fitted = fitted_to("cdnow_sample", kind)
    assert list(fitted.model.parameters().values()) == pytest.approx(expected, rel=tolerance)
    assert fitted.log_likelihood > log_likelihood - 0.001
    assert fitted.warnings == ()
    assert fitted.customers == 2357


def test_cdnow_in_days_gives_the_same_per_week():
    weeks, _, _ = lifetimes("cdnow_sample")
    days = PurchaseHistory(
        repeats=weeks.repeats,
        last_day=np.round(weeks.last_day * 7),
        age_days=np.round(weeks.age_days * 7),
    )
    fitted = fit(days, kind="bg_nbd")
    expected = (0.2426, 4.4136, 0.7929, 2.4259)
    assert list(fitted.model.parameters(unit_days=7).values()) == pytest.approx(expected, rel=1e-3)
    # A density per day is a seventh of one per week, once for every repeat purchase.
    shift = weeks.repeats.sum() * np.log(7)
    assert fitted.log_likelihood + shift == pytest.approx(-9582.4292, abs=0.001)


@pytest.mark.parametrize("kind", ["bg_nbd", "pareto_nbd"])
@pytest.mark.parametrize("data", SPLITS)
def test_fits_are_as_likely_as_clvtools_or_likelier(data, kind):
    peer = reference.document(f"oracles/clv/{SPLITS[data]}_clvtools")
    expected = peer[PEERS[kind]]
    fitted = fitted_to(data, kind)
    assert fitted.log_likelihood > expected["LL"] - 0.001
    if data != "online_retail":  # where it is flat
        values, errors = fitted.model.parameters(), fitted.standard_errors
        assert list(values.values()) == pytest.approx(list(expected["params"].values()), rel=5e-3)
        assert errors is not None
        assert list(errors.values()) == pytest.approx(list(expected["se"].values()), rel=5e-3)


@pytest.mark.parametrize("data", SPLITS)
def test_mbg_nbd_is_as_likely_as_lifetimes_finds_it_or_likelier(data):
    _, _, record = lifetimes(data)
    fitted = fitted_to(data, "mbg_nbd")
    assert fitted.log_likelihood > record["mbgnbd"]["LL"] - 0.001
    if data != "online_retail":
        expected = list(record["mbgnbd"]["params"].values())
        assert list(fitted.model.parameters().values()) == pytest.approx(expected, rel=1e-3)


@pytest.mark.parametrize("kind", PEERS)
def test_where_nobody_drops_out_a_fit_says_so(kind):
    """lifetimes' BG/NBD does not converge on these customers."""
    history, predictions, _ = lifetimes("online_retail")
    fitted = fitted_to("online_retail", kind)
    assert "no sign of dropping out" in fitted.warnings[0]
    assert fitted.standard_errors is None
    expected = fitted.model.expected_orders(history, days=13)
    assert expected.sum() == pytest.approx(3384.2, abs=1)
    assert np.abs(expected - predictions["frequency_holdout"]).mean() == pytest.approx(
        0.9397, abs=1e-3
    )


@pytest.mark.parametrize(
    ("kind", "total", "error"),
    [
        ("bg_nbd", 1653.41, 0.78545),
        ("mbg_nbd", 1576.73, 0.76478),
        ("pareto_nbd", 1665.5, 0.75453),
    ],
)
def test_cdnow_predicts_its_next_39_weeks_as_well_as_published(kind, total, error):
    history, predictions, _ = lifetimes("cdnow_sample")
    fitted = fitted_to("cdnow_sample", kind)
    expected = fitted.model.expected_orders(history, days=39)
    assert expected.sum() == pytest.approx(total, abs=0.2)
    assert np.abs(expected - predictions["frequency_holdout"]).mean() == pytest.approx(
        error, abs=5e-5
    )


# ---- predictions at the peers' parameters ------------------------------------------------------


@pytest.mark.parametrize("kind", PEERS)
@pytest.mark.parametrize("data", SPLITS)
def test_predictions_equal_lifetimes(data, kind):
    history, predictions, record = lifetimes(data)
    peer = PEERS[kind]
    if "params" not in record[peer]:
        assert (data, kind) == ("online_retail", "bg_nbd")  # it does not converge
        return
    parameters = record[peer]["params"]
    if parameters.get("s") == 0 or parameters.get("a") == 0:
        assert data == "online_retail"  # rounded to 0 in the record
        return
    model = model_of(kind, parameters)
    expected = model.expected_orders(history, days=record["holdout_duration"])
    close = {"rtol": 1e-3, "atol": 2e-8}  # the files have 8 decimals
    np.testing.assert_allclose(model.p_alive(history), predictions[f"{peer}_palive"], **close)
    np.testing.assert_allclose(expected, predictions[f"{peer}_expected_holdout"], **close)


@pytest.mark.parametrize("kind", ["bg_nbd", "pareto_nbd"])
@pytest.mark.parametrize("data", [*SPLITS.values(), "cdnow_sample_split39w"])
def test_predictions_equal_clvtools(data, kind):
    peer = PEERS[kind]
    predictions = columns(f"{data}_clvtools_{peer}_predictions")
    record = reference.document(f"oracles/clv/{data}_clvtools")
    model = model_of(kind, record[peer]["params"])
    history = PurchaseHistory(
        repeats=predictions["x"], last_day=predictions["t.x"], age_days=predictions["T.cal"]
    )
    days = float(predictions["period.length"][0])
    close = {"rtol": 1e-3, "atol": 2e-8}
    np.testing.assert_allclose(model.p_alive(history), predictions["PAlive"], **close)
    np.testing.assert_allclose(
        model.expected_orders(history, days=days), predictions["CET"], **close
    )


def test_predictions_equal_btyd():
    record = reference.document("oracles/clv/cdnow_sample_btyd")
    predictions = columns("cdnow_sample_btyd_predictions")
    history = PurchaseHistory(
        repeats=predictions["x"],
        last_day=np.minimum(
            predictions["t.x"], predictions["T.cal"]
        ),  # rounded differently in the file
        age_days=predictions["T.cal"],
    )
    best = one(*record["customer_1516_x_tx_T"])
    for kind, name, names in BTYD:
        values = record[f"{name}_params_{names.replace(' ', '_')}"]
        model = model_of(kind, dict(zip(names.split(), values, strict=True)))
        close = {"rtol": 1e-3, "atol": 2e-8}
        np.testing.assert_allclose(model.p_alive(history), predictions[f"{name}_palive"], **close)
        expected = model.expected_orders(history, days=39)
        np.testing.assert_allclose(expected, predictions[f"{name}_cet39"], **close)
        assert model.p_alive(best)[0] == pytest.approx(record[f"{name}_PAlive_customer_1516"])
        orders = model.expected_orders(best, days=52)[0]
        assert orders == pytest.approx(record[f"{name}_CET_52_customer_1516"], rel=1e-6)
        assert model.log_likelihood(history) == pytest.approx(record[f"{name}_LL"], abs=1e-5)


def test_more_purchases_of_the_same_last_day_mean_fewer_to_come():
    """The "increasing frequency paradox" at the end of a silence."""
    record = reference.document("oracles/clv/cdnow_sample_btyd")
    values = record["pnbd_params_r_alpha_s_beta"]
    model = model_of("pareto_nbd", dict(zip(("r", "alpha", "s", "beta"), values, strict=True)))
    history = PurchaseHistory(
        repeats=np.array([10.0, 15, 20, 25]), last_day=np.full(4, 20.0), age_days=np.full(4, 39.0)
    )
    expected = record["pnbd_CET_52_for_x_10_15_20_25_tx_20_T_39"]
    assert model.expected_orders(history, days=52).tolist() == pytest.approx(expected, rel=1e-6)


# ---- published single figures ------------------------------------------------------------------


def test_a_new_customer_buys_as_published():
    published = fixtures()["bgnbd"]["unconditional_expectation"]
    model = model_of("bg_nbd", {"r": 0.242595, "alpha": 4.413602, "a": 0.792920, "b": 2.425888})
    for days, expected in zip(published["t"], published["expected"], strict=True):
        assert model.expected_orders(one(0, 0, 0), days=days)[0] == pytest.approx(
            expected, abs=1e-3
        )


def test_a_new_customer_buys_as_btyd_and_pymc_say():
    btyd = reference.document("oracles/clv/cdnow_sample_btyd")
    pymc = fixtures()["new_customer_expected_purchases"]
    for kind, name, names in BTYD:
        values = btyd[f"{name}_params_{names.replace(' ', '_')}"]
        model = model_of(kind, dict(zip(names.split(), values, strict=True)))
        orders = model.expected_orders(one(0, 0, 0), days=52)[0]
        assert orders == pytest.approx(btyd[f"{name}_expectation_t52"], rel=1e-8)
        orders = [model.expected_orders(one(0, 0, 0), days=days)[0] for days in pymc["t"]]
        assert orders == pytest.approx(pymc[name], rel=3e-3)  # at its own fit


def test_a_new_customer_buys_nothing_as_often_as_published():
    bg = fixtures()["bgnbd"]
    model = model_of("bg_nbd", bg["params"])
    assert model.p_no_order(one(0, 0, 0), days=39)[0] == pytest.approx(
        bg["pmf"]["n0_t39"], abs=1e-5
    )


def test_single_customers_are_as_published():
    bg, pareto = fixtures()["bgnbd"], fixtures()["pnbd"]
    model = model_of("bg_nbd", bg["params"])
    assert model.expected_orders(one(2, 30.43, 38.86), days=39)[0] == pytest.approx(
        bg["conditional_expectation"]["expected"], abs=1e-3
    )
    assert model.p_alive(one(0, 0, 38.86))[0] == bg["p_alive_if_no_repeat"]
    model = model_of("pareto_nbd", pareto["params"])
    best = one(26, 30.86, 31)
    assert model.expected_orders(best, days=52)[0] == pytest.approx(25.46, abs=0.01)
    assert model.p_alive(best)[0] == pytest.approx(0.9979, abs=1e-4)


def test_hundreds_of_purchases_are_no_trouble():
    pareto = fixtures()["pnbd"]
    case = pareto["numeric_stability"]
    model = model_of("pareto_nbd", case["params"])
    for repeats in (132, 133):
        predicted = model.expected_orders(one(repeats, 200, 200), days=10)[0]
        assert predicted == pytest.approx(case[f"x{repeats}"], rel=1e-9)
    case = pareto["palive_must_be_finite"]
    history = PurchaseHistory(
        repeats=np.array(case["x"], float),
        last_day=np.array(case["t_x"]),
        age_days=np.array(case["T"]),
    )
    predicted = model_of("pareto_nbd", case["params"]).p_alive(history)
    assert predicted.tolist() == pytest.approx(case["lifetimes_value"], abs=1e-7)
