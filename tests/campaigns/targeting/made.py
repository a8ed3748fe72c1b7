"""Runs of a campaign whose true effect is known."""

from __future__ import annotations

import datetime as dt

import numpy as np

from tessera.campaigns.planning.assigned import Assigned, nobody
from tessera.campaigns.planning.candidates import texts_of
from tessera.campaigns.results.assignments import PurchaseRows
from tessera.campaigns.targeting.learning import COLUMNS, KnownPeople

DAY = 20_000
TODAY = dt.date(1970, 1, 1) + dt.timedelta(days=DAY + 60)
RESULT_DAYS = 30
_PLACE = {name: place for place, name in enumerate(COLUMNS)}


def assigned(people: int, *, seed: int = 3, share: float = 0.8, day: int = DAY) -> Assigned:
    """Draw who is written to and who is held out."""
    rng = np.random.default_rng(seed)
    values = {
        "recipient": np.array([f"{n:032d}" for n in range(people)], "S32"),
        "customer_key": np.array([f"{n:036d}" for n in range(people)], "S36"),
        "day": np.full(people, day, np.int64),
        "is_held_out": rng.random(people) >= share,
        "variant": texts_of(["one"] * people),
        "churn_band": texts_of(["High" if n % 2 else "Low" for n in range(people)]),
    }
    rest = {name: texts_of([""] * people) for name in vars(nobody()) if name not in values}
    return Assigned(**values, **rest)


def campaign(people: int, *, effect: float, seed: int = 3) -> tuple[KnownPeople, PurchaseRows]:
    """Draw buyers of 50.00. Those who bought within 60 days react, by so much more."""
    rng = np.random.default_rng(seed)
    runs = assigned(people, seed=seed)
    profiles = np.full((people, len(COLUMNS)), np.nan, np.float32)
    recency = rng.integers(1, 240, people)
    profiles[:, _PLACE["recency_days"]] = recency
    profiles[:, _PLACE["frequency"]] = rng.poisson(2, people) + 1
    chance = 0.2 + effect * (recency < 60) * ~runs.is_held_out
    bought = np.flatnonzero(rng.random(people) < chance)
    purchases = PurchaseRows(
        customer_key=np.append(runs.customer_key[bought], runs.customer_key[:50]),
        day=np.append(np.full(len(bought), DAY + 3), np.full(50, DAY + RESULT_DAYS)),
        amount=np.full(len(bought) + 50, 50.0),
        is_order=np.ones(len(bought) + 50, np.bool_),
    )
    return KnownPeople(people=runs, profiles=profiles, share=np.full(people, 0.8)), purchases
