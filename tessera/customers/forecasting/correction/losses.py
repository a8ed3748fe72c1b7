"""Losses of forecasts, customer by customer: lowest in the mean where it is the truth."""

from __future__ import annotations

import numpy as np

from tessera.customers.purchase.pairs import Floats

_LEAST_ORDERS = 1e-4
_LEAST_CHANCE = 1e-4
_POWER = 1.5


def poisson_deviance(mean: Floats, actual: Floats) -> Floats:
    """Return 2 (y log(y / m) - (y - m)), shape (n,)."""
    mean = np.maximum(mean, _LEAST_ORDERS)
    happened = np.where(actual > 0, actual, 1.0)
    deviance: Floats = 2 * (
        np.where(actual > 0, actual * np.log(happened / mean), 0.0) - (actual - mean)
    )
    return deviance


def log_loss(no_order: Floats, actual: Floats) -> Floats:
    """Return the log loss of a chance of no order, shape (n,). ``actual`` counts orders."""
    chance = np.clip(no_order, _LEAST_CHANCE, 1 - _LEAST_CHANCE)
    return -np.where(actual > 0, np.log1p(-chance), np.log(chance))


def brier(no_order: Floats, actual: Floats) -> Floats:
    """Return the squared error of a chance of no order, shape (n,)."""
    error: Floats = (no_order - (actual == 0)) ** 2
    return error


def tweedie_deviance(mean: Floats, actual: Floats) -> Floats:
    """Return the Tweedie deviance of power 1.5 of money, shape (n,). Negative money counts as 0.

    In units of the mean outcome, so that it does not depend on the currency.

    References
    ----------
    Jorgensen (1987), "Exponential dispersion models".
    """
    scale = max(float(actual.mean()), 1e-9) if len(actual) else 1.0
    m, y = np.maximum(mean / scale, 1e-3), np.maximum(actual / scale, 0.0)
    p = _POWER
    deviance: Floats = 2 * (
        y ** (2 - p) / ((1 - p) * (2 - p)) - y * m ** (1 - p) / (1 - p) + m ** (2 - p) / (2 - p)
    )
    return deviance
