"""Why customers' labels in segment sets changed, as a chain of three steps.

Each step changes one thing, as in ``causes``, and the cause is the last that changed the label:

1. the history of the previous day, as it is known today (data corrected).
2. that history until the present day, with time and the customer's own events, by the models,
   edges and settings of the previous run (time passing, or own behaviour where there are events).
3. by today's models, edges and settings (rule changed): the label that is published.

A forecast changes with every day that passes. By the models of the previous run that is time. What
only a refitted model, other quantiles or other settings say is not: nobody did anything, and no
longer wait explains it. The same holds for a model that is withheld.

Where the previous run gave everybody one label, as it does without a model, the set distinguished
nobody: its first labels are expected.

What cannot be rescored by the previous rule is judged by the events: a new label without an event
has the cause of step 3.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from tessera.customers.money import Ints
from tessera.records.scoring.movement import SetChanges
from tessera.segments.movement.causes import UNEXPECTED_OF_SETS, SetCause

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


@dataclasses.dataclass(frozen=True, kw_only=True)
class LabelChain:
    """The labels of the same customers, in the same order, along the steps.

    Parameters
    ----------
    before, after
        As the previous run published them, and as this one does.
    between
        Today's customers by the previous run's rule. None where it cannot be applied. A set may
        be missing.
    """

    before: Labels
    between: Labels | None
    after: Labels


@dataclasses.dataclass(frozen=True, kw_only=True)
class Happened:
    """What happened to the customers between two runs, shape (n,) each.

    Parameters
    ----------
    corrected
        Today's history of the previous day differs from what was published.
    quiet
        They have no event since.
    """

    corrected: Mask
    quiet: Mask


def set_changes(chain: LabelChain, happened: Happened) -> tuple[SetChanges, ...]:
    """Return how many customers have another label and why, for the sets that both runs have."""
    then, now = chain.before.by_set, chain.after.by_set
    names = sorted({name for one in then for name in one} & {name for one in now for name in one})
    return tuple(_changes(name, chain, happened) for name in names)


def _changes(name: str, chain: LabelChain, happened: Happened) -> SetChanges:
    places: dict[str | None, int] = {}
    old, new = (_codes(labels, name, places) for labels in (chain.before, chain.after))
    known = (chain.before.codes >= 0) & (chain.after.codes >= 0)
    changed = known & (old != new)
    between = None
    if chain.between is not None and any(name in one for one in chain.between.by_set):
        between = _codes(chain.between, name, places)
    by_rule = happened.quiet if between is None else between != new
    causes = np.select(
        [by_rule, happened.corrected, happened.quiet], [3, 0, 1], default=2
    )  # positions in SetCause
    if known.sum() > 1 and len(np.unique(old[known])) == 1:
        causes[:] = [*SetCause].index(SetCause.FIRST_LABELS)
    counts = np.bincount(causes[changed], minlength=len(SetCause)).tolist()
    by_cause = dict(zip(SetCause, counts, strict=True))
    return SetChanges(
        name=name,
        customers=int(known.sum()),
        changed=sum(by_cause[cause] for cause in UNEXPECTED_OF_SETS),
        causes={str(cause): count for cause, count in by_cause.items()},
    )


def _codes(labels: Labels, name: str, places: dict[str | None, int]) -> Ints:
    """Return a number for each customer's label in a set, the same for the same label."""
    numbers = [places.setdefault(one.get(name), len(places)) for one in labels.by_set]
    return np.array([*numbers, -1], np.int64)[labels.codes]  # -1 is also the last place
