"""The customers that the shop can contact, in a sentence for the report and the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from tessera.records.load import LoadRecord, SegmentReach
from tessera.records.score import SegmentRow


def reach_of(loads: Iterable[LoadRecord]) -> Mapping[str, SegmentReach]:
    """Return by segment the customers that can be contacted, the same in every load of a run."""
    return next((load.reach for load in loads if load.reach), {})


def total(reach: Mapping[str, SegmentReach]) -> SegmentReach:
    """Return the counts of all segments together."""
    return SegmentReach(
        customers=sum(one.customers for one in reach.values()),
        email=sum(one.email for one in reach.values()),
        phone=sum(one.phone for one in reach.values()),
        ad_consent=sum(one.ad_consent for one in reach.values()),
    )


def sentence(reach: Mapping[str, SegmentReach], segments: Sequence[SegmentRow]) -> str:
    """Return how many customers can be e-mailed: of the segment with most money, and of all.

    Empty where nothing was counted.
    """
    everybody = total(reach)
    if not everybody.customers:
        return ""
    if not everybody.email:
        return (
            f"You can e-mail none of the {everybody.customers:,} customers: the data has no "
            "e-mail address of theirs that can be used."
        )
    of_all = f"{everybody.email:,} of all {everybody.customers:,} customers"
    best = max(segments, key=lambda row: row.monetary_share, default=None)
    if best is None or best.label not in reach:
        return f"You can e-mail {of_all}."
    own = reach[best.label]
    return f"You can e-mail {own.email:,} of {own.customers:,} {best.label}, and {of_all}."
