"""The day of the next order, by the purchase model and what corrects its chances."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from tessera.customers.forecasting.history.snapshot import BuyerSnapshot
from tessera.customers.money import Ints
from tessera.customers.purchase.model import Terms
from tessera.customers.purchase.pairs import Floats
from tessera.customers.purchase.prediction import HORIZON_DAYS, order_day

CHANCES = {"early": 0.1, "median": 0.5, "late": 0.9}
_SURELY = 1e-9


def next_order_days(
    model: Terms, at: BuyerSnapshot, chances: Mapping[int, Floats]
) -> dict[str, Ints]:
    """Return the days by which an order has come with 10, 50 and 90 %, shape (n,). 0 for never.

    Parameters
    ----------
    model
        The purchase model.
    at
        The customers.
    chances
        The corrected chances of no order that may be shown, by horizon. At least one, and a
        longer horizon's is never the higher.

    Notes
    -----
    The corrected chance is the model's to the power f, and f depends on the horizon. A day has
    the power of the first horizon by which an order has come with the chance asked for, so it is
    within that horizon and after the one before: dates and chances agree. Days after the last
    horizon have its power.
    """
    return {name: _day(model, at, chances, chance=chance) for name, chance in CHANCES.items()}


def _day(model: Terms, at: BuyerSnapshot, chances: Mapping[int, Floats], *, chance: float) -> Ints:
    after, until, power = _bracket(at, chances, left=1 - chance)
    wanted = -np.expm1(np.log1p(-chance) / np.maximum(power, _SURELY))
    days = order_day(model, at.known.history, chance=wanted, horizon_days=HORIZON_DAYS).days
    # Trees may expect an order of customers that the model gave up: then the horizon is known.
    days = np.where((days == 0) & (until < HORIZON_DAYS), until, days)
    return np.where(days > 0, np.clip(days, after + 1, until), 0)


def _bracket(
    at: BuyerSnapshot, chances: Mapping[int, Floats], *, left: float
) -> tuple[Ints, Ints, Floats]:
    """Return the horizons that the day is after and within, and the power between them."""
    after = np.zeros(len(at.known), np.int64)
    until = np.full(len(at.known), HORIZON_DAYS)
    power = np.ones(len(at.known))
    for horizon in sorted(chances):
        open_ = until == HORIZON_DAYS
        here = open_ & (chances[horizon] <= left)
        power = np.where(open_, _power(chances[horizon], at.no_order_by_model(horizon)), power)
        until = np.where(here, horizon, until)
        after = np.where(open_ & ~here, horizon, after)
    return after, until, power


def _power(corrected: Floats, model: Floats) -> Floats:
    return np.log(np.clip(corrected, _SURELY, 1 - _SURELY)) / np.log(model)
