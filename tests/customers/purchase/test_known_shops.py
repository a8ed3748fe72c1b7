"""Purchase models on shops whose process is known: fits, forecasts, and who is still there."""

from __future__ import annotations

import functools

import numpy as np
import pytest
from scipy.stats import chi2

from tessera.customers.purchase.fitting import Fitted, fit
from tessera.customers.purchase.history import PurchaseHistory
from tessera.customers.purchase.kinds import KINDS, model_of
from tests.histories import SHOPS, Shop


def weeks(shop: Shop) -> PurchaseHistory:
    days = shop.drawn.history
    return PurchaseHistory(
        repeats=days.repeats, last_day=days.last_day / 7, age_days=days.age_days / 7
    )


@functools.cache
def fitted_to(name: str, kind: str) -> Fitted:
    return fit(weeks(SHOPS[name]), kind=kind)


@pytest.mark.parametrize("name", SHOPS)
def test_the_truth_lies_within_what_the_fit_holds_likely(name):
    """Twice the gap in log-likelihood is chi-squared, with a degree for every parameter."""
    shop = SHOPS[name]
    fitted = fitted_to(name, shop.kind)
    truth = model_of(shop.kind, dict(shop.parameters)).log_likelihood(weeks(shop))
    assert truth - 1e-6 <= fitted.log_likelihood <= truth + chi2.ppf(0.99, 4) / 2
    assert fitted.customers == shop.customers
    assert fitted.warnings == ()
    assert fitted.standard_errors is not None


@pytest.mark.parametrize("name", SHOPS)
def test_no_other_process_explains_a_shop_better(name):
    logs = {kind: fitted_to(name, kind).log_likelihood for kind in KINDS}
    assert max(logs.values()) - logs[SHOPS[name].kind] < 1.0


@pytest.mark.parametrize("name", SHOPS)
@pytest.mark.parametrize("fitted", [False, True], ids=["true", "fitted"])
def test_forecasts_add_up_to_what_then_happened(name, fitted):
    shop = SHOPS[name]
    model = (
        fitted_to(name, shop.kind).model if fitted else model_of(shop.kind, dict(shop.parameters))
    )
    expected = model.expected_orders(weeks(shop), days=shop.holdout_days / 7)
    actual = shop.drawn.orders
    # A sum of counts strays by about its square root. Rates that differ between customers add.
    spread = np.sqrt(np.square(actual - expected).sum())
    assert abs(expected.sum() - actual.sum()) < 3 * spread
    assert expected.sum() == pytest.approx(actual.sum(), rel=0.25)


@pytest.mark.parametrize("name", ["boutique", "grocer"])
def test_forecasts_err_less_than_the_rate_so_far(name):
    shop = SHOPS[name]
    history = weeks(shop)
    horizon = shop.holdout_days / 7
    expected = fitted_to(name, shop.kind).model.expected_orders(history, days=horizon)
    same_rate = history.repeats / history.age_days * horizon
    actual = shop.drawn.orders
    assert np.abs(expected - actual).mean() < 0.8 * np.abs(same_rate - actual).mean()
    assert np.square(expected - actual).mean() < 0.6 * np.square(same_rate - actual).mean()


@pytest.mark.parametrize("name", SHOPS)
def test_chances_of_being_alive_are_the_share_that_is(name):
    shop = SHOPS[name]
    chances = model_of(shop.kind, dict(shop.parameters)).p_alive(weeks(shop))
    alive = shop.drawn.alive
    for group in np.array_split(np.argsort(chances), 5):
        error = 4 * np.sqrt(chances[group] @ (1 - chances[group])) / len(group)
        assert chances[group].mean() == pytest.approx(alive[group].mean(), abs=error + 1e-9)
