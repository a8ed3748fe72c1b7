"""P(alive) of one customer by any purchase model of the product. Needs NumPy."""

from __future__ import annotations

import numpy as np

from tessera.customers.purchase.history import PurchaseHistory
from tessera.customers.purchase.kinds import model_of
from tessera.records.label_rules import PurchaseRule


def chance_of_model(model: PurchaseRule, *, repeats: int, last_day: int, age_days: int) -> float:
    """Return the chance that a customer has not dropped out.

    Parameters
    ----------
    model
        Of the last run.
    repeats, last_day, age_days
        As in ``PurchaseHistory``.
    """
    history = PurchaseHistory(
        repeats=np.array([float(repeats)]),
        last_day=np.array([float(last_day)]),
        age_days=np.array([float(age_days)]),
    )
    return float(model_of(model.name, model.parameters).p_alive(history)[0])
