"""Logistic regression: a sum of one term a feature, each readable in the model's JSON."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, Self

import numpy as np

from tessera.customers.subscriptions.attributes import Floats


@dataclasses.dataclass(frozen=True, kw_only=True)
class Term:
    """One feature's part of the log-odds.

    Parameters
    ----------
    weights
        Of a category, one a level. Of the others, one a knot.
    unknown
        The part of a customer whose value is unknown.
    average
        The mean of the customers' parts in training.
    knots
        Ascending values of a number. Between two of them the part follows a straight line.
        Outside, it is that of the nearest. Empty for a category.
    """

    weights: tuple[float, ...]
    unknown: float
    average: float = 0.0
    knots: tuple[float, ...] = ()

    def parts(self, values: Floats, *, is_category: bool) -> Floats:
        """Return each customer's part of the log-odds, shape (n,)."""
        absent = np.isnan(values)
        if is_category:
            table = np.array([*self.weights, self.unknown])
            return np.asarray(table[np.where(absent, -1, values).astype(np.int64)], np.float64)
        if not self.knots:
            return np.full(len(values), self.unknown)
        return np.where(absent, self.unknown, np.interp(values, self.knots, self.weights))


@dataclasses.dataclass(frozen=True, kw_only=True)
class Logistic:
    """A fitted regression. ``terms`` are in the order of the features."""

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
        """Return JSON-ready values. ``from_dict`` reads them back."""
        terms = [
            {**dataclasses.asdict(t), "weights": list(t.weights), "knots": list(t.knots)}
            for t in self.terms
        ]
        return {"intercept": self.intercept, "terms": terms, "categories": list(self.categories)}

    @classmethod
    def from_dict(cls, document: Mapping[str, Any]) -> Self:
        """Read a regression."""
        return cls(
            intercept=document["intercept"],
            terms=tuple(
                Term(**{**row, "weights": tuple(row["weights"]), "knots": tuple(row["knots"])})
                for row in document["terms"]
            ),
            categories=tuple(document["categories"]),
        )
