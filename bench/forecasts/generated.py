"""Shops drawn from known laws: what a forecast could know at best is known too."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from tessera.customers.forecasting.history.behaviour import BehaviourDays

Floats = npt.NDArray[np.float64]
_YEAR_DAYS = 365.25


@dataclasses.dataclass(frozen=True)
class Drawn:
    """A shop and what it was drawn from.

    Parameters
    ----------
    days
        Its history, with the days to foretell.
    holdout_days
        How many these are.
    """

    days: BehaviourDays
    holdout_days: int


def pareto_nbd(seed: int, *, customers: int = 600) -> Drawn:
    """Draw customers who buy by chance at an individual rate, until they leave."""
    draws = np.random.default_rng(seed)
    rate = draws.gamma(0.55, 1 / 74.0, customers)
    leaving = draws.gamma(0.6, 1 / 82.0, customers)
    return _shop(draws, rate=rate, leaving=leaving, span=546, holdout=182)


def regular(seed: int) -> Drawn:
    """Draw customers who buy at regular gaps, until they leave."""
    draws = np.random.default_rng(seed)
    n, span = 1500, 728
    gap = draws.gamma(4.0, 12.0, n) + 5
    first = draws.integers(0, span * 2 // 3, n).astype(np.float64)
    end = np.minimum(span, first + draws.exponential(400.0, n))
    times = [
        np.arange(a, b, g) + draws.normal(0, g * 0.15, len(np.arange(a, b, g)))
        for a, b, g in zip(first, end, gap, strict=True)
    ]
    who = np.repeat(np.arange(n), [len(one) for one in times])
    return purchases_of(draws, who, np.concatenate(times), first=first, span=span, holdout=182)


def seasonal(seed: int) -> Drawn:
    """Draw three years of a shop with a strong December and a weak summer."""
    levels = {11: 2.2, 12: 2.6, 6: 0.6, 7: 0.55, 8: 0.6}
    return _modulated(seed, lambda day: levels.get(_month(day), 1.0), span=1200, holdout=182)


def unseasonal(seed: int) -> Drawn:
    """Draw three years of a shop without seasons."""
    return _modulated(seed, lambda _: 1.0, span=1200, holdout=182)


def growing(seed: int) -> Drawn:
    """Draw a shop whose customers buy twice as often at the end as at the start."""
    return _modulated(seed, lambda day: 1 + day / 728, span=728, holdout=182)


def broken_month(seed: int) -> Drawn:
    """Draw a shop that sold nothing for a month, just before the cut."""
    closed = range(728 - 182 - 35, 728 - 182 - 5)
    return _modulated(seed, lambda day: 0.0 if int(day) in closed else 1.0, span=728, holdout=182)


KINDS: dict[str, Callable[[int], Drawn]] = {
    "regular rhythms": regular,
    "seasons": seasonal,
    "no seasons": unseasonal,
    "growth": growing,
    "broken month": broken_month,
}


def _month(day: float) -> int:
    """Return the month of a day, the last day of all being 31 December."""
    date = np.datetime64("2025-12-31") - np.timedelta64(1199 - int(day), "D")
    return int(date.astype("datetime64[M]").astype(int)) % 12 + 1


def _modulated(
    seed: int, level: Callable[[float], float], *, span: int, holdout: int, customers: int = 1500
) -> Drawn:
    """Draw customers who buy by chance, more on some days than on others."""
    draws = np.random.default_rng(seed)
    rate = draws.gamma(0.9, 1 / 35.0, customers)
    leaving = draws.gamma(0.8, 1 / 250.0, customers)
    levels = np.array([level(day) for day in range(span)])
    return _shop(draws, rate=rate, leaving=leaving, span=span, holdout=holdout, levels=levels)


def _shop(
    draws: np.random.Generator,
    *,
    rate: Floats,
    leaving: Floats,
    span: int,
    holdout: int,
    levels: Floats | None = None,
) -> Drawn:
    n = len(rate)
    first = draws.integers(0, (span - holdout) * 9 // 10, n).astype(np.float64)
    end = np.minimum(span, first + draws.exponential(1 / np.maximum(leaving, 1e-9)))
    most = 1.0 if levels is None else float(levels.max())
    count = draws.poisson(rate * most * np.maximum(end - first, 0))
    who = np.repeat(np.arange(n), count)
    time = first[who] + draws.random(len(who)) * (end - first)[who]
    if levels is not None:
        taken = draws.random(len(who)) * most < levels[np.minimum(time.astype(int), span - 1)]
        who, time = who[taken], time[taken]
    return purchases_of(draws, who, time, first=first, span=span, holdout=holdout)


def purchases_of(
    draws: np.random.Generator,
    who: npt.NDArray[np.int64],
    time: Floats,
    *,
    first: Floats,
    span: int,
    holdout: int,
) -> Drawn:
    """Return purchases as whole days, with the first of each customer and lognormal money."""
    n = len(first)
    inside = (time >= 0) & (time < span)
    customer = np.append(np.arange(n), who[inside])
    day = np.append(first, time[inside]).astype(np.int64)
    keys = np.unique(customer * 100_000 + day)
    customer, day = keys // 100_000, keys % 100_000
    usual = np.exp(draws.normal(3.0, 0.5, n))
    nothing = np.zeros(len(customer))
    return Drawn(
        days=BehaviourDays(
            customer=customer,
            days_ago=span - day,
            bought=np.ones(len(customer), np.bool_),
            net=np.round(usual[customer] * np.exp(draws.normal(0, 0.3, len(customer))), 2),
            lines=draws.integers(1, 5, len(customer)).astype(np.float64),
            views=nothing,
            sessions=nothing,
            emails=nothing,
            rank=draws.random(n),
        ),
        holdout_days=holdout,
    )
