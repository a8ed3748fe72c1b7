"""Customers with a purchase model: the model's answers, and the season's."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from tessera.customers.forecasting.history.snapshot import BuyerSnapshot
from tessera.records.scoring.learnt_forecasts import Season
from tests.behaviour import MODEL, SMALL, TODAY, of_shop, snapshot

SUMMER = Season(levels=tuple(np.log([0.8] * 6 + [1.6] * 2 + [1.0] * 4)), months=36)


@pytest.fixture(scope="module")
def at() -> BuyerSnapshot:
    return snapshot(of_shop(SMALL).until(170))


def test_without_a_season_answers_are_the_models(at):
    history = at.known.history
    assert at.day == TODAY
    assert at.expected(90) == pytest.approx(MODEL.expected_orders(history, days=90))
    assert np.array_equal(at.expected(90), at.by_model(90))
    assert at.no_order(90) == pytest.approx(MODEL.p_no_order(history, days=90))
    assert np.array_equal(at.no_order(90), at.no_order_by_model(90))
    assert at.p_alive() == pytest.approx(MODEL.p_alive(history))


def test_a_season_multiplies_orders_and_raises_chances_to_a_power(at):
    seasonal = dataclasses.replace(at, season=SUMMER)
    level = 1.6  # 62 days of July and August
    assert seasonal.expected(62) == pytest.approx(level * at.by_model(62))
    assert seasonal.no_order(62) == pytest.approx(at.no_order_by_model(62) ** level)
    assert np.array_equal(seasonal.by_model(62), at.by_model(62))
    assert (seasonal.expected(62) > at.expected(62)).all()
    assert (seasonal.no_order(62) < at.no_order(62)).all()


def test_chances_are_never_certain(at):
    assert at.no_order(1e-9).max() < 1
    assert at.no_order(1e9).min() > 0


def test_features_are_those_of_its_names(at):
    few = dataclasses.replace(at, names=("silence", "orders"))
    assert few.features.shape == (len(at.known), 2)
    assert few.features[:, 1] == pytest.approx(np.log1p(at.known.history.repeats))
    assert at.features.shape == (len(at.known), len(at.names))
    assert at.plain.shape == (len(at.known), 12)
