"""The effect on each group of people, with all groups of a kind corrected for each other."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np

from tessera.campaigns.planning.candidates import Floats, Mask
from tessera.campaigns.results.comparing import ComparedPeople, compared_shares, verdict_of
from tessera.campaigns.results.effects import (
    ConversionEffect,
    EffectEstimate,
    EffectSlice,
    OrdersEffect,
    RevenueEffect,
    SliceKind,
)
from tessera.campaigns.results.statistics.inference import Inference, critical_z
from tessera.campaigns.results.statistics.intervals import Difference, holm, welch
from tessera.campaigns.results.statistics.past_spend import adjusted
from tessera.campaigns.results.words import conversion_words

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
    made, removed = _difference(group, outcomes.orders, outcomes)
    return OrdersEffect(
        treated_mean=float(outcomes.orders[group.treated].mean()),
        held_out_mean=float(outcomes.orders[group.held_out].mean()),
        difference=EffectEstimate(**made._asdict()),
        incremental=_times(made, conversion.treated),
        variance_removed=removed,
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
    revenue = outcomes.revenue
    anybody = group.treated | group.held_out
    limit = float(np.quantile(revenue[anybody & outcomes.has_bought], _CUT))
    made, removed = _difference(group, np.minimum(revenue, limit), outcomes)
    limited = int((revenue[anybody] > limit).sum())
    total = _times(made, conversion.treated)
    rate = outcomes.margin_rate
    effect = RevenueEffect(
        treated_mean=float(revenue[group.treated].mean()),
        held_out_mean=float(revenue[group.held_out].mean()),
        difference=made.value,
        low=made.low,
        high=made.high,
        incremental=total.value,
        incremental_low=total.low,
        incremental_high=total.high,
        limit=limit,
        limited=limited,
        variance_removed=removed,
        margin=None if rate is None else _times(Difference(*_ends(total)), rate),
    )
    return effect, (
        f"Revenue above {limit:.2f} counts as this much, for {limited} people: the difference is "
        "that of the cut amounts."
    )


def _difference(
    group: ComparedPeople, outcome: Floats, outcomes: Outcomes
) -> tuple[Difference, float]:
    """Return the difference of means per person, and how much the past explained."""
    anybody = group.treated | group.held_out
    treated = group.treated[anybody]
    values, removed = adjusted(outcome[anybody], outcomes.before[anybody], treated=treated)
    z = critical_z(outcomes.inference, people=len(values))
    return welch(values[treated], values[~treated], z=z), removed


def _times(made: Difference, factor: float) -> EffectEstimate:
    return EffectEstimate(value=made.value * factor, low=made.low * factor, high=made.high * factor)


def _ends(total: EffectEstimate) -> tuple[float, float, float]:
    return total.value, total.low, total.high
