"""Whether a forecast is surely better than a rule, customer by customer."""

from __future__ import annotations

import numpy as np

from tessera.customers.forecasting.confidence import SURE
from tessera.customers.money import Ints
from tessera.customers.report_card.backtest import Floats
from tessera.records.scoring.report_card import Lead, Saving

_CAPPED = (0.005, 0.995)  # no single customer decides
_SAMPLES = 200
_MOST = 20_000  # customers in a sample: more would hardly narrow the range
_DIGITS = 6


def saving(loss: Floats, *, naive: Floats) -> Saving:
    """Compare two losses of the same customers, shape (n,) each, in pairs.

    Differences beyond their 0.5 and 99.5 % points count as if they were there.
    """
    gain = naive - loss
    level = max(float(naive.mean()), 1e-12) if len(naive) else 1.0
    if len(gain) < 2:
        return Saving(mean=0.0, at_least=-1.0)
    gain = np.clip(gain, *np.quantile(gain, _CAPPED))
    error = float(gain.std(ddof=1)) / float(np.sqrt(len(gain)))
    mean = float(gain.mean())
    return Saving(
        mean=round(mean / level, _DIGITS), at_least=round((mean - SURE * error) / level, _DIGITS)
    )


def lead(score: Floats, *, rival: Floats, value: Floats) -> Lead:
    """Compare how two scores rank customers by what came, over samples of the customers.

    Parameters
    ----------
    score, rival : shape (n,)
        High for customers expected to bring much. Of those who tie, each counts as their mean.
    value : shape (n,)
        What came, at least 0.

    Notes
    -----
    The measure is the Gini of the ranking over that of the best one. Samples draw each customer
    a Poisson number of times: the bootstrap without a sort for each sample. The generator is
    fixed.
    """
    some = slice(0, _MOST)
    score, rival, value = score[some], rival[some], value[some]
    rankings = [_ranking(one) for one in (score, rival, value)]
    draws = np.random.Generator(np.random.PCG64(0))
    leads = []
    for _ in range(_SAMPLES):
        times = draws.poisson(1.0, len(value)).astype(np.float64)
        ours, theirs, best = (_area(one, value=times * value, times=times) for one in rankings)
        leads.append((ours - theirs) / best if best > 0 else 0.0)
    low, high = np.quantile(leads, (0.05, 0.95)).tolist()
    return Lead(
        mean=round(float(np.mean(leads)), _DIGITS),
        low=round(low, _DIGITS),
        high=round(high, _DIGITS),
    )


def _ranking(score: Floats) -> tuple[Ints, Ints]:
    """Return customers from the highest score to the lowest, and where each distinct one starts."""
    order = np.argsort(-score, kind="stable")
    ranked = score[order]
    return order, np.flatnonzero(np.append(True, ranked[1:] != ranked[:-1])[: len(ranked)])


def _area(ranking: tuple[Ints, Ints], *, value: Floats, times: Floats) -> float:
    """Return the area between a concentration curve and the diagonal. 0 where nothing came."""
    total, customers = float(value.sum()), float(times.sum())
    if total <= 0 or customers <= 0:
        return 0.0
    order, starts = ranking
    values, counts = (np.add.reduceat(column[order], starts) for column in (value, times))
    return float((counts * (np.cumsum(values) - values / 2)).sum()) / total / customers - 0.5
