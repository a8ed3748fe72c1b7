"""What a campaign changed, as the document that the API shows."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Literal

from tessera.campaigns.results.effects import EffectSlice, PromisedFigure
from tessera.campaigns.results.statistics.inference import Inference
from tessera.campaigns.results.variant_comparison import VariantComparison


@dataclasses.dataclass(frozen=True, kw_only=True)
class GroupSizes:
    """Whether the holdout has the size that it should have.

    Parameters
    ----------
    people, held_out
        How many were assigned, and of these held out.
    expected_share
        That of the runs which are measured.
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
class ResultAdvice:
    """What to do after a look at a campaign.

    Parameters
    ----------
    step
        ``go_on`` as it is, ``send_to_some``: the groups that are named, ``wait``, ``enlarge`` the
        holdout of a copy, ``stop``, or ``check`` the groups, because they are not alike.
    groups
        Churn bands or value tiers that the step is about.
    words
        The step and its reason, for people.
    """

    step: Literal["go_on", "send_to_some", "wait", "enlarge", "stop", "check"]
    groups: tuple[str, ...]
    words: str


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
        All people, then each churn band, each value tier, each variant.
    notes
        What to know before reading them, a sentence each.
    simulated
        Whether the simulator made purchases that count here, and no person.
    inference
        ``fixed_horizon``: everybody counts from the same day on, and there is one look.
        ``always_valid``: people are added over time, and every interval holds at all looks.
    promised
        Reactivation, upsell and churn.
    next_step
        What to do next. None in results of an earlier version.
    variants
        Each pair of variants that were drawn among the same people, against each other. Empty with
        one variant, and in results of an earlier version.
    """

    campaign: str
    as_of: dt.date
    sizes: GroupSizes
    waiting: int
    slices: tuple[EffectSlice, ...]
    notes: tuple[str, ...]
    simulated: bool = False
    inference: Inference = "fixed_horizon"
    promised: tuple[PromisedFigure, ...] = ()
    next_step: ResultAdvice | None = None
    variants: tuple[VariantComparison, ...] = ()
