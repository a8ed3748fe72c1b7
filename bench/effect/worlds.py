"""Shops whose true effect is known, drawn at random: people, their past, and both outcomes.

Everybody has two outcomes by one draw, with a message and without. Only the one of the person's
group is ever shown to what is measured. The truth is the difference of both, over many people.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from tessera.campaigns.planning.assigned import Assigned
from tessera.campaigns.planning.candidates import Floats, Mask
from tessera.campaigns.planning.choosing.chance import campaign_draws
from tessera.campaigns.results.assignments import PurchaseRows

RESULT_DAYS = 30
_BANDS = ("Low", "Middle", "High")
_TIERS = ("Low", "High")
_PAST_DAYS, _ACTIVE_DAYS = 365, 90
_DAY = 20_000  # of the first plan, since 1970
_SEASON_DAYS = 28


@dataclasses.dataclass(frozen=True, kw_only=True)
class World:
    """How people of a world behave.

    Parameters
    ----------
    name
        For the table.
    lifts
        By churn band, how many more buy with a message: 0.1 is a tenth.
    season
        How far the share of buyers swings around its mean, within four weeks.
    sharing
        The share of people whose address another customer has too. A message reaches both.
    """

    name: str
    lifts: tuple[float, float, float]
    season: float = 0.0
    sharing: float = 0.0


WORLDS = (
    World(name="no effect", lifts=(0.0, 0.0, 0.0)),
    World(name="small effect", lifts=(0.1, 0.1, 0.1)),
    World(name="heterogeneous", lifts=(-0.1, 0.1, 0.5)),
    World(name="seasonality", lifts=(0.1, 0.1, 0.1), season=0.4),
    World(name="shared addresses", lifts=(0.1, 0.1, 0.1), sharing=0.3),
)


@dataclasses.dataclass(frozen=True, kw_only=True, eq=False)
class People:
    """People of a world. Every column has shape (n,).

    Parameters
    ----------
    day
        Of the assignment, from 0 on.
    band, tier
        Places of their labels.
    past_orders, past_amount
        How many in the year before, and the amount of each.
    last_days_ago
        Of the last order, 0 without one.
    buys, amount
        By group, held out and treated: whether they buy, and for how much.
    """

    day: npt.NDArray[np.int64]
    band: npt.NDArray[np.int64]
    tier: npt.NDArray[np.int64]
    past_orders: npt.NDArray[np.int64]
    past_amount: Floats
    last_days_ago: npt.NDArray[np.int64]
    buys: Mapping[bool, Mask]
    amount: Floats

    def __len__(self) -> int:
        """Return how many people there are."""
        return len(self.day)


def draw(world: World, count: int, *, days: int, chance: np.random.Generator) -> People:
    """Return people of a world.

    Parameters
    ----------
    world
        Which one.
    count
        How many.
    days
        They are assigned evenly over so many days.
    chance
        What decides.
    """
    taste = chance.lognormal(0.0, 0.6, count)  # what past and future have in common
    past_orders = chance.poisson(1.6 * taste)
    day = chance.integers(0, days, count)
    band = np.clip(2 - (taste * 1.5 + chance.normal(0, 0.5, count)).astype(np.int64), 0, 2)
    share = np.clip(0.16 * taste, 0.01, 0.45)
    if world.season:
        share = share * (1 + world.season * np.sin(2 * np.pi * day / _SEASON_DAYS))
    lifted = np.clip(share * (1 + np.array(world.lifts)[band]), 0, 1)
    dice, price = chance.random(count), chance.lognormal(3.5, 0.4, count)
    return People(
        day=day,
        band=band,
        tier=(taste > 1).astype(np.int64),
        past_orders=past_orders,
        past_amount=price * chance.lognormal(0, 0.2, count),
        last_days_ago=np.where(past_orders > 0, chance.integers(1, _PAST_DAYS, count), 0),
        buys={False: dice < share, True: dice < lifted},
        amount=price * chance.lognormal(0, 0.6, count),
    )


def assigned(world: World, people: People, *, share: float, salt: str) -> Assigned:
    """Return people as a campaign assigns them: by address, and each address once.

    Parameters
    ----------
    world, people
        Who. Of two customers with one address the second one is not assigned.
    share
        Of the holdout.
    salt
        The campaign's.
    """
    count = len(people)
    address = np.arange(count)
    shared = int(world.sharing * count) // 2
    address[shared : 2 * shared] = address[:shared]
    recipient = np.char.mod("%032x", address).astype("S32")
    everybody = Assigned(
        recipient=recipient,
        customer_key=np.char.mod("%036x", np.arange(count)).astype("S36"),
        day=people.day + _DAY,
        is_held_out=campaign_draws(recipient, salt=salt).holdout < share,
        variant=np.full(count, "a", np.object_),
        churn_band=np.array(_BANDS, np.object_)[people.band],
        value_tier=np.array(_TIERS, np.object_)[people.tier],
    )
    first = np.ones(count, np.bool_)
    first[shared : 2 * shared] = False
    return everybody.where(first)


def purchases(people: People, is_treated: Mask) -> PurchaseRows:
    """Return what people bought, before and since.

    Parameters
    ----------
    people
        Everybody, also who shares an address.
    is_treated : shape (n,)
        Whether a message reached them.
    """
    own = np.arange(len(people))
    buyers = own[np.where(is_treated, people.buys[True], people.buys[False])]
    earlier = np.repeat(own, people.past_orders)
    ago = people.last_days_ago[earlier].copy()
    repeated = np.r_[False, earlier[1:] == earlier[:-1]]
    ago[repeated] += 1 + (np.flatnonzero(repeated) * 17) % _ACTIVE_DAYS
    person = np.concatenate([earlier, buyers])
    since = np.concatenate([-ago, buyers % RESULT_DAYS])
    return PurchaseRows(
        customer_key=np.char.mod("%036x", person).astype("S36"),
        day=people.day[person] + _DAY + since,
        amount=np.concatenate([people.past_amount[earlier], people.amount[buyers]]),
        is_order=np.ones(len(person), np.bool_),
    )


def last_day(days: int) -> int:
    """Return the day, since 1970, on which everybody's days of result are over."""
    return _DAY + days + RESULT_DAYS
