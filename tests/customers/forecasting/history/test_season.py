"""Seasons: levels that are there are learnt, and noise teaches nothing."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from tessera.customers.forecasting.history.season import learn_season, seasonal
from tessera.records.scoring.learnt_forecasts import Season

LEVELS = np.log([0.8, 0.8, 0.9, 0.9, 1.0, 0.9, 0.8, 0.9, 1.0, 1.1, 1.4, 1.5])


def months(years: int, *, start: int = 3) -> np.ndarray:
    return np.arange(12 * 2020 + start, 12 * 2020 + start + 12 * years, dtype=np.float64)


def test_levels_are_those_of_a_noisy_series_that_has_them():
    ahead = months(3)
    noise = np.random.default_rng(5).normal(0, 0.05, len(ahead))
    trend = 0.01 * (ahead - ahead[0])  # growth is no season
    season = learn_season(ahead, LEVELS[ahead.astype(int) % 12] + trend + noise)
    truth = LEVELS - np.log(np.exp(LEVELS).mean())
    assert season.levels == pytest.approx(truth, abs=0.1)
    assert np.corrcoef(season.levels, truth)[0, 1] > 0.97
    assert season.months == 36


def test_an_average_year_has_the_level_1():
    ahead = months(3)
    season = learn_season(ahead, 2 + LEVELS[ahead.astype(int) % 12])
    assert np.exp(season.levels).mean() == pytest.approx(1)
    assert seasonal(season, after=dt.date(2022, 12, 31), days=365) == pytest.approx(1, abs=0.01)


def test_noise_has_no_season():
    random = np.random.default_rng(1)
    learnt = [learn_season(months(3), random.normal(0, 0.1, 36)) is not None for _ in range(200)]
    assert np.mean(learnt) < 0.1


def test_noisy_levels_are_drawn_towards_none():
    ahead = months(3)
    noise = np.random.default_rng(2).normal(0, 0.1, len(ahead))
    season = learn_season(ahead, LEVELS[ahead.astype(int) % 12] + noise)
    raw = np.array([(LEVELS[ahead.astype(int) % 12] + noise)[month::12] for month in range(12)])
    spread = raw.mean(axis=1).std()
    assert np.std(season.levels) < spread


def test_one_year_proves_nothing():
    assert learn_season(months(1, start=0), LEVELS) is None
    assert learn_season(np.zeros(0), np.zeros(0)) is None


def test_days_ahead_have_the_mean_level_of_their_months():
    season = Season(levels=tuple(np.log([1.0] * 10 + [2.0, 3.0])), months=36)
    end_of_october = dt.date(2023, 10, 31)
    assert seasonal(season, after=end_of_october, days=30) == pytest.approx(2)
    assert seasonal(season, after=end_of_october, days=61) == pytest.approx((30 * 2 + 31 * 3) / 61)
    assert seasonal(None, after=end_of_october, days=30) == 1
    assert seasonal(season, after=end_of_october, days=0) == 1
