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

from tessera.segments.assignment import Codes
from tessera.segments.movement.causes import CAUSES, OF_PRESENCE, SetCause

Mask = npt.NDArray[np.bool_]
_STEPS = np.array([3, 0, 1, 2], np.int8)  # positions in SetCause: one byte a customer
_OF_PRESENCE = np.array([[*SetCause].index(OF_PRESENCE[cause]) for cause in CAUSES], np.int8)


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
    codes: Codes

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
    presence
        Why who came or went did so: a position in ``causes.CAUSES``. Of others anything.
    """

    corrected: Mask
    quiet: Mask
    presence: Codes


@dataclasses.dataclass(frozen=True, kw_only=True)
class SetMoves:
    """Everybody's way in one set, shape (n,) each.

    Parameters
    ----------
    name
        The set.
    labels
        Those that the set has or had.
    before, after
        Positions in ``labels``, -1 where the run did not know the customer.
    causes
        Positions in ``SetCause``, -1 where the label is the same.
    """

    name: str
    labels: tuple[str, ...]
    before: Codes
    after: Codes
    causes: Codes


def joined_labels(parts: Sequence[Labels]) -> Labels:
    """Return the labels of all customers from those of some after the others."""
    places: dict[str, int] = {}
    codes = []
    for part in parts:
        here = [places.setdefault(text, len(places)) for text in part.texts]
        codes.append(np.array([*here, -1], np.int32)[part.codes])  # -1 is also the last place
    return Labels(texts=[*places], codes=np.concatenate(codes))


def set_moves(
    chain: LabelChain, happened: Happened, *, order: Mapping[str, Sequence[str]]
) -> tuple[SetMoves, ...]:
    """Return everybody's way in each set that both runs have.

    Parameters
    ----------
    chain, happened
        The labels along the steps, and what happened.
    order
        By set, its labels in their order. Others come last.
    """
    then, now = chain.before.by_set, chain.after.by_set
    names = sorted({name for one in then for name in one} & {name for one in now for name in one})
    return tuple(_moves(name, chain, happened, order=order.get(name, ())) for name in names)


def _moves(name: str, chain: LabelChain, happened: Happened, *, order: Sequence[str]) -> SetMoves:
    places = {label: place for place, label in enumerate(order)}
    old, new = (_codes(labels, name, places) for labels in (chain.before, chain.after))
    between = None
    if chain.between is not None and any(name in one for one in chain.between.by_set):
        between = _codes(chain.between, name, places)
    known = (old >= 0) & (new >= 0)
    by_rule = happened.quiet if between is None else between != new
    step = [by_rule, happened.corrected, happened.quiet]
    causes = np.select(step, [*_STEPS[:3]], default=_STEPS[3])
    if known.sum() > 1 and len(np.unique(old[known])) == 1:
        causes[:] = [*SetCause].index(SetCause.FIRST_LABELS)
    causes = np.where(known, causes, _OF_PRESENCE[happened.presence])
    return SetMoves(
        name=name,
        labels=tuple(places),
        before=old,
        after=new,
        causes=np.where(old == new, np.int8(-1), causes),
    )


def _codes(labels: Labels, name: str, places: dict[str, int]) -> Codes:
    """Return a number for each customer's label in a set, the same for the same label."""
    numbers = [
        places.setdefault(one[name], len(places)) if name in one else -1 for one in labels.by_set
    ]
    return np.array([*numbers, -1], np.int16)[labels.codes]  # -1 is also the last place
