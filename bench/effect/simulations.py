"""Thousands of campaigns whose truth is known: how often the intervals are right."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from bench.effect.truth import Truth, truth_of
from bench.effect.worlds import RESULT_DAYS, People, World, assigned, draw, last_day, purchases
from tessera.campaign_settings import CampaignSettings
from tessera.campaigns.definitions.document import parse_definition
from tessera.campaigns.planning.assigned import Assigned
from tessera.campaigns.planning.candidates import Mask
from tessera.campaigns.results.assignments import PurchaseRows, bought_within
from tessera.campaigns.results.campaign_results import CampaignResults
from tessera.campaigns.results.comparing import everybody
from tessera.campaigns.results.effects import EffectSlice
from tessera.campaigns.results.measuring import measure
from tessera.campaigns.results.outcomes import Outcomes
from tessera.campaigns.results.promised import past_of
from tessera.campaigns.results.slices import slices_of
from tessera.campaigns.results.statistics.past_spend import winsorised

PEOPLE, DAYS, LOOKS_EVERY = 4_000, 60, 3
_SHARE = 0.3
_EPOCH = dt.date(1970, 1, 1)
_BANDS = ("Low", "Middle", "High")
_DEFINITION = parse_definition(
    {
        "id": "simulated",
        "name": "Simulated",
        "audience": {},
        "variants": [{"name": "a", "share": 1, "template": {"id": "news", "version": 1}}],
        "schedule": {"kind": "once", "first_day": "2026-12-01"},
        "holdout": {"share": _SHARE},
        "result_days": RESULT_DAYS,
    }
)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Coverage:
    """How often intervals were right.

    Parameters
    ----------
    world
        Its name.
    covered
        By figure, the share of campaigns whose interval had the truth in it.
    verdicts
        By figure, the share of campaigns with a verdict other than inconclusive.
    """

    world: str
    covered: dict[str, float]
    verdicts: dict[str, float]


def fixed(world: World, *, campaigns: int) -> Coverage:
    """Return the coverage of campaigns that write once, and are looked at once."""
    truth = truth_of(world, days=1, share=_SHARE, seed=1)
    hits, seen, verdicts = Counter[str](), Counter[str](), Counter[str]()
    for number in range(campaigns):
        made = _measured(world, number)
        for name, low, high, verdict in _intervals(made):
            value = truth.figures[name] if name in truth.figures else _of_band(truth, name)
            seen[name] += 1
            hits[name] += low <= value <= high
            verdicts[name] += verdict
    return Coverage(
        world=world.name,
        covered={name: hits[name] / count for name, count in seen.items()},
        verdicts={name: verdicts[name] / campaigns for name in seen},
    )


def peeking(world: World, *, campaigns: int) -> Coverage:
    """Return how often a daily campaign was right at every look, and ever had a verdict."""
    truth = truth_of(world, days=DAYS, share=_SHARE, seed=2)
    wrong, verdicts = Counter[str](), Counter[str]()
    names = ("buyers", "revenue")
    for number in range(campaigns):
        failed, called = set[str](), set[str]()
        for closed, one in _looks(world, number):
            for name, low, high, verdict in _whole(one):
                if name in names:
                    value = float(truth.by_day[name][:closed].mean())
                    failed |= set() if low <= value <= high else {name}
                    called |= {name} if verdict else set()
        wrong.update(failed)
        verdicts.update(called)
    return Coverage(
        world=world.name,
        covered={name: 1 - wrong[name] / campaigns for name in names},
        verdicts={name: verdicts[name] / campaigns for name in names},
    )


def _looks(world: World, number: int) -> Iterator[tuple[int, EffectSlice]]:
    """Return the effect on everybody at each look, by how many days of people count."""
    people, made, reached = _drawn(world, number, days=DAYS)
    for look in looks_at(made, purchases(people, reached), days=DAYS, share=_SHARE):
        (whole,) = slices_of("all", [everybody(look.people)], look.outcomes)
        yield look.closed, whole


class Look(NamedTuple):
    """What is known at one look: how many days of people count, who they are and what they did."""

    closed: int
    people: Assigned
    outcomes: Outcomes


def looks_at(people: Assigned, rows: PurchaseRows, *, days: int, share: float) -> Iterator[Look]:
    """Yield each look at people who were assigned over some days. One day has one look."""
    bought = bought_within(people, rows, first_day=0, days=RESULT_DAYS)
    past = past_of(people, rows, lapsed_after_days=CampaignSettings().lapsed_after_days)
    day = people.day - people.day.min()
    for closed in range(LOOKS_EVERY, days + 1, LOOKS_EVERY) if days > 1 else (1,):
        counted = day < closed
        outcomes = Outcomes(
            orders=bought.orders[counted].astype(np.float64),
            revenue=bought.revenue[counted],
            before=winsorised(past.spend[counted]),
            inference="always_valid" if days > 1 else "fixed_horizon",
            margin_rate=None,
            is_mismatch=False,
            share=share,
        )
        yield Look(closed, people.where(counted), outcomes)


def _measured(world: World, number: int) -> CampaignResults:
    people, made, reached = _drawn(world, number, days=1)
    day = _EPOCH + dt.timedelta(days=last_day(1))
    return measure([made], purchases(people, reached), definition=_DEFINITION, today=day)


def _drawn(world: World, number: int, *, days: int) -> tuple[People, Assigned, Mask]:
    """Return people, the assigned of them, and who gets a message."""
    people = draw(world, PEOPLE, days=days, chance=np.random.default_rng([number, days]))
    made = assigned(world, people, share=_SHARE, salt=f"campaign {number}")
    return people, made, _reached(len(people), made)


def _reached(count: int, made: Assigned) -> Mask:
    """Return who gets a message. One address reaches all of its customers."""
    treated = np.zeros(count, np.bool_)
    address = np.array([int(one, 16) for one in made.recipient.tolist()])
    treated[address] = ~made.is_held_out
    person = np.array([int(one, 16) for one in made.customer_key.tolist()])
    treated[person] = ~made.is_held_out
    return treated


def _intervals(made: CampaignResults) -> Iterator[tuple[str, float, float, bool]]:
    """Return each interval by its figure, and whether it has a verdict."""
    yield from _whole(made.slices[0])
    for one in made.slices:
        effect = one.conversion
        if one.by == "churn_band" and effect.low is not None and effect.high is not None:
            name = f"buyers {one.group}"
            yield name, effect.low, effect.high, effect.verdict != "inconclusive"
    for figure in made.promised:
        if figure.difference:
            ends = figure.difference.low, figure.difference.high
            yield figure.figure, *ends, figure.verdict != "inconclusive"


def _whole(one: EffectSlice) -> Iterator[tuple[str, float, float, bool]]:
    effect = one.conversion
    if effect.low is not None and effect.high is not None:
        yield "buyers", effect.low, effect.high, effect.verdict != "inconclusive"
    if orders := one.orders:
        ends = orders.difference.low, orders.difference.high
        yield "orders", *ends, not ends[0] <= 0 <= ends[1]
    if revenue := one.revenue:
        yield "revenue", revenue.low, revenue.high, not revenue.low <= 0 <= revenue.high


def _of_band(truth: Truth, name: str) -> float:
    return truth.by_band[_BANDS.index(name.removeprefix("buyers "))]
