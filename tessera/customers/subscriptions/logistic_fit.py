"""Fitting the logistic regression, apart from using it: scikit-learn is slow to import."""

from __future__ import annotations

import dataclasses

import numpy as np
from sklearn.linear_model import LogisticRegression

from tessera.customers.subscriptions.attributes import Floats
from tessera.customers.subscriptions.encoding import EncodedRows, Feature
from tessera.customers.subscriptions.logistic import Logistic, Term

STRAIGHT, BENT = 2, 6  # knots a number: a straight line, or one that may bend
_TAILS = (0.01, 0.99)  # numbers beyond these quantiles count as the quantile
_ITERATIONS = 2_000
_DIGITS = 9  # of what is written down: the last bits differ between machines


@dataclasses.dataclass(frozen=True, eq=False)
class _Block:
    """A feature's columns of the design matrix. The last says whether it is unknown.

    Parameters
    ----------
    columns : shape (n, parameters)
    knots
        Of a number.
    at_knots : shape (knots, parameters - 1)
        What the columns before the last hold at the knots. Of a category, the identity.
    """

    columns: Floats
    knots: tuple[float, ...]
    at_knots: Floats

    def term(self, weights: Floats) -> Term:
        """Return the term with the fitted weights of these columns."""
        return Term(
            weights=tuple((self.at_knots @ weights[:-1]).round(_DIGITS).tolist()),
            unknown=round(float(weights[-1]), _DIGITS),
            average=round(float((self.columns @ weights).mean()), _DIGITS),
            knots=self.knots,
        )


def fit_logistic(rows: EncodedRows, *, knots: int = STRAIGHT) -> Logistic:
    """Fit by penalised maximum likelihood (ridge, C = 1), every customer with the same weight.

    Parameters
    ----------
    knots
        Of a number's line, at equally spaced quantiles. Two give a straight line. The penalty
        draws more to a straight one.
    """
    features = rows.encoding.features
    blocks = [_block(feature, rows.matrix[:, p], knots) for p, feature in enumerate(features)]
    design = np.hstack([block.columns for block in blocks])
    fitted = LogisticRegression(C=1.0, max_iter=_ITERATIONS).fit(design, rows.cancelled)
    ends = np.cumsum([block.columns.shape[1] for block in blocks])
    weights = np.split(fitted.coef_[0], ends[:-1])
    return Logistic(
        intercept=round(float(fitted.intercept_[0]), _DIGITS),
        terms=tuple(block.term(own) for block, own in zip(blocks, weights, strict=True)),
        categories=tuple(feature.kind == "category" for feature in features),
    )


def _block(feature: Feature, values: Floats, knots: int) -> _Block:
    absent = np.isnan(values)
    if feature.kind == "category":
        levels = len(feature.levels)
        codes = np.where(absent, levels, values).astype(np.int64)
        return _Block(np.eye(levels + 1)[codes], (), np.eye(levels))
    known = values[~absent]
    if not len(known):
        return _Block(absent[:, None].astype(np.float64), (), np.empty((0, 0)))
    places = _knots(feature, known, knots)
    at_values = _lines(np.clip(known, places[0], places[-1]), places)
    at_knots = _lines(places, places)
    mean, spread = at_values.mean(axis=0), at_values.std(axis=0)
    spread[spread == 0] = 1.0
    columns = np.zeros((len(values), at_values.shape[1] + 1))
    columns[~absent, :-1] = (at_values - mean) / spread
    columns[absent, -1] = 1.0
    return _Block(columns, tuple(places.tolist()), (at_knots - mean) / spread)


def _knots(feature: Feature, known: Floats, count: int) -> Floats:
    if feature.kind == "flag":
        return np.array([0.0, 1.0])
    return np.unique(np.quantile(known, np.linspace(*_TAILS, count)))


def _lines(values: Floats, knots: Floats) -> Floats:
    """Return the value and by how much it exceeds each inner knot: shape (n, 1 + inner knots)."""
    beyond = [np.maximum(values - knot, 0.0) for knot in knots[1:-1]]
    return np.column_stack([values, *beyond])
