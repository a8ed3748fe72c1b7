"""The segment sets of insights.json, and who entered and left each segment."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from tessera.records.scoring.groups import GroupStatistics
from tessera.records.scoring.movement import SegmentMoves
from tessera.records.scoring.sets import EdgeKind


@dataclasses.dataclass(frozen=True, kw_only=True)
class LabelledGroup(GroupStatistics):
    """One group of a segment set: its numbers, and what to do with its customers.

    Parameters
    ----------
    meaning, action
        Who is in it, and what to do with them.
    segment
        The name of its segment at destinations.
    low, below
        The values between which the label is given. None stands for no limit, and for a set
        without ranges.
    clv_reason, p_no_order_90d_reason
        Why the average is None, in sentences. None where there is one.
    """

    meaning: str
    action: str
    segment: str
    low: float | None = dataclasses.field(default=None, metadata={"name": "from"})
    below: float | None = None
    clv_reason: str | None = None
    p_no_order_90d_reason: str | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class GroupSet:
    """A segment set: every customer is in exactly one of its groups.

    Parameters
    ----------
    meaning
        What it is about.
    of
        The two sets that a combined set is made of. Empty for a simple set.
    column
        The profile column that labelled the customers. None where no single column did.
    by, edges
        Whether the values between the labels are values or quantiles of the column, and the
        values, ascending.
    withheld
        The columns that would have come first, and are empty.
    by_conditions
        Whether each label has a condition, of which the first that holds gives the label.
    groups
        In the set's order, empty ones included.
    """

    meaning: str
    of: tuple[str, ...] = ()
    column: str | None = None
    by: EdgeKind | None = None
    edges: tuple[float, ...] = ()
    withheld: tuple[str, ...] = ()
    by_conditions: bool = False
    groups: tuple[LabelledGroup, ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class SegmentFlow(SegmentMoves):
    """The moves of one segment since the previous run, with their causes.

    Parameters
    ----------
    label
        Its name.
    in_by_cause, out_by_cause
        Customers who came and went, by cause. The sums are ``moved_in + entered`` and
        ``moved_out + left``.
    """

    in_by_cause: Mapping[str, int]
    out_by_cause: Mapping[str, int]
