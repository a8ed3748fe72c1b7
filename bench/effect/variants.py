"""Campaigns of two variants whose true difference is known: how often the intervals are right."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from bench.effect.simulations import DAYS, PEOPLE, Coverage, looks_at
from bench.effect.worlds import People, World, assigned, draw, purchases
from tessera.campaigns.definitions.document import parse_definition
from tessera.campaigns.planning.candidates import Floats
from tessera.campaigns.planning.choosing.chance import by_shares, campaign_draws
from tessera.campaigns.results.variant_comparison import VariantComparison
from tessera.campaigns.results.variant_pairs import compared_variants

_SHARE = 0.1
_TRUTH_PEOPLE = 2_000_000
_CUT = 0.99
_SHARES = (0.5, 0.5)
_TEMPLATE = {"id": "news", "version": 1}
_DEFINITION = parse_definition(
    {
        "id": "simulated",
        "name": "Simulated",
        "audience": {},
        "variants": [{"name": name, "share": 0.5, "template": _TEMPLATE} for name in ("a", "b")],
        "schedule": {"kind": "once", "first_day": "2026-12-01"},
        "holdout": {"share": _SHARE},
    }
)


@dataclasses.dataclass(frozen=True, kw_only=True)
class TwoMessages:
    """Two variants, by how many more each one makes buy.

    Parameters
    ----------
    name
        For the table.
    a, b
        By churn band, as of a world.
    """

    name: str
    a: tuple[float, float, float]
    b: tuple[float, float, float]


PAIRS = (
    TwoMessages(name="no difference", a=(0.1, 0.1, 0.1), b=(0.1, 0.1, 0.1)),
    TwoMessages(name="b a fifth better", a=(0.0, 0.0, 0.0), b=(0.2, 0.2, 0.2)),
    TwoMessages(name="better for some", a=(0.1, 0.1, 0.1), b=(-0.1, 0.1, 0.5)),
)


def once(pair: TwoMessages, *, campaigns: int) -> Coverage:
    """Return the coverage of campaigns that write once, and are looked at once."""
    truth, hits, verdicts = _truth(pair), Counter[str](), Counter[str]()
    seen = Counter[str]()
    for number in range(campaigns):
        (made,) = _looks(pair, number, days=1)
        for name, low, high, verdict in _intervals(made):
            seen[name] += 1
            hits[name] += low <= truth[name] <= high
            verdicts[name] += verdict
    return Coverage(
        world=pair.name,
        covered={name: hits[name] / count for name, count in seen.items()},
        verdicts={name: verdicts[name] / campaigns for name in seen},
    )


def daily(pair: TwoMessages, *, campaigns: int) -> Coverage:
    """Return how often a daily campaign was right at every look, and ever had a verdict."""
    truth, wrong, verdicts = _truth(pair), Counter[str](), Counter[str]()
    for number in range(campaigns):
        failed, called = set[str](), set[str]()
        for made in _looks(pair, number, days=DAYS):
            for name, low, high, verdict in _intervals(made):
                failed |= set() if low <= truth[name] <= high else {name}
                called |= {name} if verdict else set()
        wrong.update(failed)
        verdicts.update(called)
    return Coverage(
        world=pair.name,
        covered={name: 1 - wrong[name] / campaigns for name in truth},
        verdicts={name: verdicts[name] / campaigns for name in truth},
    )


def _looks(pair: TwoMessages, number: int, *, days: int) -> Iterator[VariantComparison]:
    people, buys = _both(pair, PEOPLE, seed=number, days=days)
    world = World(name=pair.name, lifts=pair.a)
    drawn = assigned(world, people, share=_SHARE, salt=f"variants {number}")
    draws = campaign_draws(drawn.recipient, salt=f"variants {number}").variant
    is_b = by_shares(draws, shares=_SHARES) == 1
    made = dataclasses.replace(drawn, variant=np.where(is_b, "b", "a").astype(np.object_))
    outcome = np.where(is_b, buys[1], buys[0])
    shown = dataclasses.replace(people, buys={True: outcome, False: people.buys[False]})
    rows = purchases(shown, ~made.is_held_out)
    for look in looks_at(made, rows, days=days, share=_SHARE):
        (compared,) = compared_variants(look.people, _DEFINITION, look.outcomes)
        yield compared


def _both(
    pair: TwoMessages, count: int, *, seed: int, days: int
) -> tuple[People, tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]]:
    """Return people, and who of them buys with each message, by one draw."""
    first, second = (
        draw(
            World(name="", lifts=one), count, days=days, chance=np.random.default_rng([seed, days])
        )
        for one in (pair.a, pair.b)
    )
    return first, (first.buys[True], second.buys[True])


def _truth(pair: TwoMessages) -> dict[str, float]:
    """Return the true differences, of very many people."""
    people, (a, b) = _both(pair, _TRUTH_PEOPLE, seed=1, days=1)
    shown = np.where(np.arange(_TRUTH_PEOPLE) % 2, a, b)
    cut = np.minimum(people.amount, np.quantile(people.amount[shown], _CUT))
    extra: Floats = b.astype(np.float64) - a
    return {
        "buyers": float(extra.mean()),
        "orders": float(extra.mean()),
        "revenue": float((extra * cut).mean()),
    }


def _intervals(made: VariantComparison) -> Iterator[tuple[str, float, float, bool]]:
    """Return each interval by its figure, and whether it has a verdict."""
    if made.difference:
        called = made.verdict != "inconclusive"
        yield "buyers", made.difference.low, made.difference.high, called
    for name, mean in (("orders", made.orders), ("revenue", made.revenue)):
        if mean:
            called = mean.verdict != "inconclusive"
            yield name, mean.difference.low, mean.difference.high, called
