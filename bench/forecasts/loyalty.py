"""``python -m bench loyalty [--data DIR]``: the score of loyalty beside what it must beat.

Each row is a run as of some days before a shop's end: the score that its own test judged on the 90
days before that.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from bench.forecasts.scale import drawn_shop
from bench.forecasts.shops import shops
from bench.report import Ratio, Section, table
from tessera.customers.behaviour import SAMPLED_BUYERS
from tessera.customers.forecasting.correction.regression import fit_ordered, linear_part
from tessera.customers.forecasting.history.behaviour import BehaviourDays
from tessera.customers.forecasting.history.features import middle_spend
from tessera.customers.forecasting.history.known import KnownBuyers, known
from tessera.customers.loyalty.fixed_weights import FIXED
from tessera.customers.loyalty.learning import learn_loyalty
from tessera.customers.loyalty.scoring import DIRECTIONS, features_of, loyalty_scores
from tessera.customers.loyalty.trial import AHEAD_DAYS, EarlierCut
from tessera.customers.report_card.holdout import Cut
from tessera.customers.report_card.measures import auc

_ASIDE = (0, 90, 180)
_LEARNING_SECONDS, _SCORED_A_SECOND, _REPEATS = 5, 1_000_000, 5
_TESTED = ("Shop", "Days aside", "Customers", "Ordered", "Weights", "Score", "Recency", "Lead",
           "Published")  # fmt: skip
_AUCS = ("Shop", "Days aside", "Score", "Fixed weights", "Recency", "Past orders", "Past spend",
         "Chance of no order")  # fmt: skip
_WEIGHTS = ("Shop", "Cut", *FIXED.names)


def measure(folder: Path | None, *, say: Callable[[str], None]) -> Section:
    """Measure the shops of the project, and those of a folder."""
    tested, aucs, weights = [], [], []
    for name, days, last in shops(folder):
        for aside in _ASIDE:
            then = days.until(aside)
            if then.span_days < 2 * AHEAD_DAYS:
                continue
            say(f"{name}: {aside} days before its end")
            tested.append([name, str(aside), *_tested(then)])
            day = last - dt.timedelta(days=aside)
            aucs.append([name, str(aside), *_aucs(then, day=day)])
        weights += [[name, str(cut), *_weights(days, days_ago=cut)] for cut in (90, 180)]
    lines = (
        *table(_TESTED, tested),
        "",
        *table(_AUCS, aucs),
        "",
        *table(_WEIGHTS, weights),
        "",
        *_speed(ratios := _ratios(say=say)),
    )
    return Section("Loyalty", lines, ratios)


def _ratios(*, say: Callable[[str], None]) -> tuple[Ratio, Ratio]:
    """Measure the sample of a large shop, in processor seconds."""
    say(f"{SAMPLED_BUYERS:,} customers")
    days = drawn_shop(SAMPLED_BUYERS)
    people, _ = known(days)
    began = time.process_time()
    made = learn_loyalty(days)
    learnt = time.process_time() - began
    began = time.process_time()
    for _ in range(_REPEATS):
        loyalty_scores(people, made)
    scored = _REPEATS * len(people) / (time.process_time() - began)
    return (
        Ratio("loyalty: processor seconds of learning", learnt, _LEARNING_SECONDS),
        Ratio("loyalty: customers scored a second", scored, _SCORED_A_SECOND, least=True),
    )


def _speed(ratios: tuple[Ratio, Ratio]) -> list[str]:
    learnt, scored = ratios
    return [
        f"A sample of {SAMPLED_BUYERS:,} customers: learning and its test {learnt.measured:.1f} "
        f"processor s, scoring {scored.measured:,.0f} customers a second"
    ]


def _tested(days: BehaviourDays) -> list[str]:
    made = learn_loyalty(days)
    test = made.test
    if test is None:
        return ["–", "–", made.weights, "–", "–", "–", "not checked"]
    lead = test.lead
    return [
        f"{test.customers:,}",
        f"{test.ordered:,}",
        made.weights,
        f"{test.top_share:.1%}",
        f"{test.top_share_of_recency:.1%}",
        f"{lead.mean:+.3f} ({lead.low:+.3f} to {lead.high:+.3f})",
        "yes" if made.published else "no",
    ]


def _aucs(days: BehaviourDays, *, day: dt.date) -> Iterator[str]:
    made, cut = learn_loyalty(days), EarlierCut.of(days, days_ago=AHEAD_DAYS)
    middle, people = middle_spend(known(days)[0]), cut.known
    holdout = Cut.of(days, day=day, holdout_days=AHEAD_DAYS, horizons=(AHEAD_DAYS,)).holdout()
    chance = holdout.lesson.no_order(AHEAD_DAYS) if holdout.lesson else None
    features = features_of(people, names=FIXED.names, middle_spend=middle)
    yield f"{made.test.auc:.3f}" if made.test else "–"
    for score in (
        linear_part(FIXED, features),
        -people.silence_days,
        people.history.repeats,
        people.net,
        None if chance is None else -chance,
    ):
        yield _auc(score, cut)


def _auc(score: np.ndarray | None, cut: EarlierCut) -> str:
    if score is None:
        return "–"
    area = auc(score, outcome=cut.ordered > 0, weights=np.ones(len(score)))
    return "–" if area is None else f"{area:.3f}"


def _weights(days: BehaviourDays, *, days_ago: int) -> list[str]:
    """Return a regression's weights in units of each feature: FIXED is the mean of some."""
    cut = EarlierCut.of(days, days_ago=days_ago)
    people: KnownBuyers = cut.known
    features = features_of(people, names=FIXED.names, middle_spend=middle_spend(people))
    made = fit_ordered(features, cut.ordered, names=FIXED.names, directions=DIRECTIONS).regression
    each = dict(zip(made.names, np.divide(made.coefficients, made.spread), strict=True))
    return [f"{each[name]:+.2f}" if name in each else "–" for name in FIXED.names]
