"""Made-up purchases, and the true effect behind them, which a real shop never knows.

Each person has two outcomes by one draw: whether it buys without a message, and whether it buys
with one. Only the outcome of the person's group is ever written.
"""

from __future__ import annotations

import dataclasses
import math
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from local.simulator.dice import Dice
from local.simulator.model import ReactionModel
from tessera.campaigns.planning.assigned import Assigned
from tessera.campaigns.planning.candidates import Floats, Mask
from tessera.campaigns.results.assignments import PurchaseRows, first_assignments
from tessera.campaigns.results.effects import Promise
from tessera.campaigns.results.promised import past_of
from tessera.campaigns.results.statistics.distributions import normal_tail
from tessera.errors import InvalidInput

_NOTHING = PurchaseRows(
    customer_key=np.zeros(0, "S36"),
    day=np.zeros(0, np.int64),
    amount=np.zeros(0),
    is_order=np.zeros(0, np.bool_),
)


@dataclasses.dataclass(frozen=True, kw_only=True)
class TrueEffect:
    """What messages really changed in a group of people.

    Parameters
    ----------
    people
        Treated and held out.
    held_out
        Of them.
    difference
        What a message adds to the share that buys: the model's, over the people of the group.
    """

    people: int
    held_out: int
    difference: float


@dataclasses.dataclass(frozen=True, kw_only=True, eq=False)
class SimulatedResult:
    """Purchases of a campaign's people, and the truth about them.

    Parameters
    ----------
    purchases
        At most one for each person, within the days of result.
    everybody, by_band
        The truth, for all people and by their churn band.
    closed_on
        Days since 1970. On this day everybody's days of result are over.
    promised
        What messages really change in reactivation, upsell and churn, by figure. A figure that is
        about nobody is absent.
    """

    purchases: PurchaseRows
    everybody: TrueEffect
    by_band: Mapping[str, TrueEffect]
    closed_on: int
    promised: Mapping[Promise, float]


def simulate_purchases(
    runs: Sequence[Assigned],
    *,
    result_days: int,
    model: ReactionModel,
    seed: int,
    past: PurchaseRows | None = None,
    lapsed_after_days: int = 90,
) -> SimulatedResult:
    """Return what a campaign's people buy.

    Parameters
    ----------
    runs
        What each run of the campaign assigned, at least one.
    result_days
        The definition's.
    model, seed
        The same give the same purchases, in whatever order people come.
    past
        What they bought before, which decides who has lapsed. None for nothing.
    lapsed_after_days
        The tenant's setting.

    Raises
    ------
    InvalidInput
        The runs took no customer.
    """
    people = _customers(runs)
    bought = np.zeros(len(people), np.bool_)
    after_days = np.zeros(len(people), np.int64)
    amount = np.zeros(len(people), np.float64)
    bands, held_out = people.churn_band.tolist(), people.is_held_out.tolist()
    for row, recipient in enumerate(people.recipient.tolist()):
        dice, reacts = Dice(seed, "purchases", recipient.decode()), model.of_band(bands[row])
        share = reacts.buys + (0.0 if held_out[row] else reacts.effect)
        bought[row] = dice.is_one_of("buys", share)
        after_days[row] = dice.below("day", result_days)
        amount[row] = round(
            dice.lognormal("amount", median=model.order_median, sigma=model.order_sigma), 2
        )
    buyers = people.where(bought)
    everybody, by_band = _truth(bands, held_out, model)
    return SimulatedResult(
        purchases=PurchaseRows(
            customer_key=buyers.customer_key,
            day=buyers.day + after_days[bought],
            amount=amount[bought],
            is_order=np.ones(len(buyers), np.bool_),
        ),
        everybody=everybody,
        by_band=by_band,
        closed_on=int(people.day.max()) + result_days,
        promised=_promised(people, past, model, lapsed_after_days=lapsed_after_days),
    )


def _promised(
    people: Assigned, past: PurchaseRows | None, model: ReactionModel, *, lapsed_after_days: int
) -> dict[Promise, float]:
    """Return the true change of the three figures: of each person's chance, on average."""
    before = past_of(people, past or _NOTHING, lapsed_after_days=lapsed_after_days)
    effect = np.array([model.of_band(band).effect for band in people.churn_band.tolist()])
    active = ~before.has_lapsed
    larger = np.array([_exceeds(amount, model) for amount in before.average_order.tolist()])
    changes: dict[Promise, tuple[Floats, Mask]] = {
        "reactivation": (effect, before.has_lapsed),
        "upsell": (effect * larger, active),
        "churn": (-effect, active),
    }
    return {
        figure: float(change[among].mean())
        for figure, (change, among) in changes.items()
        if among.any()
    }


def _exceeds(amount: float, model: ReactionModel) -> float:
    """Return the chance that an order is larger than an amount."""
    if math.isnan(amount):
        return 0.0
    if amount <= 0:
        return 1.0
    return normal_tail(math.log(amount / model.order_median) / model.order_sigma)


def _customers(runs: Sequence[Assigned]) -> Assigned:
    """Return each customer once. Of receivers who are no customers no purchase could be known."""
    people = first_assignments(runs)
    customers = people.where(people.customer_key != b"")
    if not len(customers):
        raise InvalidInput("the campaign's runs took no customer, so there is nothing to simulate")
    return customers


def _truth(
    bands: Sequence[str], is_held_out: Sequence[bool], model: ReactionModel
) -> tuple[TrueEffect, dict[str, TrueEffect]]:
    people = Counter(bands)
    held_out = Counter(band for band, held in zip(bands, is_held_out, strict=True) if held)
    effects = {band: model.of_band(band).effect for band in sorted(people)}
    by_band = {
        band: TrueEffect(people=people[band], held_out=held_out[band], difference=effect)
        for band, effect in effects.items()
    }
    whole = sum(effects[band] * count for band, count in people.items()) / len(bands)
    everybody = TrueEffect(people=len(bands), held_out=held_out.total(), difference=whole)
    return everybody, by_band
