"""Fitting the logistic regression, apart from using it: scikit-learn is slow to import."""

from __future__ import annotations

import dataclasses

import numpy as np
from sklearn.linear_model import LogisticRegression

from tessera.customers.subscriptions.attributes import Bools, Floats
from tessera.customers.subscriptions.encoding import Encoding, Feature
from tessera.customers.subscriptions.logistic import Logistic, Term

_TAILS = (0.01, 0.99)  # numbers beyond these quantiles count as the quantile
_ITERATIONS = 2_000
_DIGITS = 9  # of what is written down: the last bits differ between machines


def fit_logistic(matrix: Floats, cancelled: Bools, *, encoding: Encoding) -> Logistic:
    """Fit by penalised maximum likelihood (ridge, C = 1), every customer with the same weight."""
    blank = [_blank(feature, matrix[:, place]) for place, feature in enumerate(encoding.features)]
    blocks = [
        _design(feature, matrix[:, place], blank[place])
        for place, feature in enumerate(encoding.features)
    ]
    fitted = LogisticRegression(C=1.0, max_iter=_ITERATIONS).fit(np.hstack(blocks), cancelled)
    weights = fitted.coef_[0].round(_DIGITS).tolist()
    terms, start = [], 0
    for term, block in zip(blank, blocks, strict=True):
        own = weights[start : start + block.shape[1]]
        average = round(float((block @ own).mean()), _DIGITS)
        terms.append(
            dataclasses.replace(term, weights=tuple(own[:-1]), unknown=own[-1], average=average)
        )
        start += block.shape[1]
    return Logistic(
        intercept=round(float(fitted.intercept_[0]), _DIGITS),
        terms=tuple(terms),
        categories=tuple(feature.kind == "category" for feature in encoding.features),
    )


def _blank(feature: Feature, values: Floats) -> Term:
    """Return a feature's term before its weights are known."""
    known = values[~np.isnan(values)]
    if feature.kind == "category" or not len(known):
        return Term(weights=(), unknown=0.0)
    low, high = np.quantile(known, _TAILS) if feature.kind != "flag" else (0.0, 1.0)
    cut = np.clip(known, low, high)
    return Term(
        weights=(),
        unknown=0.0,
        low=float(low),
        high=float(high),
        mean=_significant(cut.mean()),
        sd=_significant(cut.std()) or 1.0,
    )


def _design(feature: Feature, values: Floats, term: Term) -> Floats:
    """Return a feature's columns of the design matrix. The last says whether it is unknown."""
    absent = np.isnan(values)
    if feature.kind == "category":
        codes = np.where(absent, len(feature.levels), values).astype(np.int64)
        return np.asarray(np.eye(len(feature.levels) + 1)[codes], np.float64)
    unit = dataclasses.replace(term, weights=(1.0,))
    return np.column_stack([unit.parts(values, is_category=False), absent])


def _significant(value: float) -> float:
    return float(f"{value:.{_DIGITS}g}")
