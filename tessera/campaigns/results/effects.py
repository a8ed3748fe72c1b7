"""The effect of a campaign: treated against held-out people, all together and by group."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Literal

from tessera.campaigns.results.intervals import people_needed

Verdict = Literal["more", "less", "inconclusive", "withheld"]
SliceKind = Literal["all", "churn_band", "variant"]
_LIFT = 0.1


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
        None without people in both groups.
    p_value
        For this comparison alone, and
    adjusted_p_value
        for it among all of its kind (Holm). The verdict goes by this one.
    verdict
        Whether ``more`` of the treated bought, or ``less``. ``inconclusive``: chance alone explains
        it. ``withheld``: the groups' sizes do not fit the holdout's share.
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

    def sentence(self, *, share: float) -> str:
        """Return the verdict, for people.

        Parameters
        ----------
        share
            Of the holdout, for how many people it would take.
        """
        if self.difference is None or self.low is None or self.high is None:
            return "Inconclusive: there are no people in one of the two groups yet."
        if self.verdict == "withheld":
            return "Withheld: the sizes of the groups do not fit the holdout's share."
        ends = f"{100 * self.low:+.2f} to {100 * self.high:+.2f}"
        points = f"{100 * self.difference:+.2f} points ({ends})"
        if self.verdict != "inconclusive":
            return f"{self.verdict.title()} buyers among those who were written to: {points}."
        return f"Inconclusive: {points} of buyers.{self._needed(share)}"

    def _needed(self, share: float) -> str:
        conversion = self.held_out_buyers / self.held_out
        if not 0 < conversion < 1 or not 0 < share < 1:
            return ""
        people = people_needed(conversion=conversion, lift=_LIFT, share=share)
        return f" To see a tenth more buyers takes about {people:,} people."


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
        The 99th percentile of buyers' revenue. What is above counts as this much: a few large
        orders would decide otherwise.
    limited
        How many people's revenue was cut.
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


@dataclasses.dataclass(frozen=True, kw_only=True)
class EffectSlice:
    """The effect on some people.

    Parameters
    ----------
    by, group
        ``all``, or one ``churn_band``, or one ``variant``.
    conversion
        Buyers.
    revenue
        None below 100 held-out buyers, and
    revenue_note
        why, or how it was computed.
    """

    by: SliceKind
    group: str
    conversion: ConversionEffect
    revenue: RevenueEffect | None
    revenue_note: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class GroupSizes:
    """Whether the holdout has the size that it should have.

    Parameters
    ----------
    people, held_out
        How many were assigned, and of these held out.
    expected_share
        The definition's.
    p_value
        How likely chance alone gives such a size, or one further off.
    is_mismatch
        Below 0.001: somebody was lost after the draw, and the groups are not alike.
    """

    people: int
    held_out: int
    expected_share: float
    p_value: float
    is_mismatch: bool


@dataclasses.dataclass(frozen=True, kw_only=True)
class CampaignResults:
    """What a campaign changed, as far as it is known.

    Parameters
    ----------
    campaign
        The definition's id.
    as_of
        The day. Purchases until the day before are known.
    sizes
        Of the groups.
    waiting
        People whose days of result are not over. They do not count yet.
    slices
        All people, then each churn band, then each variant.
    notes
        What to know before reading them, a sentence each.
    simulated
        Whether the simulator made purchases that count here, and no person.
    """

    campaign: str
    as_of: dt.date
    sizes: GroupSizes
    waiting: int
    slices: tuple[EffectSlice, ...]
    notes: tuple[str, ...]
    simulated: bool = False
