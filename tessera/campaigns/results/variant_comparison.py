"""Two variants of a campaign against each other, in buyers, orders and money."""

from __future__ import annotations

import dataclasses

from tessera.campaigns.results.effects import EffectEstimate, Verdict


@dataclasses.dataclass(frozen=True, kw_only=True)
class MeanComparison:
    """A figure per person of two variants, buyers or not.

    Parameters
    ----------
    mean, against_mean
        Per person of each variant, as it was.
    difference
        The one less the other per person, with its 95 % interval.
    p_value, adjusted_p_value, verdict
        As of buyers. The same figure of all pairs is corrected together.
    variance_removed
        The share of the variance that spend before the campaign explained.
    """

    mean: float
    against_mean: float
    difference: EffectEstimate
    p_value: float
    adjusted_p_value: float
    verdict: Verdict
    variance_removed: float


@dataclasses.dataclass(frozen=True, kw_only=True)
class VariantComparison:
    """One variant against another one that was drawn among the same people.

    Held-out people have no part in it. Everything is the first variant less the second.

    Parameters
    ----------
    variant, against
        Their names. The second one comes earlier in the definition.
    people, against_people
        Who got each variant, by assignment, and counts.
    buyers, against_buyers
        Of these, how many bought within the days of result.
    difference
        Of the shares of buyers. None without people in both, and too early at an always-valid
        look. So is
    lift
        the first share over the second one, less 1.
    p_value
        For this comparison alone, and
    adjusted_p_value
        for it among all pairs of the campaign (Holm). The verdict goes by this one.
    verdict
        Whether ``more`` bought with the first variant, or ``less``. ``inconclusive``: chance alone
        explains it. ``withheld``: the sizes of the groups do not fit the shares of the variants,
        or that of the holdout.
    orders
        None below 30 buyers of one of the two.
    revenue
        Of amounts cut at ``limit``. None below 100 buyers of one of the two.
    margin
        The difference of revenue per person times the margin rate. None without one of them.
    limit, limited
        The 99th percentile of buyers' revenue, and how many people have more, or got more back.
        None and 0 without revenue.
    revenue_note
        Why there is no revenue, or how it was computed.
    words
        What the buyers show, a sentence or two for people.
    """

    variant: str
    against: str
    people: int
    against_people: int
    buyers: int
    against_buyers: int
    difference: EffectEstimate | None
    lift: EffectEstimate | None
    p_value: float
    adjusted_p_value: float
    verdict: Verdict
    orders: MeanComparison | None
    revenue: MeanComparison | None
    margin: EffectEstimate | None
    limit: float | None
    limited: int
    revenue_note: str
    words: str
