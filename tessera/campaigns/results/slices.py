"""The effect on each group of people, with all groups of a kind corrected for each other."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from tessera.campaigns.results.comparing import ComparedPeople, compared_shares, verdict_of
from tessera.campaigns.results.effects import (
    ConversionEffect,
    EffectSlice,
    OrdersEffect,
    RevenueEffect,
    SliceKind,
)
from tessera.campaigns.results.outcomes import (
    LEAST_BUYERS,
    LEAST_BUYERS_OF_ORDERS,
    Outcomes,
    compared_means,
    cut_revenue,
)
from tessera.campaigns.results.statistics.intervals import holm
from tessera.campaigns.results.words import conversion_words


def slices_of(
    by: SliceKind, groups: Sequence[ComparedPeople], outcomes: Outcomes
) -> list[EffectSlice]:
    """Return the effect on each group of a kind, corrected for the others (Holm).

    Parameters
    ----------
    by
        The kind.
    groups
        Its groups.
    outcomes
        Of everybody.
    """
    plain = [_conversion(one, outcomes) for one in groups]
    p_values = holm([one.p_value for one in plain])
    return [
        _slice(by, group, outcomes, _corrected(one, p_value, outcomes))
        for group, one, p_value in zip(groups, plain, p_values, strict=True)
    ]


def _slice(
    by: SliceKind, group: ComparedPeople, outcomes: Outcomes, conversion: ConversionEffect
) -> EffectSlice:
    revenue, note = _revenue(group, conversion, outcomes)
    return EffectSlice(
        by=by,
        group=group.group,
        conversion=conversion,
        revenue=revenue,
        revenue_note=note,
        orders=_orders(group, conversion, outcomes),
        words=conversion_words(conversion, share=outcomes.share, inference=outcomes.inference),
    )


def _conversion(group: ComparedPeople, outcomes: Outcomes) -> ConversionEffect:
    made = compared_shares(group, outcomes.has_bought, inference=outcomes.inference)
    difference = made.difference
    return ConversionEffect(
        treated=made.people[0],
        held_out=made.people[1],
        treated_buyers=made.true_of[0],
        held_out_buyers=made.true_of[1],
        difference=difference.value if difference else None,
        low=difference.low if difference else None,
        high=difference.high if difference else None,
        p_value=made.p_value,
        adjusted_p_value=made.p_value,
        verdict="inconclusive",
        lift=made.lift,
    )


def _corrected(one: ConversionEffect, p_value: float, outcomes: Outcomes) -> ConversionEffect:
    verdict = verdict_of(one.difference, adjusted=p_value, is_mismatch=outcomes.is_mismatch)
    return dataclasses.replace(one, adjusted_p_value=p_value, verdict=verdict)


def _orders(
    group: ComparedPeople, conversion: ConversionEffect, outcomes: Outcomes
) -> OrdersEffect | None:
    if min(conversion.treated_buyers, conversion.held_out_buyers) < LEAST_BUYERS_OF_ORDERS:
        return None
    made = compared_means(group, outcomes.orders, outcomes)
    return OrdersEffect(
        treated_mean=float(outcomes.orders[group.treated].mean()),
        held_out_mean=float(outcomes.orders[group.held_out].mean()),
        difference=made.estimate,
        incremental=made.estimate.times(conversion.treated),
        variance_removed=made.variance_removed,
    )


def _revenue(
    group: ComparedPeople, conversion: ConversionEffect, outcomes: Outcomes
) -> tuple[RevenueEffect | None, str]:
    """Return the effect on revenue, if there are buyers enough, and what to know about it."""
    buyers, name = min(
        (conversion.held_out_buyers, "held-out"), (conversion.treated_buyers, "treated")
    )
    if buyers < LEAST_BUYERS:
        return None, (
            f"Revenue is compared from {LEAST_BUYERS} buyers in each group on, and there are "
            f"{buyers} {name} ones: with fewer the interval would miss too often."
        )
    cut = cut_revenue(group, outcomes)
    made = compared_means(group, cut.amounts, outcomes)
    total, rate = made.estimate.times(conversion.treated), outcomes.margin_rate
    effect = RevenueEffect(
        treated_mean=float(outcomes.revenue[group.treated].mean()),
        held_out_mean=float(outcomes.revenue[group.held_out].mean()),
        difference=made.difference.value,
        low=made.difference.low,
        high=made.difference.high,
        incremental=total.value,
        incremental_low=total.low,
        incremental_high=total.high,
        limit=cut.limit,
        limited=cut.limited,
        variance_removed=made.variance_removed,
        margin=None if rate is None else made.estimate.times(conversion.treated * rate),
    )
    return effect, cut.note
