"""Whether two groups have the sizes that chance gives them."""

from __future__ import annotations

from tessera.campaigns.planning.assigned import Assigned
from tessera.campaigns.results.campaign_results import GroupSizes
from tessera.campaigns.results.statistics.intervals import ratio_p_value

_MISMATCH = 0.001


def group_sizes(people: Assigned, *, share: float) -> GroupSizes:
    """Return whether a holdout has the size that it should have.

    Parameters
    ----------
    people
        Each once.
    share
        The holdout's.
    """
    held_out = int(people.is_held_out.sum())
    p_value = ratio_p_value(held_out, len(people), share=share) if len(people) else 1.0
    return GroupSizes(
        people=len(people),
        held_out=held_out,
        expected_share=share,
        p_value=p_value,
        is_mismatch=p_value < _MISMATCH,
    )


def fits(count: int, people: int, *, share: float) -> bool:
    """Return whether chance gives a group such a size among people it is a share of."""
    return not people or ratio_p_value(count, people, share=share) >= _MISMATCH
