"""The effect of a campaign on some people, in buyers, orders and money: against the held out."""

from __future__ import annotations

import dataclasses
from typing import Literal

Verdict = Literal["more", "less", "inconclusive", "withheld"]
SliceKind = Literal["all", "churn_band", "value_tier", "variant"]
Promise = Literal["reactivation", "upsell", "churn"]


@dataclasses.dataclass(frozen=True, kw_only=True)
class EffectEstimate:
    """A figure with its 95 % interval.

    Parameters
    ----------
    value, low, high
        The interval's ends are around the value.
    """

    value: float
    low: float
    high: float

    def times(self, factor: float) -> EffectEstimate:
        """Return the figure of so many people, or a share of it, at least 0."""
        return EffectEstimate(
            value=self.value * factor, low=self.low * factor, high=self.high * factor
        )


@dataclasses.dataclass(frozen=True, kw_only=True)
class ConversionEffect:
    """Buyers among treated and held-out people.

    Parameters
    ----------
    treated, held_out
        How many people, by assignment: also those who a message never reached.
    treated_buyers, held_out_buyers
        Of these, how many bought within the days of result.
    difference, low, high
        The share of buyers among the treated less that among the held out, with its 95 % interval.
        None without people in both groups, and too early at an always-valid look.
    p_value
        For this comparison alone, and
    adjusted_p_value
        for it among all of its kind (Holm). The verdict goes by this one.
    verdict
        Whether ``more`` of the treated bought, or ``less``. ``inconclusive``: chance alone explains
        it. ``withheld``: the groups' sizes do not fit the holdout's share.
    lift
        The treated share over the held-out one, less 1: 0.1 is a tenth more. None where it is not
        known.
    """

    treated: int
    held_out: int
    treated_buyers: int
    held_out_buyers: int
    difference: float | None
    low: float | None
    high: float | None
    p_value: float
    adjusted_p_value: float
    verdict: Verdict
    lift: EffectEstimate | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class RevenueEffect:
    """Revenue per person of treated and held-out people, buyers or not.

    Parameters
    ----------
    treated_mean, held_out_mean
        Per person, as it was.
    difference, low, high
        Per person, with its 95 % interval, of amounts cut at ``limit``.
    incremental, incremental_low, incremental_high
        The same for all treated people.
    limit
        The 99th percentile of buyers' revenue. What is above counts as this much, and refunds
        above it likewise: a few large orders, or one that came back, would decide otherwise.
    limited
        How many people's revenue was cut.
    variance_removed
        The share of the variance that spend before the campaign explained. The interval is narrower
        by it.
    margin
        The incremental revenue times the margin rate, for all treated people. None without a rate.
    """

    treated_mean: float
    held_out_mean: float
    difference: float
    low: float
    high: float
    incremental: float
    incremental_low: float
    incremental_high: float
    limit: float
    limited: int
    variance_removed: float = 0.0
    margin: EffectEstimate | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class OrdersEffect:
    """Orders per person of treated and held-out people, buyers or not.

    Parameters
    ----------
    treated_mean, held_out_mean
        Per person. Several orders of one day count once.
    difference
        Per person.
    incremental
        For all treated people.
    variance_removed
        The share of the variance that spend before the campaign explained.
    """

    treated_mean: float
    held_out_mean: float
    difference: EffectEstimate
    incremental: EffectEstimate
    variance_removed: float


@dataclasses.dataclass(frozen=True, kw_only=True)
class EffectSlice:
    """The effect on some people.

    Parameters
    ----------
    by, group
        ``all``, or one ``churn_band``, ``value_tier`` or ``variant``.
    conversion
        Buyers.
    revenue
        None below 100 buyers in one of the two groups, and
    revenue_note
        why, or how it was computed.
    orders
        None below 30 buyers in one of the two groups.
    words
        What the buyers show, a sentence or two for people.
    """

    by: SliceKind
    group: str
    conversion: ConversionEffect
    revenue: RevenueEffect | None
    revenue_note: str
    orders: OrdersEffect | None = None
    words: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class PromisedFigure:
    """One of the three figures that a customer programme promises, against the holdout.

    Parameters
    ----------
    figure
        ``reactivation``: of those who had lapsed, who ordered. ``upsell``: of the others, whose
        orders were larger on average than their own before. ``churn``: of the others, who did not
        order.
    treated, held_out
        People it is measured on.
    treated_count, held_out_count
        How many of these it is true of.
    difference
        The treated share less the held-out one. None where it is not known yet, and so is
    lift
        the treated share over the held-out one, less 1.
    p_value, adjusted_p_value, verdict
        As of buyers. The three are corrected for each other.
    """

    figure: Promise
    treated: int
    held_out: int
    treated_count: int
    held_out_count: int
    difference: EffectEstimate | None
    lift: EffectEstimate | None
    p_value: float
    adjusted_p_value: float
    verdict: Verdict
