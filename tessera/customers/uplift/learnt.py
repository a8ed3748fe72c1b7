"""What was learnt of who reacts: groups, how good they are, and whether they may be used."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Literal

from tessera.customers.uplift.groups import UpliftGroup
from tessera.customers.uplift.learners import Learner
from tessera.customers.uplift.qini import QiniPoint, UpliftEstimate

_NO_AREA = UpliftEstimate(value=0.0, error=0.0)


@dataclasses.dataclass(frozen=True, kw_only=True)
class JudgedGroup:
    """A group, and what treating it brings.

    Parameters
    ----------
    group
        Who is in it.
    people
        Of the experiment.
    effect, error
        In the outcome's unit per person treated, drawn to the average as far as other people's
        outcomes ask for, and its standard error.
    """

    group: UpliftGroup
    people: int
    effect: float
    error: float


@dataclasses.dataclass(frozen=True, kw_only=True)
class LearntUplift:
    """What was learnt, and whether it may be used.

    Parameters
    ----------
    decision, reason
        Whether the groups may be used, and why, in words.
    people, treated
        Of the experiment.
    average
        The effect on everybody, per person treated.
    learner, penalty
        What the groups were learnt by.
    score_area, area
        Of the score before it was cut into groups, and of the groups.
    against
        By how much the groups' area exceeds that of other rankings, by their names.
    slope
        By how much the effect differs where the groups' scores differ by 1: below 1 they
        exaggerate.
    groups
        The highest effect first. Empty where nothing was learnt.
    curve
        What treating the first groups brings, on people that they were not learnt from.
    curves_against
        The same of the other rankings, by their names.
    """

    decision: Literal["publish", "withhold"]
    reason: str
    people: int
    treated: int
    average: UpliftEstimate = _NO_AREA
    learner: Learner | None = None
    penalty: float = 0.0
    score_area: UpliftEstimate = _NO_AREA
    area: UpliftEstimate = _NO_AREA
    against: Mapping[str, UpliftEstimate] = dataclasses.field(default_factory=dict)
    slope: float = 0.0
    groups: tuple[JudgedGroup, ...] = ()
    curve: tuple[QiniPoint, ...] = ()
    curves_against: Mapping[str, tuple[QiniPoint, ...]] = dataclasses.field(default_factory=dict)

    @property
    def is_published(self) -> bool:
        """Whether the groups may be used."""
        return self.decision == "publish"
