"""Measure a campaign: effects from the columns of assignments and purchases."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np

from tessera.campaign_settings import CampaignSettings
from tessera.campaigns.definitions.definition import CampaignDefinition
from tessera.campaigns.planning.assigned import Assigned
from tessera.campaigns.results.assignments import (
    PurchaseRows,
    bought_within,
    first_assignments,
    is_closed,
    is_seen,
)
from tessera.campaigns.results.campaign_results import CampaignResults, GroupSizes
from tessera.campaigns.results.comparing import ComparedPeople, by_label, by_variant, everybody
from tessera.campaigns.results.effects import SliceKind
from tessera.campaigns.results.group_sizes import group_sizes
from tessera.campaigns.results.next_step import next_step
from tessera.campaigns.results.outcomes import Outcomes
from tessera.campaigns.results.promised import past_of, promised_figures
from tessera.campaigns.results.slices import slices_of
from tessera.campaigns.results.statistics.inference import Inference
from tessera.campaigns.results.statistics.past_spend import winsorised
from tessera.campaigns.results.variant_pairs import compared_variants, variant_notes
from tessera.campaigns.results.words import unseen_words

_EPOCH = dt.date(1970, 1, 1)


def measure(
    runs: Sequence[Assigned],
    purchases: PurchaseRows,
    *,
    definition: CampaignDefinition,
    today: dt.date,
    settings: CampaignSettings | None = None,
    others: str = "",
) -> CampaignResults:
    """Return what a campaign changed, by assignment.

    Treated people count as such whether or not a message reached them: what became of a message is
    an effect of sending, and the held out have nothing like it.

    Parameters
    ----------
    runs
        What each run of the campaign assigned, at least one.
    purchases
        Of all customers, from a year before the first run on.
    definition
        The campaign's.
    today
        Purchases until the day before are known.
    settings
        The tenant's: margin rate, and when customers have lapsed. None for the defaults.
    others
        What to know of runs of the campaign that are not among these. Empty without such runs.
    """
    settings = settings or CampaignSettings()
    people = first_assignments(runs)
    sizes = group_sizes(people, share=definition.holdout.share)
    closed = is_closed(people, today=(today - _EPOCH).days, result_days=definition.result_days)
    seen = is_seen(people)
    counted = people.where(closed & seen)
    bought = bought_within(counted, purchases, first_day=0, days=definition.result_days)
    past = past_of(counted, purchases, lapsed_after_days=settings.lapsed_after_days)
    # Who planned a run with other shares may have looked at these first.
    inference: Inference = "always_valid" if others else inference_of(people, definition)
    outcomes = Outcomes(
        orders=bought.orders.astype(np.float64),
        revenue=bought.revenue,
        before=winsorised(past.spend),
        inference=inference,
        margin_rate=settings.margin_rate or None,
        is_mismatch=sizes.is_mismatch,
        share=definition.holdout.share,
    )
    whole = everybody(counted)
    kinds: dict[SliceKind, list[ComparedPeople]] = {
        "all": [whole],
        "churn_band": by_label(counted, counted.churn_band),
        "value_tier": by_label(counted, counted.value_tier),
        "variant": by_variant(counted, definition),
    }
    slices = [one for by, groups in kinds.items() for one in slices_of(by, groups, outcomes)]
    variants = compared_variants(counted, definition, outcomes)
    waiting, unseen = int((seen & ~closed).sum()), int((~seen).sum())
    return CampaignResults(
        campaign=definition.id,
        as_of=today,
        sizes=sizes,
        waiting=waiting,
        slices=tuple(slices),
        notes=(
            *([others] if others else []),
            *_notes(sizes, inference, waiting=waiting, unseen=unseen),
            *_again_note(inference, definition),
            *variant_notes(variants, definition),
        ),
        inference=inference,
        promised=promised_figures(
            whole, bought, past, inference=inference, is_mismatch=sizes.is_mismatch
        ),
        next_step=next_step(
            slices, sizes=sizes, waiting=waiting, inference=inference, variants=variants
        ),
        variants=variants,
    )


def inference_of(people: Assigned, definition: CampaignDefinition) -> Inference:
    """Return how often a campaign's results are looked at.

    It follows from the schedule and its runs, so nobody can choose it after a look. People of one
    day count from one day on, which is one look. People of several days are added over time. That
    holds for a second run of ``once`` too: it may be the answer to what the first one showed.
    """
    is_one_day = len(np.unique(people.day)) <= 1
    is_once = definition.schedule.kind == "once"
    return "fixed_horizon" if is_once and is_one_day else "always_valid"


def _notes(
    sizes: GroupSizes, inference: Inference, *, waiting: int, unseen: int
) -> tuple[str, ...]:
    notes = []
    if sizes.is_mismatch:
        notes.append(
            f"{sizes.held_out:,} of {sizes.people:,} people are held out, and "
            f"{sizes.expected_share:.0%} should be: the groups are not alike, and no verdict is "
            "given. Look for people who were lost after the plan."
        )
    if waiting:
        notes.append(
            f"{waiting:,} people do not count yet, because their days of result are not over."
        )
    if unseen:
        notes.append(unseen_words(unseen))
    if inference == "always_valid":
        notes.append(
            "People are added over time, so every interval holds at all looks together: you may "
            "look daily, and stop at any time."
        )
    return tuple(notes)


def _again_note(inference: Inference, definition: CampaignDefinition) -> tuple[str, ...]:
    """Return why a campaign that writes once is read like one that goes on."""
    if inference == "fixed_horizon" or definition.schedule.kind != "once":
        return ()
    return (
        "This campaign was to write once, and has run again. Who runs it again may know what it "
        "showed before, so a fixed horizon holds no longer. Copy the campaign to test once more "
        "with one look.",
    )
