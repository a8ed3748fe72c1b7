"""``python -m bench forecast_scale``: training and scoring a large shop, in processor seconds.

Nothing is to be corrected in a generated shop. How long corrections take is measured with those
of Online Retail: factor and trees for orders and for all three chances.
"""

from __future__ import annotations

import datetime as dt
import resource
import time
from collections.abc import Callable

import numpy as np

from bench.forecasts.generated import purchases_of
from bench.forecasts.shops import shops
from bench.report import Ratio, Section
from tessera.customers.behaviour import SAMPLED_BUYERS
from tessera.customers.forecasting.forecast import forecast
from tessera.customers.forecasting.history.behaviour import BehaviourDays
from tessera.customers.forecasting.history.known import KnownBuyers, known
from tessera.customers.report_card.split import holdout_days
from tessera.customers.spend.clv import ClvTerms
from tessera.customers.training import train_forecasts
from tessera.records.scoring.forecast_models import LearntModels

_AS_OF = dt.date(2026, 1, 1)
_SPAN_DAYS = 730
_TRAINING_SECONDS, _MEMORY_MB, _SCORED_A_SECOND = 60, 1_500, 300_000


def measure(customers: int, *, say: Callable[[str], None]) -> Section:
    """Train on the sample that Prepare would take, and score everybody."""
    say(f"{customers:,} customers: forecasts")
    days = drawn_shop(customers)
    people, _ = known(days)
    began = time.process_time()
    record = train_forecasts(
        days.sample(SAMPLED_BUYERS), as_of=_AS_OF, holdout_days=holdout_days(days.span_days)
    )
    trained = time.process_time() - began
    plain = _rate(people, record)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    with_all = _rate(people, corrected())
    lines = (
        f"{customers:,} customers with {len(days.customer):,} purchase days, a sample of "
        f"{min(customers, SAMPLED_BUYERS):,}: training {trained:.1f} processor s, peak "
        f"{memory:,.0f} MB with the data. Scoring {plain:,.0f} customers a second, and "
        f"{with_all:,.0f} with every correction",
    )
    return Section(
        "Forecasts of a large shop",
        lines,
        (
            Ratio("forecasts: processor seconds of training", trained, _TRAINING_SECONDS),
            Ratio("forecasts: peak MB", memory, _MEMORY_MB),
            Ratio("forecasts: customers scored a second", plain, _SCORED_A_SECOND, least=True),
            Ratio("forecasts: with every correction", with_all, _SCORED_A_SECOND, least=True),
        ),
    )


def _rate(people: KnownBuyers, record: LearntModels) -> float:
    forecast(people.take(slice(0, 1000)), record=record, terms=ClvTerms(), as_of=_AS_OF)
    began = time.process_time()
    forecast(people, record=record, terms=ClvTerms(), as_of=_AS_OF)
    return len(people) / (time.process_time() - began)


def corrected() -> LearntModels:
    """Return what Online Retail taught, which corrects everything."""
    _, days, last = next(shops(None))
    record = train_forecasts(
        days, as_of=last + dt.timedelta(days=1), holdout_days=holdout_days(days.span_days)
    )
    learnt = record.learnt
    forests = (
        [learnt.orders.forest, *(one.forest for one in learnt.chances.values())] if learnt else []
    )
    if not forests or None in forests:
        raise AssertionError("Online Retail no longer corrects everything: measure another shop")
    return record


def drawn_shop(customers: int) -> BehaviourDays:
    draws = np.random.default_rng(1)
    first = draws.integers(0, _SPAN_DAYS - 1, customers).astype(np.float64)
    rate = draws.gamma(0.6, 1 / 40, customers)
    leaving = draws.gamma(0.7, 1 / 150, customers)
    end = np.minimum(_SPAN_DAYS, first + draws.exponential(1 / np.maximum(leaving, 1e-9)))
    who = np.repeat(np.arange(customers), draws.poisson(rate * (end - first)))
    time_of = first[who] + draws.random(len(who)) * (end - first)[who]
    return purchases_of(draws, who, time_of, first=first, span=_SPAN_DAYS, holdout=0).days
