"""Assignments and purchases for tests, from a row per person."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence

import numpy as np

from tessera.campaigns.planning.assigned import Assigned
from tessera.campaigns.planning.candidates import texts_of
from tessera.campaigns.results.assignments import PurchaseRows

EPOCH = dt.date(1970, 1, 1)
PLANNED = (dt.date(2026, 12, 1) - EPOCH).days


@dataclasses.dataclass(frozen=True)
class Person:
    """A row of assignments. ``day`` counts from the first run's."""

    name: str
    held_out: bool = False
    variant: str = "a"
    band: str = "High"
    tier: str = "Low"
    day: int = 0
    customer: str | None = None


def assigned(*people: Person) -> Assigned:
    return Assigned(
        recipient=np.array([one.name for one in people], "S32"),
        customer_key=np.array(
            [one.name if one.customer is None else one.customer for one in people], "S36"
        ),
        day=np.array([PLANNED + one.day for one in people], np.int64),
        is_held_out=np.array([one.held_out for one in people], np.bool_),
        variant=texts_of(one.variant for one in people),
        churn_band=texts_of(one.band for one in people),
        value_tier=texts_of(one.tier for one in people),
    )


def purchases(*rows: tuple[str, int, float]) -> PurchaseRows:
    """Return purchases from a customer, the days since the first run, and an amount."""
    return PurchaseRows(
        customer_key=np.array([customer for customer, _, _ in rows], "S36"),
        day=np.array([PLANNED + day for _, day, _ in rows], np.int64),
        amount=np.array([amount for _, _, amount in rows], np.float64),
        is_order=np.array([amount > 0 for _, _, amount in rows], np.bool_),
    )


def group(count: int, buyers: int, *, prefix: str, held_out: bool, **more: str) -> list[Person]:
    """Return people. The first ``buyers`` of them are named for buying."""
    return [
        Person(f"{prefix}{'buys' if number < buyers else 'no'}{number}", held_out, **more)
        for number in range(count)
    ]


def orders_of(people: Sequence[Person], *, amount: float = 10.0) -> list[tuple[str, int, float]]:
    return [(one.name, 3, amount) for one in people if "buys" in one.name]
