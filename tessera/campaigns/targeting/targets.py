"""What a campaign's past runs show of who reacts, as a document."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Literal

from tessera.campaigns.results.statistics.inference import Inference


@dataclasses.dataclass(frozen=True, kw_only=True)
class TargetLimit:
    """Numbers of a profile column from one limit on and below another. None for no limit.

    Parameters
    ----------
    column
        The profile column.
    low, below
        The limits.
    """

    column: str
    low: float | None
    below: float | None

    @property
    def sentence(self) -> str:
        """The limits, for people."""
        ends = [f"from {self.low:,g}"] if self.low is not None else []
        ends += [f"below {self.below:,g}"] if self.below is not None else []
        return f"{self.column} {' and '.join(ends)}"


@dataclasses.dataclass(frozen=True, kw_only=True)
class TargetGroup:
    """Customers within some limits, and what writing to them brings.

    Parameters
    ----------
    limits
        One a column at most.
    people
        How many the past runs took.
    customers
        How many of the campaign's audience are in the group now.
    effect, low, high
        Revenue per person written to that comes of it, with its 95 % interval.
    """

    limits: tuple[TargetLimit, ...]
    people: int
    customers: int
    effect: float
    low: float
    high: float


@dataclasses.dataclass(frozen=True, kw_only=True)
class TargetPoint:
    """What writing to the best part of the audience brings, on people that it was not learnt from.

    Parameters
    ----------
    share
        Of the audience.
    gain, low, high
        Revenue per person of the whole audience, with its 95 % interval.
    random_gain
        The same where as many are chosen by chance.
    churn_gain
        The same where as many with the highest churn risk are chosen. None in targets of an earlier
        version.
    """

    share: float
    gain: float
    low: float
    high: float
    random_gain: float
    churn_gain: float | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class RankingGain:
    """The area above another way to choose, in revenue per person, with its 95 % interval.

    Parameters
    ----------
    against
        ``random choice`` or ``churn risk``.
    area, low, high
        Between the two Qini curves.
    """

    against: str
    area: float
    low: float
    high: float


@dataclasses.dataclass(frozen=True, kw_only=True)
class CampaignTargets:
    """Who reacts to a campaign, as last learnt.

    Parameters
    ----------
    campaign
        The definition's id.
    as_of
        Purchases until the day before are known.
    decision
        Whether the groups may be used. ``withhold``: they are not surely better.
    reason
        Why, in words.
    people, held_out
        From which it was learnt: their days of result are over, and their profiles are there.
    omitted
        People of the runs who do not count, because their profiles of that day are gone or they are
        no customers. All of them where the groups are not alike.
    columns
        The profile columns that were read, as of the day of each plan.
    average, average_low, average_high
        Revenue per person written to, over all of them, with its 95 % interval. None where nothing
        was learnt.
    rankings
        How much better than other ways to choose the groups are. Empty where nothing was learnt.
    groups
        The best first. Empty where nothing was learnt, or it is withheld.
    curve
        What the groups bring, by the share of the audience.
    limit
        Revenue of a person above it counts as this much, and refunds above it likewise. None where
        nobody bought.
    simulated
        Whether the simulator made purchases that count here.
    is_mismatch
        Whether the groups' sizes do not fit the holdout's share: nothing is learnt then.
    inference
        ``always_valid``: people are added over time, so the decision and the intervals are made for
        a look every day. ``fixed_horizon``: for one look.
    """

    campaign: str
    as_of: dt.date
    decision: Literal["publish", "withhold"]
    reason: str
    people: int
    held_out: int
    omitted: int = 0
    columns: tuple[str, ...] = ()
    average: float | None = None
    average_low: float | None = None
    average_high: float | None = None
    rankings: tuple[RankingGain, ...] = ()
    groups: tuple[TargetGroup, ...] = ()
    curve: tuple[TargetPoint, ...] = ()
    limit: float | None = None
    simulated: bool = False
    is_mismatch: bool = False
    inference: Inference = "fixed_horizon"
