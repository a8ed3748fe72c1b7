"""What is compared between two groups: orders and money, of which the largest amounts are cut."""

from __future__ import annotations

import dataclasses
from typing import NamedTuple

import numpy as np

from tessera.campaigns.planning.candidates import Floats, Mask
from tessera.campaigns.results.comparing import ComparedPeople
from tessera.campaigns.results.effects import EffectEstimate
from tessera.campaigns.results.statistics.inference import Inference, critical_z, p_value
from tessera.campaigns.results.statistics.intervals import Difference, welch, welch_z
from tessera.campaigns.results.statistics.past_spend import adjusted, cut_both_ways

LEAST_BUYERS = 100
LEAST_BUYERS_OF_ORDERS = 30
_CUT = 0.99


@dataclasses.dataclass(frozen=True, kw_only=True, eq=False)
class Outcomes:
    """What is compared. Every column has shape (n,).

    Parameters
    ----------
    orders, revenue
        Within the days of result.
    before
        Spend before the assignment, winsorised.
    inference
        How often results are looked at.
    margin_rate
        Of revenue. None where it is not known.
    is_mismatch
        Whether the groups' sizes do not fit the holdout's share.
    share
        The holdout's, for how many people a clear result would take.
    """

    orders: Floats
    revenue: Floats
    before: Floats
    inference: Inference
    margin_rate: float | None
    is_mismatch: bool
    share: float

    @property
    def has_bought(self) -> Mask:
        """Who bought."""
        return self.orders > 0


class ComparedMeans(NamedTuple):
    """The difference of means per person, the first group less the second.

    Parameters
    ----------
    difference
        With its interval.
    variance_removed
        The share of the variance that spend before the campaign explained.
    p_value
        For this comparison alone.
    """

    difference: Difference
    variance_removed: float
    p_value: float

    @property
    def estimate(self) -> EffectEstimate:
        """The difference as a figure of a document."""
        return EffectEstimate(**self.difference._asdict())


class CutRevenue(NamedTuple):
    """Revenue of which one person's counts no more than a limit, as money in or as money back.

    Parameters
    ----------
    amounts : shape (n,)
        Of everybody.
    limit
        The 99th percentile of the revenue of the two groups' buyers, at least 0.
    limited
        How many people of the two groups have more, or have got more back.
    """

    amounts: Floats
    limit: float
    limited: int

    @property
    def note(self) -> str:
        """How the difference was computed, for people."""
        return (
            f"Revenue above {self.limit:.2f} counts as this much, for {self.limited} people, and "
            "refunds above it likewise: the difference is that of the cut amounts."
        )


def compared_means(group: ComparedPeople, outcome: Floats, outcomes: Outcomes) -> ComparedMeans:
    """Return the difference of means per person, less what the past explains of it.

    Parameters
    ----------
    group
        The two groups. Each has at least 2 people.
    outcome : shape (n,)
        Of everybody.
    outcomes
        For the past, and how often results are looked at.
    """
    anybody = group.treated | group.held_out
    treated = group.treated[anybody]
    values, removed = adjusted(outcome[anybody], outcomes.before[anybody], treated=treated)
    people, parts = len(values), (values[treated], values[~treated])
    return ComparedMeans(
        welch(*parts, z=critical_z(outcomes.inference, people=people)),
        removed,
        p_value(outcomes.inference, welch_z(*parts), people=people),
    )


def cut_revenue(group: ComparedPeople, outcomes: Outcomes) -> CutRevenue:
    """Return revenue as it is compared between two groups, which have a buyer.

    A person's money can be below 0 only by refunds of orders from before the days of result: one
    of a large order would decide as much as a large order does.
    """
    revenue, anybody = outcomes.revenue, group.treated | group.held_out
    limit = max(0.0, float(np.quantile(revenue[anybody & outcomes.has_bought], _CUT)))
    limited = int((np.abs(revenue[anybody]) > limit).sum())
    return CutRevenue(cut_both_ways(revenue, limit), limit, limited)
