"""The learnt factor: a regression on features, with the purchase model as offset."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping

import numpy as np

from tessera.customers.one_thread import one_thread
from tessera.customers.purchase.pairs import Floats
from tessera.records.scoring.learnt_forecasts import Regression

_RIDGE = 0.02  # of the total expectation, for each coefficient
_MOST_SPREADS = 4.0
_LIMIT = 2.0  # of the log factor: a customer is at most seven times the purchase model's forecast
_ROUNDS = 50
_SETTLED = 1e-8
# Of a loss: weights, and pulls on the linear part.
Slopes = Callable[[Floats], tuple[Floats, Floats]]
_DIGITS = 9  # coefficients are equal on machines that round sums otherwise
_ERROR_DIGITS = 6


@dataclasses.dataclass(frozen=True, kw_only=True)
class FittedOdds:
    """A fitted regression.

    Parameters
    ----------
    regression
        The coefficients.
    standard_errors
        Of each coefficient: how far other customers of such a shop would change it.
    """

    regression: Regression
    standard_errors: tuple[float, ...]


def fit_orders(
    features: Floats, orders: Floats, *, expected: Floats, names: tuple[str, ...]
) -> Regression:
    """Fit a Poisson regression: orders are expected × exp(regression).

    Parameters
    ----------
    features : shape (n, k)
    orders : shape (n,)
        Purchase days that came.
    expected : shape (n,)
        Those that the purchase model expected, above 0.
    names
        The features' names.
    """
    offset = np.log(expected)

    def slopes(linear: Floats) -> tuple[Floats, Floats]:
        mean = np.exp(offset + np.clip(linear, -_MOST_SPREADS, _MOST_SPREADS))
        return mean, orders - mean

    return _fit(features, slopes, ridge=_RIDGE * float(expected.sum()), names=names)


def fit_no_order(
    features: Floats, ordered: Floats, *, no_order: Floats, names: tuple[str, ...]
) -> Regression:
    """Fit a complementary log-log regression: no_order ** exp(regression) is the chance.

    Parameters
    ----------
    ordered : shape (n,)
        1 for customers who ordered, else 0.
    no_order : shape (n,)
        The purchase model's chance of no order, inside (0, 1).
    """
    offset = np.log(-np.log(np.clip(no_order, 1e-6, 1 - 1e-6)))

    def slopes(linear: Floats) -> tuple[Floats, Floats]:
        hazard = np.exp(np.clip(offset + linear, -12, 3))
        chance = np.clip(-np.expm1(-hazard), 1e-9, 1 - 1e-9)
        slope = hazard * np.exp(-hazard)
        weight = slope / (chance * (1 - chance))
        return slope * weight, (ordered - chance) * weight

    return _fit(features, slopes, ridge=_RIDGE * float(ordered.sum()), names=names)


def fit_ordered(
    features: Floats, ordered: Floats, *, names: tuple[str, ...], directions: Mapping[str, int]
) -> FittedOdds:
    """Fit a logistic regression whose coefficients all have the sign that is asked for.

    Parameters
    ----------
    features : shape (n, k)
    ordered : shape (n,)
        1 for customers who ordered, else 0.
    names
        The features' names.
    directions
        By name: 1 for a feature that may only raise the chance of an order, -1 for one that may
        only lower it. Against its direction a feature is omitted, the farthest first.
    """

    def slopes(linear: Floats) -> tuple[Floats, Floats]:
        chance = 1 / (1 + np.exp(-linear))
        return chance * (1 - chance), ordered - chance

    ridge = _RIDGE * float(ordered.sum())
    kept = list(range(len(names)))
    while True:
        chosen = tuple(names[place] for place in kept)
        made = _solve(features[:, kept], slopes, ridge=ridge, names=chosen)
        against = [
            coefficient * directions[name]
            for name, coefficient in zip(chosen, made.regression.coefficients, strict=True)
        ]
        if min(against, default=0.0) >= 0:
            return made
        del kept[int(np.argmin(against))]


def _fit(features: Floats, slopes: Slopes, *, ridge: float, names: tuple[str, ...]) -> Regression:
    return _solve(features, slopes, ridge=ridge, names=names).regression


def _solve(features: Floats, slopes: Slopes, *, ridge: float, names: tuple[str, ...]) -> FittedOdds:
    """Newton steps to the most likely coefficients, each held back towards 0."""
    mean, spread = features.mean(axis=0), features.std(axis=0) + 1e-9
    z = np.column_stack([np.ones(len(features)), _scaled(features, mean, spread)])
    penalty = np.diag(np.append(1e-9, np.full(features.shape[1], ridge)))
    point = np.zeros(z.shape[1])
    with one_thread():
        for _ in range(_ROUNDS):
            weight, pull = slopes(z @ point)
            curvature = (z * weight[:, None]).T @ z + penalty
            step = np.clip(np.linalg.solve(curvature, z.T @ pull - penalty @ point), -1, 1)
            point = point + step
            if np.abs(step).max() < _SETTLED:
                break
        errors = np.sqrt(np.diag(np.linalg.inv(curvature)))
    return FittedOdds(
        regression=Regression(
            names=names,
            mean=_rounded(mean),
            spread=_rounded(spread),
            intercept=round(float(point[0]), _DIGITS),
            coefficients=_rounded(point[1:]),
        ),
        standard_errors=tuple(round(one, _ERROR_DIGITS) for one in errors[1:].tolist()),
    )


def log_terms(regression: Regression, features: Floats) -> Floats:
    """Return each feature's part of the log factor, shape (n, k)."""
    scaled = _scaled(features, np.array(regression.mean), np.array(regression.spread))
    terms: Floats = scaled * np.array(regression.coefficients)
    return terms


def log_factor(regression: Regression, features: Floats) -> Floats:
    """Return the logarithm of the factor, shape (n,), within ±2."""
    return linear_part(regression, features).clip(-_LIMIT, _LIMIT)


def linear_part(regression: Regression, features: Floats) -> Floats:
    """Return the intercept and all terms together, shape (n,)."""
    total = np.full(len(features), regression.intercept)
    each = zip(features.T, regression.mean, regression.spread, regression.coefficients, strict=True)
    for column, mean, spread, coefficient in each:
        total += _scaled(column, mean, spread) * coefficient
    return total


def _scaled(features: Floats, mean: Floats | float, spread: Floats | float) -> Floats:
    scaled = features - mean
    scaled /= spread
    return scaled.clip(-_MOST_SPREADS, _MOST_SPREADS, out=scaled)


def _rounded(values: Floats) -> tuple[float, ...]:
    return tuple(round(value, _DIGITS) for value in values.tolist())
