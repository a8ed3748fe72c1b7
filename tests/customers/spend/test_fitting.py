"""Fitting the Gamma-Gamma: against the published figures and four peers, and at its edges."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tessera.customers.spend.fitting import fit_spend
from tessera.customers.spend.gamma_gamma import SpendModel
from tessera.customers.spend.history import SpendHistory
from tessera.errors import InvalidInput
from tessera.records.codec import decode, encode
from tests.histories import BOUTIQUE, Shop


def drawn(*, p: float, q: float, v: float, customers: int, seed: int = 11) -> SpendHistory:
    """Histories drawn from the model itself."""
    rng = np.random.default_rng(seed)
    repeats = rng.geometric(0.3, customers).astype(float)
    rate = rng.gamma(q, 1 / v, customers)
    return SpendHistory.of(repeats, mean_spend=rng.gamma(p * repeats) / rate / repeats)


def spends_of(shop: Shop) -> SpendHistory:
    drawn = shop.drawn
    return SpendHistory.of(drawn.history.repeats, mean_spend=drawn.mean_spend)


@pytest.mark.parametrize(
    ("shop", "parameters", "log_likelihood"),
    [
        ("cdnow_sample", (6.2493, 3.7443, 15.444), -4055.9177),
        ("online_retail", (2.328868, 3.345584, 413.806), -13367.004),
    ],
)
def test_real_shops_give_the_peers_figures(peers, shop, parameters, log_likelihood):
    columns = peers(shop)
    history = SpendHistory.of(columns["frequency_cal"], mean_spend=columns["monetary_value_cal"])
    fitted = fit_spend(history)
    assert (fitted.model.p, fitted.model.q, fitted.model.v) == pytest.approx(parameters, rel=0.005)
    assert fitted.log_likelihood >= log_likelihood - 0.001
    assert fitted.log_likelihood == pytest.approx(log_likelihood, abs=0.01)
    assert fitted.customers == (columns["frequency_cal"] > 0).sum()
    assert fitted.warnings == ()
    assert fitted.model.expected_mean_spend(history) == pytest.approx(
        columns["gg_expected_spend"], rel=1e-5
    )


@pytest.mark.parametrize(
    ("history", "truth", "width"),
    [
        (drawn(p=2.0, q=4.0, v=60.0, customers=20_000), (2.0, 4.0, 60.0), 0.1),
        (spends_of(BOUTIQUE), BOUTIQUE.spend, 0.5),
    ],
    ids=["many", "boutique"],
)
def test_it_finds_the_parameters_that_data_were_drawn_from(history, truth, width):
    fitted = fit_spend(history)
    errors = fitted.standard_errors
    assert errors is not None
    for name, value in zip(("p", "q", "v"), truth, strict=True):
        assert abs(getattr(fitted.model, name) - value) < 3 * errors[name]
        assert errors[name] < width * value
    assert fitted.customers == (history.repeats > 0).sum()
    p, q, v = truth
    expected = SpendModel(p=p, q=q, v=v, population_mean=p * v / (q - 1))
    assert fitted.model.expected_mean_spend(history) == pytest.approx(
        expected.expected_mean_spend(history), rel=0.15
    )


def test_a_usual_shop_gives_no_warnings():
    assert fit_spend(spends_of(BOUTIQUE)).warnings == ()


def test_equal_customers_may_be_one_weighted_row():
    many = drawn(p=3.0, q=3.0, v=50.0, customers=300)
    copies = np.random.default_rng(5).integers(1, 5, 300)
    weighted = fit_spend(SpendHistory.of(many.repeats, mean_spend=many.mean_spend, weights=copies))
    apart = fit_spend(
        SpendHistory.of(
            np.repeat(many.repeats, copies), mean_spend=np.repeat(many.mean_spend, copies)
        )
    )
    assert weighted.log_likelihood == pytest.approx(apart.log_likelihood, rel=1e-12)
    assert weighted.customers == apart.customers == copies.sum()
    for name in ("p", "q", "v", "population_mean"):
        assert getattr(weighted.model, name) == pytest.approx(getattr(apart.model, name), rel=1e-5)


@settings(deadline=None, max_examples=20)
@given(st.floats(1e-4, 1e6))
def test_another_currency_only_scales_money(rate):
    history = drawn(p=3.0, q=3.0, v=50.0, customers=200)
    dearer = SpendHistory.of(history.repeats, mean_spend=history.mean_spend * rate)
    here, there = fit_spend(history), fit_spend(dearer)
    assert (there.model.p, there.model.q) == pytest.approx((here.model.p, here.model.q), rel=1e-4)
    assert there.model.expected_mean_spend(dearer) == pytest.approx(
        rate * here.model.expected_mean_spend(history), rel=1e-4
    )


@settings(deadline=None, max_examples=40)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 400),
            st.integers(-(10**8), 10**12).map(lambda minor: minor / 10_000)
            | st.sampled_from([0.0, 9.99, math.nan]),
        ),
        min_size=1,
        max_size=40,
    )
)
def test_whatever_was_spent_every_expectation_is_a_positive_number(customers):
    history = SpendHistory.of(
        [repeats for repeats, _ in customers], mean_spend=[mean for _, mean in customers]
    )
    if not history.informative.any():
        with pytest.raises(InvalidInput, match="no customer has repeat purchases"):
            fit_spend(history)
        return
    fitted = fit_spend(history)
    expected = fitted.model.expected_mean_spend(history)
    assert np.isfinite(expected).all()
    assert (expected > 0).all()
    assert math.isfinite(fitted.log_likelihood)


def test_customers_who_all_spend_the_same_are_expected_to():
    fitted = fit_spend(SpendHistory.of([1, 2, 3, 4, 0], mean_spend=[9.99, 9.99, 9.99, 9.99, 0]))
    history = SpendHistory.of([0, 1, 100], mean_spend=[0, 9.99, 9.99])
    assert fitted.model.expected_mean_spend(history) == pytest.approx(9.99, rel=1e-3)
    assert fitted.standard_errors is None
    assert any("ran to a bound" in text for text in fitted.warnings)


def test_refunded_customers_are_left_out_counted_and_predicted_as_the_population():
    history = drawn(p=3.0, q=3.0, v=50.0, customers=200)
    clean = fit_spend(history)
    refunded = SpendHistory.of(
        np.append(history.repeats, [3, 1, 0]),
        mean_spend=np.append(history.mean_spend, [-20.0, 0.0, 0.0]),
    )
    fitted = fit_spend(refunded)
    assert fitted.model == clean.model
    assert [text.partition(" who ")[2].partition(",")[0] for text in fitted.warnings[:2]] == [
        "were refunded more than they spent again; they are predicted to spend as the population "
        "does",
        "spent nothing again: free orders",
    ]
    assert all(
        text.startswith("omitted from the fit: 1 repeat buyer who") for text in fitted.warnings[:2]
    )
    expected = fitted.model.expected_mean_spend(refunded)
    assert expected[-3:] == pytest.approx(fitted.model.population_mean, rel=1e-12)


def test_a_mistyped_amount_does_not_lead_the_fit():
    history = drawn(p=3.0, q=3.0, v=50.0, customers=500)
    clean = fit_spend(history).model
    typo = SpendHistory.of(
        np.append(history.repeats, [1, 1]),
        mean_spend=np.append(history.mean_spend, [9_999_999.0, 0.0001]),
    )
    fitted = fit_spend(typo)
    led = fit_spend(typo, fence=math.inf)
    assert led.warnings == ()
    for name in ("p", "q", "population_mean"):
        near, far = getattr(fitted.model, name), getattr(led.model, name)
        assert abs(near - getattr(clean, name)) < 0.6 * abs(far - getattr(clean, name))
    assert fitted.warnings == (
        "outliers: 2 of 502 repeat buyers' spend is far from all others'; the fit counts them "
        "at its fence, their predictions do not",
    )


def test_spend_too_uneven_for_a_mean_says_so_and_stays_between_what_was_seen():
    history = drawn(p=2.0, q=0.7, v=5.0, customers=2_000)
    fitted = fit_spend(history, fence=math.inf)
    assert not fitted.model.finite_mean
    assert fitted.model.population_mean == pytest.approx(np.mean(history.mean_spend))
    assert any("no usable mean" in text for text in fitted.warnings)
    expected = fitted.model.expected_mean_spend(history)
    assert (expected <= history.mean_spend.max()).all()
    assert (expected >= history.mean_spend.min()).all()


def test_frequent_buyers_who_spend_more_are_warned_of():
    history = drawn(p=6.0, q=6.0, v=20.0, customers=400)
    fitted = fit_spend(
        SpendHistory.of(history.repeats, mean_spend=history.mean_spend * history.repeats)
    )
    assert any("correlation +" in text for text in fitted.warnings)


def test_a_fit_is_recorded_as_json():
    fitted = fit_spend(drawn(p=3.0, q=3.0, v=50.0, customers=50))
    document = json.loads(json.dumps(encode(fitted), allow_nan=False))
    assert decode(SpendModel, document["model"], document="model") == fitted.model
    assert document["log_likelihood"] == fitted.log_likelihood


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"repeats": [1, 2], "mean_spend": [1.0]}, "one length"),
        ({"repeats": [-1], "mean_spend": [1.0]}, "repeats of spend histories"),
        ({"repeats": [1], "mean_spend": [1.0], "weights": [math.nan]}, "weights of spend"),
    ],
)
def test_columns_that_are_no_histories_are_refused(columns, message):
    with pytest.raises(InvalidInput, match=message):
        SpendHistory.of(columns.pop("repeats"), **columns)
