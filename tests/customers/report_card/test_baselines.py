"""The naive predictions, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from tessera.customers.purchase.history import PurchaseHistory
from tessera.customers.report_card.backtest import Backtest
from tessera.customers.report_card.baselines import same_rate, segment_average


@pytest.fixture
def backtest() -> Backtest:
    nothing = np.zeros(6)
    return Backtest(
        history=PurchaseHistory(
            repeats=np.array([0.0, 2, 2, 12, 30, 0]),
            last_day=np.array([0.0, 10, 30, 90, 60, 0]),
            age_days=np.array([50.0, 20, 60, 100, 100, 0]),
            weights=np.array([1.0, 1, 3, 1, 1, 1]),
        ),
        mean_spend=nothing,
        past_spend=nothing,
        orders=nothing,
        spend=nothing,
        holdout_days=10,
    )


def test_same_rate_carries_on_as_before(backtest):
    assert same_rate(backtest) == pytest.approx([0, 1, 1 / 3, 1.2, 3, 0])


def test_a_segments_rate_is_all_its_purchases_over_all_its_days(backtest):
    twice = 10 * (2 + 3 * 2) / (20 + 3 * 60)
    often = 10 * (12 + 30) / (100 + 100)  # ten repeats and more are one segment
    assert segment_average(backtest) == pytest.approx([0, twice, twice, often, often, 0])
