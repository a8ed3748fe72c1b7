"""What changed in the money of the customers that the previous run knew."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import numpy as np
import numpy.typing as npt

from tessera.customers.money import Ints, amount_text, cents, exact_total
from tessera.records.scoring.movement import MoneyChanges

TOLERANCE_PERCENT = 1
_NOTHING = Decimal("0.00")

Mask = npt.NDArray[np.bool_]


def money_changes(published: Ints, *, corrected: Ints, known: Mask) -> MoneyChanges:
    """Return how far today's history of the previous day is from what was published.

    Parameters
    ----------
    published
        Shape (n,): the money that the previous run published, in cents.
    corrected
        Shape (n,): the same by today's history, in minor units.
    known
        Shape (n,): the customers of the previous run whose money is known.
    """
    before, after = published[known], cents(corrected[known])
    differs = 100 * np.abs(after - before) > TOLERANCE_PERCENT * np.abs(before)
    return MoneyChanges(
        customers=int(known.sum()),
        changed=int(differs.sum()),
        before=amount_text(100 * exact_total(before)),
        after=amount_text(100 * exact_total(after)),
    )


def added(parts: Sequence[MoneyChanges]) -> MoneyChanges:
    """Return the changes of all customers from those of some after the others."""
    return MoneyChanges(
        customers=sum(part.customers for part in parts),
        changed=sum(part.changed for part in parts),
        before=str(sum((Decimal(part.before) for part in parts), _NOTHING)),
        after=str(sum((Decimal(part.after) for part in parts), _NOTHING)),
    )
