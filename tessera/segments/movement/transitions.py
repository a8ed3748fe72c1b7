"""Who moved between two runs, and why: the labels along the chain of ``causes``, vectorised."""

from __future__ import annotations

import dataclasses
import itertools
import json
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from tessera.customers.money import Ints
from tessera.errors import InvalidInput
from tessera.segments.definition import Definition
from tessera.segments.movement.causes import CAUSES
from tessera.segments.movement.rescoring import (
    ABSENT,
    Histories,
    Moments,
    Published,
    rescored,
    rescored_today,
    same_rule,
)

NO_CAUSE = -1

Codes = npt.NDArray[np.int16]
Causes = npt.NDArray[np.int8]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Transitions:
    """Every customer's way from one run to the next.

    Parameters
    ----------
    labels
        The present definition's labels, then those that only the previous one has.
    chain
        Six arrays of shape (n,): the position in ``labels`` (or ``ABSENT``) that was published
        before, then after each step of ``causes.CAUSES``. The last is published now.
    causes
        Shape (n,): the position in ``causes.CAUSES``, ``NO_CAUSE`` where the label is the same.
    """

    labels: tuple[str, ...]
    chain: tuple[Codes, ...]
    causes: Causes

    @property
    def before(self) -> Codes:
        """The labels published before."""
        return self.chain[0]

    @property
    def after(self) -> Codes:
        """The labels published now."""
        return self.chain[-1]

    def paths(self) -> tuple[Ints, tuple[str, ...]]:
        """Return each mover's steps as text, one text for all who share them.

        Returns
        -------
        codes, texts
            ``codes`` has shape (n,), the position in ``texts``, -1 without a move. A text is JSON:
            ``[["time_passing", "At Risk"], ["own_behaviour", "Champions"]]``, null for absent.
        """
        moved = self.causes != NO_CAUSE
        base = len(self.labels) + 1
        joint = np.zeros(int(moved.sum()), np.uint64)  # holds six labels of two 9 × 9 × 9 cells
        for labels in self.chain:
            joint = joint * np.uint64(base) + (labels[moved] + 1).astype(np.uint64)
        distinct, places = np.unique(joint, return_inverse=True)
        codes = np.full(len(moved), NO_CAUSE, np.int64)
        codes[moved] = places
        return codes, tuple(self._path(int(number), base) for number in distinct)

    def _path(self, number: int, base: int) -> str:
        way: list[str | None] = []
        for _ in self.chain:
            number, digit = divmod(number, base)
            way.insert(0, self.labels[digit - 1] if digit else None)
        steps = zip(CAUSES, itertools.pairwise(way), strict=True)
        return json.dumps([[cause, new] for cause, (old, new) in steps if new != old])


def transitions(
    *, before: Published, after: Published, histories: Histories, moments: Moments | None = None
) -> Transitions:
    """Return how each customer got from the label published before to the present one.

    Parameters
    ----------
    before, after
        The previous and the present run, for the same customers in the same order: everyone that
        either run knows (a full outer join by customer_key).
    histories
        Of the same customers.
    moments
        Of all customers. By default these are all.

    Returns
    -------
    Transitions

    Raises
    ------
    InvalidInput
        The columns differ in length.
    """
    _check_lengths(before, after, histories)
    if moments is None:
        moments = Moments.of(
            before,
            after=after,
            then_us=int(histories.corrected.last_event_us.max(initial=0)),
            behaved=lambda: (histories.behaved,),
            same_period=histories.same_period,
        )
    labels = _all_labels(after.definition, before.definition)
    old = [labels.index(one.label) for one in before.definition.everyone]
    present = _joint(after.codes, list(range(len(after.definition.everyone))))
    codes = [before.codes, *rescored(before, histories=histories, moments=moments)]
    chain = [_joint(one, old) for one in codes]
    if histories.same_period and same_rule(before.definition, after.definition):
        chain.append(present)  # nothing but thresholds lies between: no need to score again
    else:
        today = rescored_today(before, histories=histories, moments=moments)
        chain.append(_joint(today, old))
    chain.append(present)
    return Transitions(labels=labels, chain=tuple(chain), causes=_last_change(chain))


def _all_labels(present: Definition, previous: Definition) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.label for one in (*present.everyone, *previous.everyone)))


def _joint(codes: npt.NDArray[np.signedinteger], places: Sequence[int]) -> Codes:
    joint: Codes = np.array([*places, ABSENT], np.int16)[codes]  # ABSENT is also the last place
    return joint


def _last_change(chain: Sequence[Codes]) -> Causes:
    """Return the last step that changed the label, or for who entered, that brought them in."""
    causes: Causes = np.full(len(chain[0]), NO_CAUSE, np.int8)
    known = chain[0] != ABSENT
    for step, (old, new) in enumerate(itertools.pairwise(chain)):
        causes[(old != new) & (known | (old == ABSENT))] = step
    causes[chain[0] == chain[-1]] = NO_CAUSE
    return causes


def _check_lengths(before: Published, after: Published, histories: Histories) -> None:
    lengths = {
        "before": len(before.codes),
        "after": len(after.codes),
        "corrected": len(histories.corrected.events),
        "aged": len(histories.aged.events),
        "behaved": len(histories.behaved.events),
    }
    if len(set(lengths.values())) > 1:
        raise InvalidInput(f"transitions need the same customers in every column, got {lengths}")
