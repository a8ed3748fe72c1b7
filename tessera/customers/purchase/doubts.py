"""What to know before trusting a fitted purchase model, in plain sentences."""

from __future__ import annotations

import numpy as np

from tessera.customers.purchase.history import PurchaseHistory
from tessera.customers.purchase.model import PurchaseModel

FEWEST_REPEATERS = 100  # fewer, and parameters are guesses
_ALL_ALIVE = 0.99
_EQUAL = 100.0  # a gamma's shape above this: rates differ by less than a tenth
_EQUAL_CHANCES = 1_000.0


def doubts(
    model: PurchaseModel, history: PurchaseHistory, *, at_edge: bool, peak: bool
) -> tuple[str, ...]:
    """Return warnings about a model and the customers it was fitted to.

    Parameters
    ----------
    at_edge
        Whether a parameter ran to the end of its range.
    peak
        Whether the likelihood has a clear peak, so that there are standard errors.
    """
    warnings = [*_about_dropout(model, history), *_alike(model)]
    if at_edge:
        warnings.append(
            "a parameter ran to the edge of its range: the data do not determine it, and "
            "only predictions mean something, not parameters"
        )
    elif not peak:
        warnings.append(
            "the likelihood is flat around its top: there are no standard errors, and other "
            "parameters fit as well"
        )
    return tuple(warnings)


def _about_dropout(model: PurchaseModel, history: PurchaseHistory) -> list[str]:
    again = round(float(history.weights[history.repeats > 0].sum()))
    if not again:
        return [
            "nobody has bought on a second day: nothing is known about how often customers come "
            "back, or whether they do"
        ]
    return [*_few(again), *_no_dropout(model, history)]


def _few(again: int) -> list[str]:
    if again >= FEWEST_REPEATERS:
        return []
    have = "customer has" if again == 1 else "customers have"
    return [
        f"only {again} {have} bought on a second day, and {FEWEST_REPEATERS} are the least for "
        "parameters that mean something"
    ]


def _no_dropout(model: PurchaseModel, history: PurchaseHistory) -> list[str]:
    alive = float(np.average(model.p_alive(history), weights=history.weights))
    if alive < _ALL_ALIVE:
        return []
    return [
        f"the customers show no sign of dropping out: on average the chance of being alive is "
        f"{alive:.3f}, so it does not distinguish customers and is no measure of churn"
    ]


def _alike(model: PurchaseModel) -> list[str]:
    values, warnings = model.parameters(), []
    if values["r"] > _EQUAL:
        warnings.append("all customers buy at nearly the same rate: differences are chance")
    if values.get("s", 0.0) > _EQUAL:
        warnings.append("all customers drop out at nearly the same rate")
    if min(values.get("a", 0.0), values.get("b", 0.0)) > _EQUAL_CHANCES:
        warnings.append("all customers drop out with nearly the same chance after a purchase")
    return warnings
