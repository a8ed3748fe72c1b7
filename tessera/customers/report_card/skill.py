"""Whether a forecast is surely better than a rule, customer by customer."""

from __future__ import annotations

import functools
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

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


def leads(score: Floats, *, rivals: Mapping[str, Floats], value: Floats) -> dict[str, Lead]:
    """Compare how a score and each of its rivals rank customers by what came, over samples.

    Parameters
    ----------
    score, rivals : shape (n,)
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
    value = value[some]
    ours, best, *others = (_ranking(one[some]) for one in (score, value, *rivals.values()))
    gains = []
    for drawn in _draws(len(value)):
        times = drawn.astype(np.float64)
        times_value = times * value
        area, most, *theirs = (
            _area(one, value=times_value, times=times) for one in (ours, best, *others)
        )
        gains.append([(area - other) / most if most > 0 else 0.0 for other in theirs])
    of_each = np.array(gains).reshape(_SAMPLES, len(rivals)).T
    return {name: _lead(one) for name, one in zip(rivals, of_each, strict=True)}


@functools.lru_cache(maxsize=1)
def _draws(customers: int) -> npt.NDArray[np.uint8]:
    """Return how often each sample has each customer. All quantities of a card ask for the same."""
    draws = np.random.Generator(np.random.PCG64(0))
    return draws.poisson(1.0, (_SAMPLES, customers)).astype(np.uint8)


def _lead(gains: Floats) -> Lead:
    low, high = np.quantile(gains, (0.05, 0.95)).tolist()
    return Lead(
        mean=round(float(np.mean(gains)), _DIGITS),
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
