"""What all campaigns of a quarter changed together, against people that no campaign wrote to."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence

import numpy as np

from tessera.campaign_settings import CampaignSettings
from tessera.campaigns.planning.assigned import Assigned
from tessera.campaigns.planning.choosing.quarters import Quarter
from tessera.campaigns.results.assignments import (
    PurchaseRows,
    bought_within,
    first_assignments,
    is_seen,
)
from tessera.campaigns.results.campaign_results import GroupSizes
from tessera.campaigns.results.comparing import everybody
from tessera.campaigns.results.effects import EffectSlice, PromisedFigure
from tessera.campaigns.results.group_sizes import group_sizes
from tessera.campaigns.results.outcomes import Outcomes
from tessera.campaigns.results.promised import past_of, promised_figures
from tessera.campaigns.results.slices import slices_of
from tessera.campaigns.results.statistics.past_spend import winsorised
from tessera.campaigns.results.words import unseen_words

_EPOCH = dt.date(1970, 1, 1)


@dataclasses.dataclass(frozen=True, kw_only=True)
class QuarterResults:
    """What all campaigns of a quarter changed.

    Parameters
    ----------
    quarter
        Such as ``2026-Q4``.
    first_day, known_on
        Its first day, and the day after its last one: there is one look, from then on.
    as_of
        The day of this look. Purchases until the day before are known.
    campaigns
        Their ids, those that took somebody in the quarter.
    sizes
        Of the two groups: people that a campaign would have taken, and the globally held out of
        them. The expected share is that of the plans, 0 where they had none in common.
    effect
        Of all campaigns together, in the quarter, from each person's first campaign on. None before
        the quarter is over.
    promised
        Reactivation, upsell and churn. Empty before the quarter is over.
    words
        What is known, for people.
    """

    quarter: str
    first_day: dt.date
    known_on: dt.date
    as_of: dt.date
    campaigns: tuple[str, ...]
    sizes: GroupSizes
    effect: EffectSlice | None
    promised: tuple[PromisedFigure, ...]
    words: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class GlobalHoldoutYear:
    """The global holdout of a year.

    Parameters
    ----------
    year
        Which one.
    share
        Of the setting ``campaigns.global_holdout``, as it is now. 0 for no global holdout.
    quarters
        Those in which a campaign took somebody, the first one first.
    """

    year: int
    share: float
    quarters: tuple[QuarterResults, ...]


def quarter_people(
    taken: Sequence[Assigned], held_globally: Sequence[Assigned], *, quarter: Quarter
) -> Assigned:
    """Return each person once, as first assigned in a quarter. The global holdout is held out.

    People that a campaign itself held out are among the treated: they had the other campaigns.

    Parameters
    ----------
    taken, held_globally
        Of runs of all campaigns, at least one.
    quarter
        Days of other quarters do not count.
    """
    first, end = ((day - _EPOCH).days for day in (quarter.first_day, quarter.end))
    parts = [
        dataclasses.replace(one, is_held_out=np.full(len(one), is_global, np.bool_))
        for is_global, runs in ((False, taken), (True, held_globally))
        for one in (run.where((run.day >= first) & (run.day < end)) for run in runs)
    ]
    return first_assignments(parts)


def measure_quarter(
    people: Assigned,
    purchases: PurchaseRows | None,
    *,
    quarter: Quarter,
    campaigns: Sequence[str],
    today: dt.date,
    shares: Sequence[float | None],
    settings: CampaignSettings,
) -> QuarterResults:
    """Return what all campaigns of a quarter changed, by assignment.

    Parameters
    ----------
    people
        As ``quarter_people`` returns them.
    purchases
        From a year before the quarter on. None before it is over.
    quarter
        Which one.
    campaigns
        Their ids.
    today
        Purchases until the day before are known.
    shares
        The global holdout's at the plan of each run with people of the quarter. None where a run
        did not keep it. Without one share of all of them the verdict is withheld.
    settings
        The tenant's: margin rate, and when customers have lapsed.
    """
    sizes = _sizes(people, shares)
    is_over = purchases is not None and today >= quarter.end
    effect, promised = None, tuple[PromisedFigure, ...]()
    if purchases is not None and is_over:
        seen = people.where(is_seen(people))
        effect, promised = _effects(seen, purchases, quarter, sizes, settings)
    known = effect.words if effect else f"The quarter's result is known on {quarter.end}."
    unseen = int((~is_seen(people)).sum())
    omitted = f" {unseen_words(unseen)}" if unseen else ""
    words = (_without_share(shares) or known) + omitted
    return QuarterResults(
        quarter=quarter.name,
        first_day=quarter.first_day,
        known_on=quarter.end,
        as_of=today,
        campaigns=tuple(sorted(campaigns)),
        sizes=sizes,
        effect=effect,
        promised=promised,
        words=words,
    )


def _sizes(people: Assigned, shares: Sequence[float | None]) -> GroupSizes:
    share = shares[0] if shares else None
    if share is not None and not _without_share(shares):
        return group_sizes(people, share=share)
    held_out = int(people.is_held_out.sum())
    return GroupSizes(
        people=len(people), held_out=held_out, expected_share=0.0, p_value=1.0, is_mismatch=True
    )


def _without_share(shares: Sequence[float | None]) -> str:
    """Return why no size can be expected of the holdout, empty where one can."""
    if None in shares:
        return (
            "Withheld: a run of the quarter was planned by an earlier version, which did not keep "
            "the share of the global holdout."
        )
    if len(set(shares)) > 1:
        listed = ", ".join(f"{100 * (one or 0):g} %" for one in sorted(set(shares), key=repr))
        return (
            f"Withheld: the share of the global holdout was changed within the quarter ({listed}), "
            "so the groups have the size of no share."
        )
    return ""


def _effects(
    people: Assigned,
    purchases: PurchaseRows,
    quarter: Quarter,
    sizes: GroupSizes,
    settings: CampaignSettings,
) -> tuple[EffectSlice, tuple[PromisedFigure, ...]]:
    end = (quarter.end - _EPOCH).days
    within = _until(purchases, end)
    bought = bought_within(people, within, first_day=0, days=(quarter.end - quarter.first_day).days)
    past = past_of(people, purchases, lapsed_after_days=settings.lapsed_after_days)
    outcomes = Outcomes(
        orders=bought.orders.astype(np.float64),
        revenue=bought.revenue,
        before=winsorised(past.spend),
        inference="fixed_horizon",
        margin_rate=settings.margin_rate or None,
        is_mismatch=sizes.is_mismatch,
        share=sizes.expected_share,
    )
    whole = everybody(people)
    (effect,) = slices_of("all", [whole], outcomes)
    promised = promised_figures(
        whole, bought, past, inference="fixed_horizon", is_mismatch=sizes.is_mismatch
    )
    return effect, promised


def _until(purchases: PurchaseRows, day: int) -> PurchaseRows:
    mask = purchases.day < day
    return PurchaseRows(**{name: column[mask] for name, column in vars(purchases).items()})
