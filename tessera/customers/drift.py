"""How far customers have moved from those that a model learnt from."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from tessera.customers.purchase.history import PurchaseHistory
from tessera.customers.purchase.pairs import Floats
from tessera.records.scoring.forecast_models import InputDistribution

_REPEATS = (1.0, 2.0, 3.0, 5.0, 10.0)
_PARTS = 10
_SMALLEST = 1e-4  # an empty bin counts as this share, or its logarithm would be infinite


def distribution(history: PurchaseHistory, *, net_spend: Floats) -> dict[str, InputDistribution]:
    """Return how each of a model's inputs is distributed, to compare later customers with.

    Parameters
    ----------
    history
        Purchase days of the buyers.
    net_spend
        Shape (n,): their net money.
    """
    values = _inputs(history, net_spend=net_spend)
    edges = {name: _edges(name, column) for name, column in values.items()}
    return {
        name: InputDistribution(
            edges=tuple(edges[name].tolist()), shares=tuple(_shares(column, edges[name]).tolist())
        )
        for name, column in values.items()
    }


def drift(
    history: PurchaseHistory, *, net_spend: Floats, since: Mapping[str, InputDistribution]
) -> dict[str, float]:
    """Return the population stability index of each input since an earlier ``distribution``.

    Notes
    -----
    The index is Σ (now - then) ln(now / then) over the bins. As a rule of thumb of credit scoring,
    below 0.1 nothing has changed, and above 0.25 the population is another.

    References
    ----------
    Siddiqi (2006), "Credit Risk Scorecards".
    """
    indices = {}
    for name, column in _inputs(history, net_spend=net_spend).items():
        then = np.maximum(np.array(since[name].shares), _SMALLEST)
        now = np.maximum(_shares(column, np.array(since[name].edges)), _SMALLEST)
        indices[name] = round(float(((now - then) * np.log(now / then)).sum()), 6)
    return indices


def _inputs(history: PurchaseHistory, *, net_spend: Floats) -> dict[str, Floats]:
    return {
        "repeats": history.repeats,
        "silent_days": history.age_days - history.last_day,
        "net_spend": net_spend,
    }


def _edges(name: str, values: Floats) -> Floats:
    if name == "repeats":
        return np.array(_REPEATS)
    if not len(values):
        return np.zeros(0)
    return np.unique(np.quantile(values, np.arange(1, _PARTS) / _PARTS))


def _shares(values: Floats, edges: Floats) -> Floats:
    counts = np.bincount(np.searchsorted(edges, values, side="right"), minlength=len(edges) + 1)
    return counts / max(len(values), 1)
