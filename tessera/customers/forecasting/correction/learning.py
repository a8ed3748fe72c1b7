"""Learn from a shop's earlier days how its purchase model was off, as far as a test proves it.

Everything is learnt twice. First from windows that ended before the latest days: those days then
show how much of it holds, and what they do not prove counts for nothing. Then from all of them.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np

from tessera.customers.forecasting.correction.applying import (
    chance_of_no_order,
    expected_orders,
    names_read,
    scaled,
)
from tessera.customers.forecasting.correction.clicks import (
    Gates,
    TestedCorrection,
    proven_contacts,
    refused,
)
from tessera.customers.forecasting.correction.losses import log_loss, poisson_deviance
from tessera.customers.forecasting.correction.proof import Blends, proven, uses
from tessera.customers.forecasting.correction.regression import fit_no_order, fit_orders
from tessera.customers.forecasting.correction.tree_growth import grow_no_order, grow_orders
from tessera.customers.forecasting.history.past import Past, Window
from tessera.customers.forecasting.history.windows import QUARTER, THIRD, window_days
from tessera.customers.purchase.pairs import Floats
from tessera.records.scoring.learnt_forecasts import LearntChance, LearntOrders, Scale

Correction = TypeVar("Correction", LearntOrders, LearntChance)
_TEMPERS = (0.0, 0.01, 0.03, 0.05, 0.08, 0.12)
_TEMPER_PRICE = 1e-5  # of two that are as good, the smaller
_UNSCALED = Scale(days=0, mean_expected=0.0, of_factor=1.0, of_trees=1.0)
_DIGITS = 9
_DEVIANCE, _LOG_LOSS = "Poisson deviance", "log loss"


@dataclasses.dataclass(frozen=True, kw_only=True)
class TestedOrders:
    """What the forecast would have been at the latest cut whose outcome is known.

    Parameters
    ----------
    window
        The customers then, and what they did.
    orders
        Shape (n,), those expected of them.
    """

    window: Window
    orders: Floats


def learn_orders(past: Past, *, asked_days: int) -> tuple[LearntOrders, TestedOrders | None]:
    """Learn what corrects the number of orders, and how much of it is proven.

    Parameters
    ----------
    past
        The shop's history up to now.
    asked_days
        The days that the forecast is for.

    Returns
    -------
    LearntOrders, TestedOrders
        The first is scaled for ``asked_days`` and the past's customers today. The second is None
        where the history is too short for any earlier cut.
    """
    inner = window_days(asked_days, span_days=past.span_days, part=QUARTER)
    learn = functools.partial(_orders, past.windows(inner, until_days_ago=inner), trees=True)
    windows = past.windows(window_days(asked_days, span_days=past.span_days, part=THIRD))
    if not windows:
        gates = refused(past.names, loss=_DEVIANCE)
        return scaled(_orders((), trees=False, gates=gates), past.now, days=asked_days), None
    test = past.window(inner, inner)
    early, gates = proven_contacts(
        past.names, lambda some: _tested(learn(gates=some), test, _loss_of_orders), loss=_DEVIANCE
    )
    blends = early.blends
    late = _orders(windows, trees=uses(blends, "share"), gates=gates)
    regression = late.regression if uses(blends, "weight") else None
    late = dataclasses.replace(late, blends=blends, regression=regression)
    scaled_early = scaled(early, test.at, days=inner)
    tested = TestedOrders(window=test, orders=expected_orders(scaled_early, test.at))
    return scaled(late, past.now, days=asked_days), tested


def learn_chance(past: Past, *, days: int) -> LearntChance:
    """Learn what corrects the chance of no order within ``days``, and how much is proven."""
    inner = window_days(days, span_days=past.span_days, part=QUARTER)
    earlier = past.windows(inner, until_days_ago=inner)
    learn = functools.partial(_chance, earlier, days=inner, trees=True)
    windows = past.windows(window_days(days, span_days=past.span_days, part=THIRD))
    if not earlier:
        gates = refused(past.names, loss=_LOG_LOSS)
        late = _chance(windows, days=days, trees=False, gates=gates)
        return dataclasses.replace(late, regression=None)
    test = past.window(inner, inner)
    early, gates = proven_contacts(
        past.names, lambda some: _tested(learn(gates=some), test, _loss_of_chance), loss=_LOG_LOSS
    )
    blends = early.blends
    late = _chance(windows, days=days, trees=uses(blends, "share"), gates=gates)
    regression = late.regression if uses(blends, "weight") else None
    return dataclasses.replace(late, blends=blends, regression=regression)


def _tested(
    early: Correction, test: Window, loss: Callable[[Correction, Window], Floats]
) -> TestedCorrection[Correction]:
    """Return a correction with the blends that later days prove, and its losses on those days."""
    blends = Blends()
    if early.regression is not None:
        blends = proven(
            test.at.known,
            lambda tried: loss(dataclasses.replace(early, blends=tried), test),
        )
    early = dataclasses.replace(early, blends=blends)
    return TestedCorrection(early, loss(early, test) if early.regression is not None else None)


def _orders(windows: Sequence[Window], *, trees: bool, gates: Gates) -> LearntOrders:
    """Fit factor and trees to windows. Without any order in them, nothing is learnt."""
    days = windows[0].days if windows else 0
    nothing = LearntOrders(
        learnt_days=days, cuts=len(windows), level=1.0, temper=0.0, blends={},
        regression=None, forest=None, scale=_UNSCALED, **gates,
    )  # fmt: skip
    if not any(one.came.orders.any() for one in windows):
        return nothing
    each = [one.at.expected(days) for one in windows]
    expected = np.maximum(np.concatenate(each), 1e-6)
    middle = np.concatenate([np.full(len(one), one.mean()) for one in each])
    orders = np.concatenate([one.came.orders for one in windows])
    level = float(orders.sum() / expected.sum())

    def off(temper: float) -> float:
        tempered = (1 - temper) * expected * level + temper * orders.mean()
        return float(poisson_deviance(tempered, orders).mean()) + _TEMPER_PRICE * temper

    temper, names = min(_TEMPERS, key=off), names_read(nothing, windows[0].at)
    return dataclasses.replace(
        nothing,
        level=round(level, _DIGITS),
        temper=temper,
        regression=fit_orders(
            _features(windows, names),
            orders,
            expected=(1 - temper) * expected + temper * middle,
            names=names,
        ),
        forest=grow_orders(_plain(windows, names), orders) if trees else None,
    )


def _chance(windows: Sequence[Window], *, days: int, trees: bool, gates: Gates) -> LearntChance:
    learnt_days = windows[0].days if windows else 0
    nothing = LearntChance(
        days=days, learnt_days=learnt_days, cuts=len(windows), blends={}, regression=None,
        forest=None, **gates,
    )  # fmt: skip
    ordered = np.concatenate([one.came.orders > 0 for one in windows] or [np.zeros(0, np.bool_)])
    if ordered.all() or not ordered.any():
        return nothing
    names = names_read(nothing, windows[0].at)
    return dataclasses.replace(
        nothing,
        regression=fit_no_order(
            _features(windows, names),
            ordered.astype(np.float64),
            no_order=np.concatenate([one.at.no_order(learnt_days) for one in windows]),
            names=names,
        ),
        forest=grow_no_order(_plain(windows, names), ~ordered) if trees else None,
    )


def _features(windows: Sequence[Window], names: tuple[str, ...]) -> Floats:
    return np.concatenate([one.at.features_of(names) for one in windows])


def _plain(windows: Sequence[Window], names: tuple[str, ...]) -> Floats:
    return np.concatenate([one.at.plain_of(names) for one in windows])


def _loss_of_orders(early: LearntOrders, test: Window) -> Floats:
    tried = scaled(early, test.at, days=test.days)
    mean, came = expected_orders(tried, test.at), test.came.orders
    # How customers differ is tested here. The level has its own correction.
    return poisson_deviance(mean * (came.sum() / mean.sum()), came)


def _loss_of_chance(early: LearntChance, test: Window) -> Floats:
    return log_loss(chance_of_no_order(early, test.at), test.came.orders)
