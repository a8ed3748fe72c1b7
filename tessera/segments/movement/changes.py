"""What changed between two runs beside the segments: other sets' labels, and money."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from tessera.customers.money import Ints, amount_text, cents, exact_total
from tessera.records.scoring.movement import MoneyChanges, SetChanges
from tessera.segments.movement.rescoring import Histories

TOLERANCE_PERCENT = 1

Mask = npt.NDArray[np.bool_]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Labels:
    """Customers' labels in all sets.

    Parameters
    ----------
    texts
        The distinct ones, as JSON by set.
    codes
        Shape (n,): each customer's position in ``texts``, -1 without labels.
    """

    texts: Sequence[str]
    codes: Ints

    @property
    def by_set(self) -> Sequence[Mapping[str, str]]:
        """The distinct texts, read."""
        return [json.loads(text) for text in self.texts]


def quiet(histories: Histories) -> Mask:
    """Return which customers have no event between the two runs."""
    same: Mask = histories.aged.events == histories.behaved.events
    return same


def set_changes(before: Labels, after: Labels, *, among: Mask) -> tuple[SetChanges, ...]:
    """Return by set how many customers have another label, of those who did nothing.

    Parameters
    ----------
    before, after
        The labels of the same customers in the same order.
    among
        Shape (n,): those who did nothing.

    Returns
    -------
    tuple
        The sets that both runs have, by name.
    """
    then, now = before.by_set, after.by_set
    both = (before.codes >= 0) & (after.codes >= 0)
    names = sorted({name for one in then for name in one} & {name for one in now for name in one})
    changes = []
    for name in names:
        places: dict[str | None, int] = {}
        old, new = (
            np.array([places.setdefault(one.get(name), len(places)) for one in texts], np.int64)
            for texts in (then, now)
        )
        changed = both & among
        changed[changed] = old[before.codes[changed]] != new[after.codes[changed]]
        changes.append(SetChanges(name=name, customers=int(both.sum()), changed=int(changed.sum())))
    return tuple(changes)


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
