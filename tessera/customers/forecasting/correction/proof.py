"""How much of what was learnt counts: as much as later days of the same shop prove."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Literal

import numpy as np

from tessera.customers.forecasting.confidence import SURE
from tessera.customers.forecasting.history.known import GROUPS, KnownBuyers
from tessera.customers.purchase.pairs import Floats
from tessera.records.scoring.learnt_forecasts import Blend

WEIGHTS = (0.0, 0.25, 0.5, 0.75, 1.0)
SHARES = (0.0, 0.25, 0.5)

Blends = dict[str, Blend]


def proven(known: KnownBuyers, loss: Callable[[Blends], Floats]) -> Blends:
    """Return each group's blend: the weight of the factor first, then the share of trees.

    Parameters
    ----------
    known
        The customers of the test.
    loss
        Returns each customer's loss with such blends, shape (n,).

    Notes
    -----
    What is surely better for everybody counts. For new customers and one-time buyers, whose
    history says little, it counts only where it is surely better for them alone too.
    """
    remembered = functools.cache(lambda weight, share: loss(_all(weight, share)))
    weight = _best({one: remembered(one, 0.0) for one in WEIGHTS})
    share = _best({one: remembered(weight, one) for one in SHARES})
    chosen = _all(weight, share)
    for name in GROUPS[:-1]:
        rows = known.group == GROUPS.index(name)
        own = _best({one: remembered(one, 0.0)[rows] for one in (0.0, weight)})
        base = remembered(own, 0.0)[rows]
        chosen[name] = Blend(
            weight=own, share=_best({0.0: base, share: remembered(own, share)[rows]})
        )
    return chosen


def uses(blends: Mapping[str, Blend], what: Literal["weight", "share"]) -> bool:
    """Return whether any group uses the factor (``weight``) or the trees (``share``)."""
    return any(getattr(one, what) > 0 for one in blends.values())


def _all(weight: float, share: float) -> Blends:
    return dict.fromkeys(GROUPS, Blend(weight=weight, share=share))


def _best(losses: Mapping[float, Floats]) -> float:
    """Return the choice of the least loss, or 0 unless that is surely better."""
    nothing = losses[0.0]
    if len(nothing) < 2:
        return 0.0
    best = min(losses, key=lambda one: float(losses[one].mean()))
    gain = nothing - losses[best]
    return best if gain.mean() > SURE * gain.std() / np.sqrt(len(gain)) else 0.0
