"""The customers that the shop can contact, in a sentence for the report and the terminal."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence

from tessera.records.loads.load import LoadRecord, SegmentReach
from tessera.records.scoring.score import SegmentRow


def reach_of(loads: Iterable[LoadRecord]) -> Mapping[str, SegmentReach]:
    """Return by segment the customers that can be contacted, the same in every load of a run."""
    return next((load.reach for load in loads if load.reach), {})


def total(reach: Mapping[str, SegmentReach]) -> SegmentReach:
    """Return the counts of all segments together."""
    return SegmentReach(
        **{
            field.name: sum(getattr(one, field.name) for one in reach.values())
            for field in dataclasses.fields(SegmentReach)
        }
    )


def has_answers(reach: SegmentReach) -> bool:
    """Return whether the data records consent to e-mail at all."""
    return bool(reach.email_granted or reach.email_denied)


def mailable(reach: SegmentReach, *, by_consent: bool) -> int:
    """Return how many customers can be e-mailed: those who agreed, or all with an address."""
    return reach.email_granted if by_consent else reach.email


def sentence(reach: Mapping[str, SegmentReach], segments: Sequence[SegmentRow]) -> str:
    """Return how many customers can be e-mailed: of the segment with most money, and of all.

    Where the data records consent to e-mail, only customers who agreed count. Empty where nothing
    was counted.
    """
    everybody = total(reach)
    if not everybody.customers:
        return ""
    if not everybody.email:
        return (
            f"You can e-mail none of the {everybody.customers:,} customers: the data has no "
            "e-mail address of theirs that can be used."
        )
    consent = has_answers(everybody)
    of_all = f"{mailable(everybody, by_consent=consent):,} of all {everybody.customers:,} customers"
    best = max(segments, key=lambda row: row.monetary_share, default=None)
    own = reach.get(best.label) if best else None
    of_best = ""
    if best and own:
        agreed = mailable(own, by_consent=consent)
        of_best = f"{agreed:,} of {own.customers:,} {best.label}, and "
    return f"You can e-mail {of_best}{of_all}. {_basis(everybody)}"


def _basis(everybody: SegmentReach) -> str:
    if not has_answers(everybody):
        return "They have a usable address. The data records no consent to e-mail."
    silent = everybody.email - everybody.email_granted - everybody.email_denied
    return (
        "They have a usable address and agreed to e-mail. Of the others with an address, "
        f"{everybody.email_denied:,} declined and {silent:,} gave no answer."
    )
