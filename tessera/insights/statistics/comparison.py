"""Two runs side by side: how the groups of a segment set changed, and why as far as it is known."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from decimal import Decimal

from tessera.errors import InvalidInput
from tessera.records.fields import part_of
from tessera.records.insights.groups import GroupSet, LabelledGroup, SegmentFlow
from tessera.records.insights.insights import Insights, Overview
from tessera.records.run_of_day import RunOfDay


@dataclasses.dataclass(frozen=True, kw_only=True)
class GroupChange:
    """One group of a segment set in two runs.

    Parameters
    ----------
    group
        The label.
    before, after
        Its numbers. None in a run that has no such group.
    customers_change
        Customers more, or fewer, than before.
    monetary_change
        Net money more, or less, than before, as text.
    """

    group: str
    before: LabelledGroup | None
    after: LabelledGroup | None
    customers_change: int
    monetary_change: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class RunComparison:
    """Two runs side by side.

    Parameters
    ----------
    before, after
        Which runs.
    currency
        Of all money. Empty when the data has none.
    set, meaning
        The segment set, and what it is about.
    overview_before, overview_after
        All customers in numbers.
    groups
        In the later run's order.
    notes
        What to know before the two are compared, a sentence each.
    flows
        Who came to each segment and who went, by cause. Empty unless the later run was compared
        with the earlier one.
    """

    before: RunOfDay
    after: RunOfDay
    currency: str
    set: str
    meaning: str
    overview_before: Overview
    overview_after: Overview
    groups: tuple[GroupChange, ...]
    notes: tuple[str, ...]
    flows: tuple[SegmentFlow, ...]


def compared(before: Insights, after: Insights, *, name: str) -> RunComparison:
    """Compare a segment set in two runs.

    Raises
    ------
    InvalidInput
        A run lacks the set, or the runs count money in different currencies.
    """
    if before.currency != after.currency:
        raise InvalidInput(
            f"run {before.run_id} counts {before.currency or 'no currency'} and {after.run_id} "
            f"{after.currency or 'no currency'}: their money cannot be compared"
        )
    old, new = _set_of(before, name), _set_of(after, name)
    consecutive = after.previous is not None and after.previous.run_id == before.run_id
    return RunComparison(
        before=part_of(before, RunOfDay),
        after=part_of(after, RunOfDay),
        currency=after.currency,
        set=name,
        meaning=new.meaning,
        overview_before=before.overview,
        overview_after=after.overview,
        groups=_changes(old, new),
        notes=_notes(old, new, consecutive=consecutive),
        flows=after.flows if consecutive else (),
    )


def _set_of(run: Insights, name: str) -> GroupSet:
    if name not in run.sets:
        raise InvalidInput(f"run {run.run_id} has no segment set {name!r}: {', '.join(run.sets)}")
    return run.sets[name]


def _changes(before: GroupSet, after: GroupSet) -> tuple[GroupChange, ...]:
    old, new = _by_label(before), _by_label(after)
    return tuple(
        GroupChange(
            group=label,
            before=old.get(label),
            after=new.get(label),
            customers_change=_customers(new.get(label)) - _customers(old.get(label)),
            monetary_change=str(_money(new.get(label)) - _money(old.get(label))),
        )
        for label in dict.fromkeys([*new, *old])
    )


def _by_label(one: GroupSet) -> Mapping[str, LabelledGroup]:
    return {group.group: group for group in one.groups}


def _customers(group: LabelledGroup | None) -> int:
    return group.uuids if group else 0


def _money(group: LabelledGroup | None) -> Decimal:
    return Decimal(group.monetary) if group else Decimal(0)


def _notes(before: GroupSet, after: GroupSet, *, consecutive: bool) -> tuple[str, ...]:
    notes = []
    if not consecutive:
        notes.append(
            "The later run was not compared with the earlier one: causes of moves are not known."
        )
    if before.column != after.column:
        notes.append("The set went by another column then: its groups mean something else.")
    elif before.edges != after.edges:
        notes.append("The values between the groups differ: some customers changed group by that.")
    return tuple(notes)
