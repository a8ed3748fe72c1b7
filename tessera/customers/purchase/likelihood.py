"""What all purchase models have in common: two ways on from the last purchase.

With U = log_later(repeats, age) and V = log_last(repeats, last_day), a customer's likelihood is
common × (e^U + e^V). Distinct pairs are few even when distinct customers are many, so a model
evaluates its functions per pair, and only one exponential is left to do per row.
"""

from __future__ import annotations

import dataclasses

import numpy as np

from tessera.customers.purchase.history import PurchaseHistory
from tessera.customers.purchase.model import Terms
from tessera.customers.purchase.pairs import Floats, Pairs, pair, totals

_BLOCK = 16_384  # rows at a time, so that they stay in the processor's cache
_LARGEST = 700.0  # exp of more overflows


@dataclasses.dataclass(frozen=True)
class Sample:
    """A history made ready to be evaluated under many parameters, in its own unit of time."""

    ages: Pairs
    lasts: Pairs
    weights: Floats
    by_count: Floats
    by_age: Floats

    @classmethod
    def of(cls, history: PurchaseHistory, *, unit_days: float = 1.0) -> Sample:
        """Take a history's pairs, its days divided by ``unit_days``."""
        ages, lasts = history.ages, history.lasts
        return cls(
            ages=dataclasses.replace(ages, days=ages.days / unit_days),
            lasts=dataclasses.replace(lasts, days=lasts.days / unit_days),
            weights=history.weights,
            by_count=totals(history.counts, weights=history.weights),
            by_age=totals(ages.place, weights=history.weights),
        )


def log_likelihood(model: Terms, sample: Sample) -> float:
    """Return the weighted sum of log-likelihoods, in the sample's unit of time."""
    common, _ = model.common_slopes(len(sample.by_count) - 1)
    later = model.log_later(sample.ages.counts, sample.ages.days)
    last = model.log_last(sample.lasts.counts, sample.lasts.days)
    added, _ = _added(sample, later=later, last=last)
    return float(common @ sample.by_count + later @ sample.by_age) + added


def value_and_slopes(model: Terms, sample: Sample) -> tuple[float, Floats]:
    """Return the log-likelihood and its derivatives by the model's parameters, shape (4,)."""
    ages, lasts = sample.ages, sample.lasts
    common, common_slopes = model.common_slopes(len(sample.by_count) - 1)
    later, later_slopes = model.later_slopes(ages.counts, ages.days)
    last, last_slopes = model.last_slopes(lasts.counts, lasts.days)
    added, gone = _added(sample, later=later, last=last)
    by_last = totals(lasts.place, weights=gone, groups=len(last))
    by_age = sample.by_age - totals(ages.place, weights=gone, groups=len(later))
    value = float(common @ sample.by_count + later @ sample.by_age) + added
    slopes = common_slopes @ sample.by_count + later_slopes @ by_age + last_slopes @ by_last
    return value, slopes


def _added(sample: Sample, *, later: Floats, last: Floats) -> tuple[float, Floats]:
    """Return what e^V adds: the sum of log(1 + e^(V - U)), and each row's share of e^V.

    The share, times the row's weight, is how many of its customers have bought for the last time.
    """
    rows = len(sample.weights)
    value, gone = 0.0, np.empty(rows)
    for start in range(0, rows, _BLOCK):
        block = slice(start, start + _BLOCK)
        odds = last[sample.lasts.place[block]] - later[sample.ages.place[block]]
        small, weights = np.exp(-np.abs(odds)), sample.weights[block]
        value += float((np.log1p(small) + np.maximum(odds, 0.0)) @ weights)
        gone[block] = weights * np.where(odds > 0, 1.0, small) / (1.0 + small)
    return value, gone


def _log_odds(model: Terms, history: PurchaseHistory) -> tuple[Floats, Floats]:
    """Return U per pair, and V - U per row. Every answer starts from them: they are kept."""
    if model not in history.kept:
        ages, lasts = history.ages, history.lasts
        later = model.log_later(ages.counts, ages.days)
        last = model.log_last(lasts.counts, lasts.days)
        history.kept[model] = later, last[lasts.place] - later[ages.place]
    later, odds = history.kept[model]
    return later, odds


def p_alive(model: Terms, history: PurchaseHistory) -> Floats:
    """Return the chance of being alive: e^log_alive / (e^U + e^V)."""
    ages = history.ages
    later, odds = _log_odds(model, history)
    alive = np.exp(model.log_alive(ages.counts, ages.days) - later)
    chance = alive[ages.place] / (1.0 + np.exp(np.minimum(odds, _LARGEST)))
    return np.minimum(chance, 1.0)


def p_return(model: Terms, history: PurchaseHistory) -> tuple[Floats, Floats]:
    """Return U, and the chance e^U / (e^U + e^V) that a customer ever buys again, shape (n,)."""
    later, odds = _log_odds(model, history)
    return later[history.ages.place], 1.0 / (1.0 + np.exp(np.minimum(odds, _LARGEST)))


def expected_orders(model: Terms, history: PurchaseHistory, *, days: float) -> Floats:
    """Return the chance of being alive, times what to expect of those who are."""
    ages = history.ages
    orders = model.orders_if_alive(ages.counts, ages.days, days=days)
    return p_alive(model, history) * orders[ages.place]


def p_no_order(model: Terms, history: PurchaseHistory, *, days: float | Floats) -> Floats:
    """Return how much less likely the history is when it goes on for ``days`` without a purchase.

    Both likelihoods share the common factor and e^V: (e^U' + e^V) / (e^U + e^V).
    """
    later, odds = _log_odds(model, history)
    ends = _prolonged(history, days)
    fewer = model.log_later(ends.counts, ends.days)[ends.place]
    decrease = np.exp(np.minimum(fewer - later[history.ages.place], 0.0))
    small = np.exp(-np.abs(odds))
    # (decrease + e^odds) / (1 + e^odds), with numerator and denominator divided by the larger
    return (decrease * np.where(odds > 0, small, 1.0) + np.where(odds > 0, 1.0, small)) / (
        1.0 + small
    )


def _prolonged(history: PurchaseHistory, days: float | Floats) -> Pairs:
    if np.ndim(days) == 0:
        return dataclasses.replace(history.ages, days=history.ages.days + days)
    return pair(history.counts, history.age_days + days)


class Answers:
    """What every model answers from its terms alone."""

    def log_likelihood(self: Terms, history: PurchaseHistory) -> float:
        """Return the weighted sum of log-likelihoods."""
        return log_likelihood(self, Sample.of(history))

    def p_alive(self: Terms, history: PurchaseHistory) -> Floats:
        """Return the chance that each customer has not dropped out, shape (n,)."""
        return p_alive(self, history)

    def expected_orders(self: Terms, history: PurchaseHistory, *, days: float) -> Floats:
        """Return the purchase days to expect within ``days``, shape (n,)."""
        return expected_orders(self, history, days=days)

    def p_no_order(self: Terms, history: PurchaseHistory, *, days: float | Floats) -> Floats:
        """Return the chance of no purchase within ``days``, shape (n,)."""
        return p_no_order(self, history, days=days)
