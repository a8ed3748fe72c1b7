"""Logistic regression: a sum of one term a feature, each readable in the model's JSON."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, Self

import numpy as np
from sklearn.linear_model import LogisticRegression

from tessera.customers.subscriptions.attributes import Bools, Floats
from tessera.customers.subscriptions.encoding import Encoding, Feature

_TAILS = (0.01, 0.99)  # numbers beyond these quantiles count as the quantile
_ITERATIONS = 2_000
_DIGITS = 9  # of what is written down: the last bits differ between machines


@dataclasses.dataclass(frozen=True, kw_only=True)
class Term:
    """One feature's part of the log-odds.

    Parameters
    ----------
    weights
        Of a category, one a level; of the others, one for the standardised value.
    unknown
        The part of a customer whose value is unknown.
    average
        The mean of the customers' parts in training.
    low, high, mean, sd
        A number is cut to [low, high], then standardised.
    """

    weights: tuple[float, ...]
    unknown: float
    average: float = 0.0
    low: float = 0.0
    high: float = 0.0
    mean: float = 0.0
    sd: float = 1.0

    def parts(self, values: Floats, *, is_category: bool) -> Floats:
        """Return each customer's part of the log-odds, shape (n,)."""
        absent = np.isnan(values)
        if is_category:
            table = np.array([*self.weights, self.unknown])
            return np.asarray(table[np.where(absent, -1, values).astype(np.int64)], np.float64)
        scaled = (np.clip(values, self.low, self.high) - self.mean) / self.sd
        return np.where(absent, self.unknown, self.weights[0] * scaled)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Logistic:
    """A fitted regression; ``terms`` are in the order of the features."""

    intercept: float
    terms: tuple[Term, ...]
    categories: tuple[bool, ...]

    def log_odds(self, matrix: Floats) -> Floats:
        """Return the log-odds of a cancellation, shape (n,)."""
        return self.intercept + np.asarray(self._parts(matrix).sum(axis=1), np.float64)

    def effects(self, matrix: Floats) -> Floats:
        """Return by how much each feature's value raises the log-odds, shape (n, features).

        Against their mean over the customers of the training.
        """
        averages: Floats = np.array([term.average for term in self.terms], np.float64)
        return self._parts(matrix) - averages

    def _parts(self, matrix: Floats) -> Floats:
        parts = np.empty(matrix.shape, order="F")
        for place, (term, is_category) in enumerate(zip(self.terms, self.categories, strict=True)):
            parts[:, place] = term.parts(matrix[:, place], is_category=is_category)
        return parts

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-ready values; ``from_dict`` reads them back."""
        terms = [{**dataclasses.asdict(t), "weights": list(t.weights)} for t in self.terms]
        return {"intercept": self.intercept, "terms": terms, "categories": list(self.categories)}

    @classmethod
    def from_dict(cls, document: Mapping[str, Any]) -> Self:
        """Read a regression."""
        terms = (Term(**{**row, "weights": tuple(row["weights"])}) for row in document["terms"])
        return cls(
            intercept=document["intercept"],
            terms=tuple(terms),
            categories=tuple(document["categories"]),
        )


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
    """Return a feature's columns of the design matrix; the last says whether it is unknown."""
    absent = np.isnan(values)
    if feature.kind == "category":
        codes = np.where(absent, len(feature.levels), values).astype(np.int64)
        return np.asarray(np.eye(len(feature.levels) + 1)[codes], np.float64)
    unit = dataclasses.replace(term, weights=(1.0,))
    return np.column_stack([unit.parts(values, is_category=False), absent])


def _significant(value: float) -> float:
    return float(f"{value:.{_DIGITS}g}")
