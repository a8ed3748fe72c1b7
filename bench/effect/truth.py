"""The true effects of a world, from both outcomes of very many people."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import numpy as np

from bench.effect.worlds import World, draw
from tessera.campaigns.planning.candidates import Floats, Mask

_PEOPLE = 2_000_000
_LAPSED_DAYS = 90
_CUT = 0.99


@dataclasses.dataclass(frozen=True, kw_only=True)
class Truth:
    """What messages really change in a world.

    Parameters
    ----------
    figures
        By name: the difference of buyers, of orders and cut revenue per person, and of the three
        promised figures.
    by_band
        The difference of buyers by churn band.
    by_day
        The difference of buyers and of cut revenue by the day of assignment.
    """

    figures: Mapping[str, float]
    by_band: tuple[float, ...]
    by_day: Mapping[str, Floats]


def truth_of(world: World, *, days: int, share: float, seed: int) -> Truth:
    """Return the true effects.

    Parameters
    ----------
    world, days
        As people are drawn.
    share
        Of the holdout: the cut of revenue is a quantile of both groups.
    seed
        Of the draw.
    """
    chance = np.random.default_rng(seed)
    people = draw(world, _PEOPLE, days=days, chance=chance)
    more, base = (people.buys[treated].astype(np.float64) for treated in (True, False))
    shown = np.where(chance.random(_PEOPLE) < share, people.buys[False], people.buys[True])
    cut = np.minimum(people.amount, np.quantile(people.amount[shown], _CUT))
    active = (people.last_days_ago > 0) & (people.last_days_ago <= _LAPSED_DAYS)
    larger = people.amount > people.past_amount

    def mean(values: Floats, among: Mask) -> float:
        return float(values[among].mean())

    everybody, extra = np.ones(_PEOPLE, np.bool_), more - base
    return Truth(
        figures={
            "buyers": mean(extra, everybody),
            "orders": mean(extra, everybody),
            "revenue": mean(extra * cut, everybody),
            "reactivation": mean(extra, ~active),
            "upsell": mean(extra * larger, active),
            "churn": -mean(extra, active),
        },
        by_band=tuple(mean(extra, people.band == band) for band in range(3)),
        by_day={
            name: np.bincount(people.day, values, days) / np.bincount(people.day, minlength=days)
            for name, values in {"buyers": extra, "revenue": extra * cut}.items()
        },
    )
