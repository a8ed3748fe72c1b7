"""Train a churn model: choose, calibrate, and test the whole procedure on other customers.

Cancellations are rare, and this must not show in the probabilities: every customer has the same
weight and none is drawn twice or omitted, because reweighted or resampled training predicts a
shop that does not exist. Rarity is met by folds with equal shares of cancellations, by a least
number of them, by the log loss as the criterion (it asks for probabilities, not for yes or no),
and by calibration on customers that the scorers have not seen.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from scipy.special import logit
from sklearn.linear_model import LogisticRegression

from tessera.customers.one_thread import one_thread
from tessera.customers.subscriptions.attributes import Bools, Floats, Ints
from tessera.customers.subscriptions.encoding import EncodedRows, Encoding
from tessera.customers.subscriptions.logistic_fit import fit_logistic
from tessera.customers.subscriptions.model import (
    KINDS,
    Calibration,
    ChurnModel,
    Scorer,
    blended,
)
from tessera.customers.subscriptions.quality import calibration_table, log_losses, measure
from tessera.customers.subscriptions.search import log_loss, outcomes, try_growths, try_lines
from tessera.customers.subscriptions.tree_fit import fit_boosting, most_rounds
from tessera.records.scoring.churn import ChurnChoice, Quality, RiskGroup

_BLENDS = (0.5, 0.25, 0.75)  # shares of the trees
_DIGITS = 9
_WEAK = 1e6  # inverse strength of the penalty: none in effect
Splits = Sequence[tuple[Ints, Ints]]


@dataclasses.dataclass(frozen=True)
class Contender:
    """One kind of model, calibrated on rows that it had not seen.

    Parameters
    ----------
    shares
        How much each scorer counts.
    loss
        The calibrated log loss of these rows. The lowest decides.
    """

    shares: Mapping[str, float]
    calibration: Calibration
    loss: float


@dataclasses.dataclass(frozen=True)
class Candidates:
    """All kinds of model fitted to the same rows, and the one that would be published.

    Parameters
    ----------
    choice
        How they were fitted.
    """

    encoding: Encoding
    scorers: Mapping[str, Scorer]
    contenders: Mapping[str, Contender]
    choice: ChurnChoice

    @property
    def best(self) -> str:
        """The kind with the lowest log loss. Of equals, the simplest."""
        return min(KINDS, key=lambda k: (round(self.contenders[k].loss, 9), KINDS.index(k)))

    def model(self, kind: str) -> ChurnModel:
        """Return the model of one kind."""
        contender = self.contenders[kind]
        return ChurnModel(
            kind=kind,
            encoding=self.encoding,
            scorers={name: self.scorers[name] for name in contender.shares},
            shares=contender.shares,
            calibration=contender.calibration,
        )


@dataclasses.dataclass(frozen=True, kw_only=True, eq=False)
class Evaluation:
    """What the procedure predicted for customers that it had not seen.

    Parameters
    ----------
    quality
        Of the kind that each split chose by its own training rows.
    kinds
        Of each kind, by name.
    table
        Ten groups by predicted risk.
    rows, losses : shape (n,)
        Which rows these customers are, and the log loss of each.
    """

    quality: Quality
    kinds: dict[str, Quality]
    table: tuple[RiskGroup, ...]
    rows: Ints
    losses: Floats


def fit(rows: EncodedRows, *, splits: Splits, seed: int) -> Candidates:
    """Fit every kind. The same rows give the same result.

    Parameters
    ----------
    splits
        Pairs of rows to try candidates on, and of others on which they are compared and
        calibrated. What was chosen is then fitted to all rows.
    """
    with one_thread():
        pairs = [(rows.take(some), rows.take(others)) for some, others in splits]
        lines, trees = try_lines(pairs), try_growths(pairs, seed=seed)
        scores = {"logistic": lines.scores, "boosting": trees.scores}
        contenders = _contenders(scores, outcomes(pairs))
        rounds = min(trees.rounds, most_rounds(len(rows.cancelled)))
        scorers: dict[str, Scorer] = {
            "logistic": fit_logistic(rows, knots=lines.knots),
            "boosting": fit_boosting(rows, growth=trees.growth, rounds=rounds, seed=seed),
        }
    choice = ChurnChoice(
        **dataclasses.asdict(trees.growth),
        rounds=rounds,
        knots=lines.knots,
        boosting_share=contenders["blend"].shares["boosting"],
    )
    return Candidates(rows.encoding, scorers, contenders, choice)


def evaluate(
    rows: EncodedRows, *, splits: Splits, inner: Callable[[Ints], Splits], seed: int
) -> Evaluation:
    """Run the whole procedure, choice and calibration included, on each split's training rows.

    Parameters
    ----------
    inner
        Returns the splits for ``fit`` within some of the rows.
    """
    predicted = {kind: np.full(len(rows.cancelled), np.nan) for kind in (*KINDS, "chosen")}
    base = np.full(len(rows.cancelled), np.nan)
    for training, test in splits:
        candidates = fit(rows.take(training), splits=inner(training), seed=seed)
        matrix = rows.take(test).matrix
        for kind in KINDS:
            predicted[kind][test] = candidates.model(kind).probability(matrix)
        predicted["chosen"][test] = predicted[candidates.best][test]
        base[test] = rows.cancelled[training].mean()
    seen = np.flatnonzero(~np.isnan(base))
    outcome = rows.cancelled[seen]
    quality = {k: measure(p[seen], outcome, base=base[seen]) for k, p in predicted.items()}
    return Evaluation(
        quality=quality["chosen"],
        kinds={kind: quality[kind] for kind in KINDS},
        table=calibration_table(predicted["chosen"][seen], outcome),
        rows=seen.astype(np.int64),
        losses=log_losses(predicted["chosen"][seen], outcome),
    )


def _contenders(scores: Mapping[str, Floats], cancelled: Bools) -> dict[str, Contender]:
    """Return each kind, calibrated. Of blends, the one with the lowest loss."""

    def contender(shares: Mapping[str, float]) -> Contender:
        score = blended(shares, scores)
        calibration = fit_calibration(score, cancelled)
        return Contender(shares, calibration, log_loss(calibration.log_odds(score), cancelled))

    blends = [contender({"logistic": 1 - share, "boosting": share}) for share in _BLENDS]
    return {
        "logistic": contender({"logistic": 1.0}),
        "boosting": contender({"boosting": 1.0}),
        "blend": min(blends, key=lambda blend: blend.loss),
    }


def fit_calibration(score: Floats, cancelled: Bools) -> Calibration:
    """Fit to scores that were made without their outcomes.

    Two parameters keep the ranking and need few customers, where isotonic regression ties
    neighbours and promises 0 and 1. Scores that rank customers the wrong way round give everyone
    the base rate.
    """
    fitted = LogisticRegression(C=_WEAK, max_iter=1_000).fit(score[:, None], cancelled)
    slope = round(float(fitted.coef_[0, 0]), _DIGITS)
    if slope <= 0:
        return Calibration(round(float(logit(cancelled.mean())), _DIGITS), 0.0)
    return Calibration(round(float(fitted.intercept_[0]), _DIGITS), slope)
