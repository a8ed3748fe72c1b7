"""Apply what was learnt: each customer's forecast depends on that customer alone."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import numpy as np

from tessera.customers.forecasting.correction.regression import log_factor
from tessera.customers.forecasting.correction.trees import forest_values
from tessera.customers.forecasting.history.features import without
from tessera.customers.forecasting.history.known import GROUPS, KnownBuyers
from tessera.customers.forecasting.history.snapshot import BuyerSnapshot
from tessera.customers.purchase.pairs import Floats
from tessera.records.scoring.learnt_forecasts import (
    Blend,
    LearntChance,
    LearntOrders,
    Regression,
    Scale,
)

LEVEL_TRUST = 0.5  # the outcome's log level follows that of earlier cuts with a slope near a half
NOTHING = Blend(weight=0.0, share=0.0)
_LEAST = 1e-9


def expected_orders(learnt: LearntOrders, at: BuyerSnapshot) -> Floats:
    """Return the purchase days to expect within ``learnt.scale.days``, shape (n,).

    Notes
    -----
    c [(1 - v) m + v s t], with m the purchase model times its factor, t the trees, v their share.
    Trees know the days that they learnt from. Beyond, they go on as the purchase model does.
    """
    days, scale = learnt.scale.days, learnt.scale
    model = at.expected(days)
    by_factor = scale.of_factor * _by_factor(learnt, at, model=model)
    if learnt.forest is None:
        return by_factor
    share = blend_of(learnt.blends, at.known)[1]
    by_trees = scale.of_trees * _by_trees(learnt, at, model=model, days=days)
    return (1 - share) * by_factor + share * by_trees


def scaled(learnt: LearntOrders, at: BuyerSnapshot, *, days: int) -> LearntOrders:
    """Return the correction with a scale for ``days`` that makes these customers' total right.

    The total is the purchase model's, times the square root of the level of earlier cuts.
    """
    model = at.expected(days)
    total = float(model.sum()) * learnt.level**LEVEL_TRUST
    plain = Scale(days=days, mean_expected=float(model.mean()), of_factor=1.0, of_trees=1.0)
    draft = dataclasses.replace(learnt, scale=plain)
    factor = total / max(float(_by_factor(draft, at, model=model).sum()), _LEAST)
    trees = 1.0
    if learnt.forest is not None:
        trees = total / max(float(_by_trees(draft, at, model=model, days=days).sum()), _LEAST)
    scale = dataclasses.replace(plain, of_factor=factor, of_trees=trees)
    draft = dataclasses.replace(learnt, scale=scale)
    again = total / max(float(expected_orders(draft, at).sum()), _LEAST)
    return dataclasses.replace(
        learnt,
        scale=dataclasses.replace(scale, of_factor=again * factor, of_trees=again * trees),
    )


def chance_of_no_order(learnt: LearntChance, at: BuyerSnapshot) -> Floats:
    """Return the chance of no order within ``learnt.days``, shape (n,).

    Notes
    -----
    (1 - v) q^exp(w g) + v t^(log q(days) / log q(learnt days)), with q the purchase model's.
    """
    model = at.no_order(learnt.days)
    by_factor: Floats = model ** np.exp(_weighted(learnt.regression, learnt.blends, at))
    if learnt.forest is None:
        return by_factor
    share = blend_of(learnt.blends, at.known)[1]
    like = 1 / (1 + np.exp(-forest_values(learnt.forest, at.plain_of(names_read(learnt, at)))))
    longer = np.log(model) / np.log(at.no_order(learnt.learnt_days))
    by_trees = np.exp(longer * np.log(np.maximum(like, 1e-4)))  # a power, and faster
    return (1 - share) * by_factor + share * by_trees


def names_read(learnt: LearntOrders | LearntChance, at: BuyerSnapshot) -> tuple[str, ...]:
    """Return the features that count: those of contacts only where they proved themselves."""
    gates = {"clicks": learnt.clicks, "emails": learnt.emails}
    return without(at.names, [kind for kind, gate in gates.items() if gate and not gate.kept])


def blend_of(blends: Mapping[str, Blend], known: KnownBuyers) -> tuple[Floats, Floats]:
    """Return each customer's weight and share, shape (n,) each."""
    group = known.group
    chosen = [blends.get(name, NOTHING) for name in GROUPS]
    weight, share = (
        np.array([getattr(one, name) for one in chosen])[group] for name in ("weight", "share")
    )
    return weight, share


def _by_factor(learnt: LearntOrders, at: BuyerSnapshot, *, model: Floats) -> Floats:
    tempered = (1 - learnt.temper) * model + learnt.temper * learnt.scale.mean_expected
    return tempered * np.exp(_weighted(learnt.regression, learnt.blends, at))


def _weighted(
    regression: Regression | None, blends: Mapping[str, Blend], at: BuyerSnapshot
) -> Floats:
    if regression is None:
        return np.zeros(len(at.known))
    return blend_of(blends, at.known)[0] * log_factor(regression, at.features_of(regression.names))


def _by_trees(learnt: LearntOrders, at: BuyerSnapshot, *, model: Floats, days: int) -> Floats:
    assert learnt.forest is not None  # noqa: S101 (the caller looked)
    plain = at.plain_of(names_read(learnt, at))
    like = np.maximum(np.exp(forest_values(learnt.forest, plain)), 1e-6)
    before = np.maximum(at.expected(learnt.learnt_days), _LEAST)
    return like * np.minimum(model / before, days / learnt.learnt_days)
