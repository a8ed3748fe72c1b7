"""Real shops and a drawn one, day by day, with what was learnt from them: once for all tests."""

from __future__ import annotations

import datetime as dt

import pytest

from tessera.customers.forecasting.history.behaviour import BehaviourDays
from tessera.customers.forecasting.horizons import NO_ORDER_DAYS
from tessera.customers.report_card.holdout import Cut, Holdout
from tessera.customers.training import train_forecasts
from tessera.records.scoring.forecast_models import LearntModels
from tests.behaviour import AS_OF, SMALL, TODAY, of_events, of_shop


@pytest.fixture(scope="session")
def cdnow_record() -> LearntModels:
    """CDNOW's sample, tested on its last 39 weeks as in the literature."""
    name = "cdnow_sample"
    return train_forecasts(of_events(name), as_of=AS_OF[name], holdout_days=273)


@pytest.fixture(scope="session")
def online_retail_record() -> LearntModels:
    """Online Retail, tested on a third of its year: the weeks before Christmas."""
    name = "online_retail"
    return train_forecasts(of_events(name), as_of=AS_OF[name], holdout_days=119)


@pytest.fixture(scope="session")
def small_days() -> BehaviourDays:
    """A shop that buys as Pareto/NBD says."""
    return of_shop(SMALL)


@pytest.fixture(scope="session")
def small_holdout(small_days) -> Holdout:
    """What was learnt before its last 180 days, and what came."""
    return cut(small_days)


def cut(days: BehaviourDays) -> Holdout:
    """Hold out the last 180 days."""
    return Cut.of(days, day=TODAY, holdout_days=180, horizons=NO_ORDER_DAYS).holdout()


@pytest.fixture(scope="session")
def tomorrow() -> dt.date:
    """The day after the drawn shop's last one."""
    return TODAY + dt.timedelta(days=1)
