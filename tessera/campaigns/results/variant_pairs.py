"""Compare the variants of a campaign with each other, all pairs corrected together (Holm).

Only variants of the same segments are compared: their people were drawn among the same customers.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tessera.campaigns.definitions.definition import CampaignDefinition
from tessera.campaigns.definitions.variants import Variant, groups_of
from tessera.campaigns.planning.assigned import Assigned
from tessera.campaigns.planning.candidates import Floats
from tessera.campaigns.results.comparing import (
    LEAST_SEQUENTIAL,
    ComparedPeople,
    ComparedShares,
    compared_shares,
    verdict_of,
)
from tessera.campaigns.results.group_sizes import fits
from tessera.campaigns.results.outcomes import (
    LEAST_BUYERS,
    LEAST_BUYERS_OF_ORDERS,
    CutRevenue,
    Outcomes,
    compared_means,
    cut_revenue,
)
from tessera.campaigns.results.statistics.intervals import holm
from tessera.campaigns.results.variant_comparison import MeanComparison, VariantComparison
from tessera.plurals import plural


class _Pair(NamedTuple):
    """Two variants, the later one of the definition first, and their people who count."""

    variant: Variant
    against: Variant
    people: ComparedPeople


class _Compared(NamedTuple):
    """What is known of a pair before it is corrected for the others."""

    pair: _Pair
    shares: ComparedShares
    orders: MeanComparison | None
    revenue: MeanComparison | None
    cut: CutRevenue | None
    is_mismatch: bool


def compared_variants(
    people: Assigned, definition: CampaignDefinition, outcomes: Outcomes
) -> tuple[VariantComparison, ...]:
    """Return every pair of variants that were drawn among the same people.

    Parameters
    ----------
    people
        Those that count.
    definition
        The campaign's.
    outcomes
        Of these people.
    """
    compared = [_compared(pair, outcomes) for pair in _pairs(people, definition)]
    p_values = holm([one.shares.p_value for one in compared])
    orders = _corrected([one.orders for one in compared], compared)
    revenue = _corrected([one.revenue for one in compared], compared)
    return tuple(
        _comparison(one, outcomes, adjusted=p_value, orders=counted, revenue=money)
        for one, p_value, counted, money in zip(compared, p_values, orders, revenue, strict=True)
    )


def variant_notes(
    variants: Sequence[VariantComparison], definition: CampaignDefinition
) -> tuple[str, ...]:
    """Return what to know before reading the comparisons of variants, a sentence or two each."""
    notes = []
    if len(variants) > 1:
        notes.append(
            f"{plural(len(variants), 'pair', 'pairs')} of variants are compared, and one looks "
            "better by chance the sooner the more there are. So verdicts are corrected for all of "
            "them (Holm). Each interval is that of its pair alone."
        )
    if len(groups_of(definition.variants)) > 1 and variants:
        notes.append(
            "Variants of different segments are not compared with each other: their people differ."
        )
    return tuple(notes)


def _pairs(people: Assigned, definition: CampaignDefinition) -> Iterator[_Pair]:
    is_treated = ~people.is_held_out
    for members in groups_of(definition.variants).values():
        for against, variant in itertools.combinations(members, 2):
            own, other = (is_treated & (people.variant == one.name) for one in (variant, against))
            yield _Pair(variant, against, ComparedPeople(variant.name, own, other))


def _compared(pair: _Pair, outcomes: Outcomes) -> _Compared:
    shares = compared_shares(pair.people, outcomes.has_bought, inference=outcomes.inference)
    buyers = min(shares.true_of)
    cut = cut_revenue(pair.people, outcomes) if buyers >= LEAST_BUYERS else None
    share = pair.variant.share / (pair.variant.share + pair.against.share)
    return _Compared(
        pair=pair,
        shares=shares,
        orders=_mean(pair.people, outcomes.orders, outcomes.orders, outcomes)
        if buyers >= LEAST_BUYERS_OF_ORDERS
        else None,
        revenue=_mean(pair.people, outcomes.revenue, cut.amounts, outcomes) if cut else None,
        cut=cut,
        is_mismatch=outcomes.is_mismatch
        or not fits(shares.people[0], sum(shares.people), share=share),
    )


def _mean(
    people: ComparedPeople, outcome: Floats, compared: Floats, outcomes: Outcomes
) -> MeanComparison:
    made = compared_means(people, compared, outcomes)
    return MeanComparison(
        mean=float(outcome[people.treated].mean()),
        against_mean=float(outcome[people.held_out].mean()),
        difference=made.estimate,
        p_value=made.p_value,
        adjusted_p_value=made.p_value,
        verdict="inconclusive",
        variance_removed=made.variance_removed,
    )


def _corrected(
    means: Sequence[MeanComparison | None], compared: Sequence[_Compared]
) -> list[MeanComparison | None]:
    """Return one figure of all pairs, corrected. What is not known counts as one that may be."""
    p_values = holm([one.p_value if one else 1.0 for one in means])
    return [
        dataclasses.replace(
            one,
            adjusted_p_value=p_value,
            verdict=verdict_of(
                one.difference.value, adjusted=p_value, is_mismatch=pair.is_mismatch
            ),
        )
        if one
        else None
        for one, pair, p_value in zip(means, compared, p_values, strict=True)
    ]


def _comparison(
    compared: _Compared,
    outcomes: Outcomes,
    *,
    adjusted: float,
    orders: MeanComparison | None,
    revenue: MeanComparison | None,
) -> VariantComparison:
    shares, rate, cut = compared.shares, outcomes.margin_rate, compared.cut
    made = VariantComparison(
        variant=compared.pair.variant.name,
        against=compared.pair.against.name,
        people=shares.people[0],
        against_people=shares.people[1],
        buyers=shares.true_of[0],
        against_buyers=shares.true_of[1],
        difference=shares.difference,
        lift=shares.lift,
        p_value=shares.p_value,
        adjusted_p_value=adjusted,
        verdict=verdict_of(
            shares.difference.value if shares.difference else None,
            adjusted=adjusted,
            is_mismatch=compared.is_mismatch,
        ),
        orders=orders,
        revenue=revenue,
        margin=revenue.difference.times(rate) if revenue and rate is not None else None,
        limit=cut.limit if cut else None,
        limited=cut.limited if cut else 0,
        revenue_note=cut.note if cut else _too_few(shares.true_of),
        words="",
    )
    return dataclasses.replace(made, words=_words(made))


def _too_few(buyers: tuple[int, int]) -> str:
    return (
        f"Revenue is compared from {LEAST_BUYERS} buyers of each variant on, and there are "
        f"{buyers[0]:,} and {buyers[1]:,}."
    )


def _words(made: VariantComparison) -> str:
    names = f"{made.variant} against {made.against}"
    if made.verdict == "withheld":
        return f"Withheld, {names}: the sizes of the groups do not fit their shares."
    if not made.people or not made.against_people:
        return f"Inconclusive, {names}: nobody who counts has got one of the two yet."
    if made.difference is None:
        return (
            f"Too early, {names}: a result that may be looked at daily begins with "
            f"{LEAST_SEQUENTIAL} buyers of each, and as many others. There are {made.buyers:,} and "
            f"{made.against_buyers:,} buyers."
        )
    ends = f"{100 * made.difference.low:+.2f} to {100 * made.difference.high:+.2f}"
    points = f"{100 * made.difference.value:+.2f} points ({ends})"
    if made.verdict == "inconclusive":
        return f"Inconclusive, {names}: {points} of buyers, which chance alone can give."
    return f"{made.verdict.title()} buyers with {made.variant} than with {made.against}: {points}."
