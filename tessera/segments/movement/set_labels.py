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


class LabelPlaces:
    """The distinct texts of customers who come some after the others."""

    def __init__(self) -> None:
        self._places: dict[str, int] = {}

    @property
    def texts(self) -> list[str]:
        """All texts so far, in the order of their first customer."""
        return [*self._places]

    def codes(self, labels: Labels) -> Codes:
        """Return customers' positions in ``texts``, -1 without labels."""
        here = [self._places.setdefault(text, len(self._places)) for text in labels.texts]
        codes: Codes = np.array([*here, -1], np.int32)[labels.codes]  # -1 is also the last place
        return codes


class SetWay:
    """How labels changed in one set, of customers who come some after the others.

    All are seen before the first one is asked about.

    Parameters
    ----------
    name
        The set.
    chain
        The texts of everybody's labels. Its codes are not read.
    order
        The set's labels in their order. Others come last.
    """

    def __init__(self, name: str, chain: LabelChain, *, order: Sequence[str]) -> None:
        self.name = name
        places = {label: place for place, label in enumerate(order)}
        self._old, self._new = (
            _numbers(labels.by_set, name, places) for labels in (chain.before, chain.after)
        )
        between = chain.between.by_set if chain.between is not None else ()
        has = any(name in one for one in between)
        self._between = _numbers(between, name, places) if has else None
        self.labels = tuple(places)
        self._compared = 0
        self._earlier: set[int] = set()

    def see(self, chain: LabelChain) -> None:
        """Look at some customers, whether the earlier run distinguished anybody."""
        old = self._old[chain.before.codes]
        known = (old >= 0) & (self._new[chain.after.codes] >= 0)
        self._compared += int(known.sum())
        self._earlier |= {*np.unique(old[known]).tolist()}

    def moves(self, chain: LabelChain, happened: Happened) -> SetMoves:
        """Return the way of some customers."""
        old, new = self._old[chain.before.codes], self._new[chain.after.codes]
        between = None
        if self._between is not None and chain.between is not None:
            between = self._between[chain.between.codes]
        known = (old >= 0) & (new >= 0)
        by_rule = happened.quiet if between is None else between != new
        step = [by_rule, happened.corrected, happened.quiet]
        causes = np.select(step, [*_STEPS[:3]], default=_STEPS[3])
        if self._compared > 1 and len(self._earlier) == 1:
            causes[:] = [*SetCause].index(SetCause.FIRST_LABELS)
        causes = np.where(known, causes, _OF_PRESENCE[happened.presence])
        return SetMoves(
            name=self.name,
            labels=self.labels,
            before=old,
            after=new,
            causes=np.where(old == new, np.int8(-1), causes),
        )


def set_ways(chain: LabelChain, *, order: Mapping[str, Sequence[str]]) -> tuple[SetWay, ...]:
    """Return the way in each set that both runs have.

    Parameters
    ----------
    chain
        The texts of everybody's labels. Its codes are not read.
    order
        By set, its labels in their order. Others come last.
    """
    then, now = chain.before.by_set, chain.after.by_set
    names = sorted({name for one in then for name in one} & {name for one in now for name in one})
    return tuple(SetWay(name, chain, order=order.get(name, ())) for name in names)


def set_moves(
    chain: LabelChain, happened: Happened, *, order: Mapping[str, Sequence[str]]
) -> tuple[SetMoves, ...]:
    """Return everybody's way in each set that both runs have.

    Parameters
    ----------
    chain, happened
        The labels along the steps, and what happened.
    order
        See ``set_ways``.
    """
    ways = set_ways(chain, order=order)
    for way in ways:
        way.see(chain)
    return tuple(way.moves(chain, happened) for way in ways)


def _numbers(
    texts: Sequence[Mapping[str, str]], name: str, places: dict[str, int]
) -> npt.NDArray[np.int16]:
    """Return a number for the label that each text has in a set, the same for the same label."""
    numbers = [places.setdefault(one[name], len(places)) if name in one else -1 for one in texts]
    return np.array([*numbers, -1], np.int16)  # for the code -1, which is also the last place
