"""Fit the Gamma-Gamma model by maximum likelihood: several starts on few rows, then all rows."""

from __future__ import annotations

import dataclasses
import math

import numpy as np

from tessera.customers.spend.gamma_gamma import SpendModel
from tessera.customers.spend.history import Flags, Floats, SpendHistory
from tessera.customers.spend.likelihood import FROM_SCALE, Likelihood
from tessera.customers.spend.maximum import Box, Peak, climb
from tessera.customers.spend.outliers import FENCE, winsorised
from tessera.customers.spend.sums import dot, mean
from tessera.errors import InvalidInput
from tessera.plurals import plural
from tessera.records.scoring.forecast_models import SpendFit

STRONG_CORRELATION = 0.3

_STARTS = ((1.0, 3.0), (6.0, 4.0), (0.3, 1.5), (30.0, 30.0))  # p, q
_FARTHEST_MEAN = 1.1  # of the population, in the highest mean spend of a customer
_FLAT = 1e-9  # a variance, relative to the squared mean, that is only rounding
_FEW = 4_000  # rows that the starts are tried on
# Of log p, log q and the log scale, spend having a mean of 1. At p = 22,000 a customer's purchases
# differ by 0.7 %, at q = 22,000 customers do.
_BOX = Box(low=np.array([-6.0, -6.0, -16.0]), high=np.array([10.0, 10.0, 16.0]))


@dataclasses.dataclass(frozen=True, kw_only=True)
class FittedSpend(SpendFit):
    """A spend model and how it was come by.

    Parameters
    ----------
    model
        The fitted model.
    """

    model: SpendModel


def fit_spend(history: SpendHistory, *, fence: float = FENCE) -> FittedSpend:
    """Fit the Gamma-Gamma model to repeat buyers whose net repeat spend is positive.

    Parameters
    ----------
    history
        All customers, or weighted groups of them.
    fence
        Beyond it a mean spend counts as if it lay on it. See ``outliers.winsorised``.

    Raises
    ------
    InvalidInput
        Nobody has bought twice for a positive amount.

    Notes
    -----
    The starts are tried on every so many-th row. The best one is finished on all. Parameters are
    bounded, so equal spends of all customers fit too.
    """
    informative = history.informative
    used = _rows(history, informative)
    if not len(used.repeats):
        raise InvalidInput(
            "no customer has repeat purchases with a total above zero: "
            "spend can be predicted once a customer has bought on a second day"
        )
    capped, fenced = winsorised(used, fence=fence)
    scale = mean(capped.mean_spend, weights=capped.weights)
    scaled = dataclasses.replace(capped, mean_spend=capped.mean_spend / scale)
    logs, peak = _maximum(scaled)
    model = _model(logs, scale=scale, history=capped)
    return FittedSpend(
        model=model,
        log_likelihood=peak.value - float(used.weights.sum()) * math.log(scale),
        standard_errors=_standard_errors(logs, peak, model=model),
        warnings=(
            *_left_out(history, informative),
            *_doubts(scaled, fenced=fenced),
            *_model_warnings(logs, model=model),
        ),
        customers=float(used.weights.sum()),
    )


def _rows(history: SpendHistory, rows: Flags | slice) -> SpendHistory:
    if isinstance(rows, np.ndarray) and rows.all():
        return history
    return SpendHistory(
        repeats=history.repeats[rows],
        mean_spend=history.mean_spend[rows],
        weights=history.weights[rows],
    )


def _maximum(history: SpendHistory) -> tuple[Floats, Peak]:
    few = Likelihood.of(_rows(history, slice(None, None, -(-len(history.repeats) // _FEW))))
    tried = [climb(few.at, start=_start(p, q), box=_BOX) for p, q in _STARTS]
    best, _ = max(tried, key=lambda climbed: climbed[1].value)
    return climb(Likelihood.of(history).at, start=best, box=_BOX)


def _start(p: float, q: float) -> Floats:
    return np.log([p, q, (q - 1) / q])  # a population mean of 1


def _model(logs: Floats, *, scale: float, history: SpendHistory) -> SpendModel:
    p, q, v = np.exp(FROM_SCALE @ logs).tolist()
    population = p * v / (q - 1) if q > 1 else math.inf
    finite = population * scale <= _FARTHEST_MEAN * float(history.mean_spend.max())
    return SpendModel(
        p=p,
        q=q,
        v=v * scale,
        population_mean=(population if finite else 1.0) * scale,
        finite_mean=finite,
    )


def _standard_errors(logs: Floats, peak: Peak, *, model: SpendModel) -> dict[str, float] | None:
    at_bound = (logs <= _BOX.low) | (logs >= _BOX.high)
    if at_bound.any() or np.linalg.eigvalsh(peak.hessian).max() >= 0:
        return None
    covariance = FROM_SCALE @ np.linalg.inv(-peak.hessian) @ FROM_SCALE.T
    relative = np.sqrt(np.diag(covariance)).tolist()
    return {name: getattr(model, name) * share for name, share in zip("pqv", relative, strict=True)}


def _correlation(history: SpendHistory) -> float:
    x, m, w = history.repeats, history.mean_spend, history.weights
    by_x, by_m = w * x, w * m
    total = float(w.sum())
    mean_x, mean_m = float(by_x.sum()) / total, float(by_m.sum()) / total
    var_x = dot(by_x, x) / total - mean_x**2
    var_m = dot(by_m, m) / total - mean_m**2
    if var_x < _FLAT * mean_x**2 or var_m < _FLAT * mean_m**2:
        return 0.0
    return (dot(by_x, m) / total - mean_x * mean_m) / math.sqrt(var_x * var_m)


def _left_out(history: SpendHistory, informative: Flags) -> tuple[str, ...]:
    """Name repeat buyers without a positive spend, by what their data show of the reason."""
    omitted = (history.repeats > 0) & ~informative
    kinds = (
        (history.mean_spend < 0, "were refunded more than they spent again"),
        (history.mean_spend == 0, "spent nothing again: free orders, or all refunded"),
    )
    counted = [(float(history.weights[omitted & kind].sum()), why) for kind, why in kinds]
    return tuple(
        f"omitted from the fit: {plural(round(count), 'repeat buyer')} who {why}; they are "
        "predicted to spend as the population does"
        for count, why in counted
        if count
    )


def _doubts(history: SpendHistory, *, fenced: float) -> tuple[str, ...]:
    warnings = []
    if fenced:
        warnings.append(
            f"outliers: {fenced:,.0f} of {history.weights.sum():,.0f} repeat buyers' spend is "
            "far from all others'; the fit counts them at its fence, their predictions do not"
        )
    correlation = _correlation(history)
    if abs(correlation) > STRONG_CORRELATION:
        warnings.append(
            f"spend per purchase goes with the number of purchases (correlation {correlation:+.2f})"
            "; the model takes them as independent, so frequent buyers' spend is biased"
        )
    return tuple(warnings)


def _model_warnings(logs: Floats, *, model: SpendModel) -> tuple[str, ...]:
    warnings = []
    if not model.finite_mean:
        warnings.append(
            f"customers' spend is so uneven (q = {model.q:.3f}) that the model has no usable mean: "
            "the mean of repeat buyers stands in for it"
        )
    at_bound = (logs <= _BOX.low) | (logs >= _BOX.high)
    if at_bound.any():
        names = [name for name, at in zip(("p", "q", "the scale"), at_bound, strict=True) if at]
        warnings.append(
            f"{' and '.join(names)} ran to a bound: spend differs too little, or between too few "
            "customers, to determine more"
        )
    return tuple(warnings)
