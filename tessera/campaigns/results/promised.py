"""Reactivation, upsell and churn against the holdout: what customer programmes promise."""

from __future__ import annotations

import dataclasses

import numpy as np

from tessera.campaigns.planning.assigned import Assigned
from tessera.campaigns.planning.candidates import Floats, Mask
from tessera.campaigns.results.assignments import Bought, PurchaseRows, bought_within
from tessera.campaigns.results.comparing import ComparedPeople, compared_shares, verdict_of
from tessera.campaigns.results.effects import Promise, PromisedFigure
from tessera.campaigns.results.statistics.inference import Inference
from tessera.campaigns.results.statistics.intervals import holm

PAST_DAYS = 365  # before the assignment: a whole year has every season once


@dataclasses.dataclass(frozen=True, kw_only=True, eq=False)
class PastSpend:
    """People before their assignment. Every column has shape (n,).

    Parameters
    ----------
    spend
        In the year before, at least 0.
    average_order
        Money per order in that year, NaN without one.
    has_lapsed
        Whether there was no order for the days that the tenant's setting names.
    """

    spend: Floats
    average_order: Floats
    has_lapsed: Mask


def past_of(people: Assigned, purchases: PurchaseRows, *, lapsed_after_days: int) -> PastSpend:
    """Return what people did in the year before their assignment.

    Parameters
    ----------
    people
        Each once.
    purchases
        From a year before the first assignment on.
    lapsed_after_days
        The tenant's setting.
    """
    year = bought_within(people, purchases, first_day=-PAST_DAYS, days=PAST_DAYS)
    lately = bought_within(people, purchases, first_day=-lapsed_after_days, days=lapsed_after_days)
    return PastSpend(
        spend=np.maximum(year.revenue, 0.0),
        average_order=average_order(year),
        has_lapsed=lately.orders == 0,
    )


def average_order(bought: Bought) -> Floats:
    """Return money per order, NaN for those without an order."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(bought.orders > 0, bought.revenue / bought.orders, np.nan)


def promised_figures(
    everybody: ComparedPeople,
    bought: Bought,
    past: PastSpend,
    *,
    inference: Inference,
    is_mismatch: bool,
) -> tuple[PromisedFigure, ...]:
    """Return the three figures, corrected for each other (Holm).

    Parameters
    ----------
    everybody
        All treated and held-out people.
    bought
        Within the days of result.
    past
        Before the assignment.
    inference
        How often results are looked at.
    is_mismatch
        Whether the groups' sizes do not fit the holdout's share.
    """
    has_bought, active = bought.orders > 0, ~past.has_lapsed
    is_larger = has_bought & (average_order(bought) > past.average_order)
    measured: dict[Promise, tuple[Mask, Mask]] = {
        "reactivation": (past.has_lapsed, has_bought),
        "upsell": (active, is_larger),
        "churn": (active, ~has_bought),
    }
    made = {
        figure: compared_shares(everybody.where(among), is_true, inference=inference)
        for figure, (among, is_true) in measured.items()
    }
    p_values = holm([one.p_value for one in made.values()])
    return tuple(
        PromisedFigure(
            figure=figure,
            treated=one.people[0],
            held_out=one.people[1],
            treated_count=one.true_of[0],
            held_out_count=one.true_of[1],
            difference=one.difference,
            lift=one.lift,
            p_value=one.p_value,
            adjusted_p_value=p_value,
            verdict=verdict_of(
                one.difference.value if one.difference else None,
                adjusted=p_value,
                is_mismatch=is_mismatch,
            ),
        )
        for (figure, one), p_value in zip(made.items(), p_values, strict=True)
    )
