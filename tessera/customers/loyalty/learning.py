"""Learn the weights of the score of loyalty, and test them before anybody sees a score.

The weights are learnt twice, as all models here. First from who ordered within 90 days of a day
half a year ago: the latest 90 days then show whether the score is any better than recency. Then
from those latest 90 days.
"""

from __future__ import annotations

import functools

import numpy as np

from tessera.customers.forecasting.correction.clicks import (
    Gates,
    TestedCorrection,
    proven_contacts,
    refused,
)
from tessera.customers.forecasting.correction.losses import log_loss
from tessera.customers.forecasting.correction.regression import (
    FittedOdds,
    fit_ordered,
    linear_part,
)
from tessera.customers.forecasting.history.behaviour import BehaviourDays
from tessera.customers.forecasting.history.features import middle_spend, without
from tessera.customers.forecasting.history.known import known
from tessera.customers.loyalty.fixed_weights import FIXED
from tessera.customers.loyalty.scoring import DIRECTIONS, features_of, scored_features
from tessera.customers.loyalty.trial import (
    AHEAD_DAYS,
    LEAST_CUSTOMERS,
    LEAST_EITHER,
    EarlierCut,
    beats_recency,
    loyalty_test,
    on_test,
)
from tessera.customers.purchase.pairs import Floats
from tessera.records.scoring.learnt_forecasts import Regression
from tessera.records.scoring.loyalty import LearntLoyalty, LoyaltyTest

LEAST_TO_LEARN = 1_000  # customers
LEAST_BEFORE_DAYS = 90  # of a history before a cut, for the customers on it to be known
_LOSS = "log loss"
_NOBODY = "nobody has bought anything yet"
_WHY_FIXED = (
    f"the weights are fixed: learning needs {LEAST_TO_LEARN:,} customers who had bought "
    f"{2 * AHEAD_DAYS} days ago, and {LEAST_BEFORE_DAYS} days of history before that"
)
_NO_WEIGHT = "the weights are fixed, and no public history has both contacts and orders"


def learn_loyalty(days: BehaviourDays) -> LearntLoyalty:
    """Learn and test a score from what is known.

    The same days give the same record, whatever the order of rows and the number of threads.
    """
    people, _ = known(days)
    middle, names = middle_spend(people), scored_features(people)
    late = _cut(days, AHEAD_DAYS)
    early = _cut(days, 2 * AHEAD_DAYS)
    if early is None or late is None or not _teaches(early) or not late.testable:
        return _with_fixed_weights(late, middle=middle, names=names, customers=len(people))
    fit = functools.partial(_fit, middle=middle, names=names)
    learn = functools.partial(_tested, fit, early=early, late=late, middle=middle)
    tested, gates = proven_contacts(names, learn, loss=_LOSS)
    test = loyalty_test(late, _log_odds(late, tested.regression, middle=middle))
    made = fit(late, gates)
    return LearntLoyalty(
        published=beats_recency(test),
        reasons=(on_test(test),),
        weights="learnt",
        customers=len(late.known),
        regression=made.regression,
        standard_errors=made.standard_errors,
        middle_spend=middle,
        test=test,
        **gates,
    )


def _cut(days: BehaviourDays, days_ago: int) -> EarlierCut | None:
    """Return a cut with enough history before it. None without."""
    if days.span_days < days_ago + LEAST_BEFORE_DAYS:
        return None
    return EarlierCut.of(days, days_ago=days_ago)


def _teaches(cut: EarlierCut) -> bool:
    return len(cut.known) >= LEAST_TO_LEARN and cut.testable


def _with_fixed_weights(
    late: EarlierCut | None, *, middle: float, names: tuple[str, ...], customers: int
) -> LearntLoyalty:
    test: LoyaltyTest | None = None
    small = 0 < customers < LEAST_TO_LEARN
    if late is not None and late.testable:
        test = loyalty_test(late, _log_odds(late, FIXED, middle=middle))
    checked = on_test(test) if test else _not_checked(late, small=small)
    return LearntLoyalty(
        published=beats_recency(test) if test else small,
        reasons=(_WHY_FIXED, checked) if customers else (_NOBODY,),
        weights="fixed",
        customers=0,
        regression=FIXED,
        standard_errors=(),
        middle_spend=middle,
        test=test,
        **refused(names, loss=_LOSS, reason=_NO_WEIGHT),
    )


def _not_checked(late: EarlierCut | None, *, small: bool) -> str:
    if late is None:
        why = f"the history has less than {AHEAD_DAYS + LEAST_BEFORE_DAYS} days"
    else:
        why = (
            f"of {len(late.known):,} customers {AHEAD_DAYS} days ago, "
            f"{int(late.ordered.sum()):,} ordered since. A test needs {LEAST_CUSTOMERS} customers, "
            f"with {LEAST_EITHER} who ordered and {LEAST_EITHER} who did not"
        )
    so = "" if small else f", which no shop of {LEAST_TO_LEARN:,} customers goes without"
    return f"not checked against recency{so}: {why}"


def _fit(cut: EarlierCut, gates: Gates, *, middle: float, names: tuple[str, ...]) -> FittedOdds:
    read = without(names, [kind for kind, gate in gates.items() if not gate.kept])
    features = features_of(cut.known, names=read, middle_spend=middle)
    return fit_ordered(features, cut.ordered, names=read, directions=DIRECTIONS)


def _tested(
    fit: functools.partial[FittedOdds],
    gates: Gates,
    *,
    early: EarlierCut,
    late: EarlierCut,
    middle: float,
) -> TestedCorrection[FittedOdds]:
    made = fit(early, gates)
    silent = 1 / (1 + np.exp(_log_odds(late, made.regression, middle=middle)))
    return TestedCorrection(made, log_loss(silent, late.ordered))


def _log_odds(cut: EarlierCut, regression: Regression, *, middle: float) -> Floats:
    features = features_of(cut.known, names=regression.names, middle_spend=middle)
    return linear_part(regression, features)
