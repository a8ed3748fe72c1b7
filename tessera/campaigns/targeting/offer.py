"""An offer: what it costs, what a sale leaves, and a budget, spent on the best groups first."""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Collection, Sequence

from tessera.campaigns.definitions.audience import CampaignAudience
from tessera.campaigns.targeting.group_set import (
    FIRST,
    LATER,
    LEAVE,
    audience_of,
    has_groups,
    set_document,
    set_name_of,
)
from tessera.campaigns.targeting.offer_plan import FrontierPoint, OfferGroup, OfferPlan
from tessera.campaigns.targeting.offer_words import offer_words
from tessera.campaigns.targeting.targets import CampaignTargets, TargetGroup, TargetPoint
from tessera.errors import InvalidInput

_NAME = re.compile("[a-z][a-z0-9_]{0,47}")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Offer:
    """What an offer costs, and what a sale leaves.

    Parameters
    ----------
    cost
        Of writing to one person, a discount that is given to everybody included.
    margin
        The share of revenue that is left: 0.4 of 100.00 are 40.00.
    budget
        At most this much is spent. None for no limit.
    set_name
        Of the segment set. None for ``offer_`` and the campaign's id.
    """

    cost: float
    margin: float
    budget: float | None = None
    set_name: str | None = None

    def __post_init__(self) -> None:
        """Refuse amounts that no offer has."""
        if not (math.isfinite(self.cost) and self.cost >= 0):
            raise InvalidInput(f"offer: cost is {self.cost}, expected money, 0 or more")
        if not 0 < self.margin <= 1:
            raise InvalidInput(
                f"offer: margin is {self.margin}, expected a share of revenue above 0 and up to 1"
            )
        if self.budget is not None and not (math.isfinite(self.budget) and self.budget >= 0):
            raise InvalidInput(f"offer: budget is {self.budget}, expected money, 0 or more")
        if self.set_name is not None and not _NAME.fullmatch(self.set_name):
            raise InvalidInput(
                f"offer: set_name is {self.set_name!r}, expected lower-case letters, digits and "
                "underscores, at most 48, a letter first"
            )


def plan_offer(
    offer: Offer,
    targets: CampaignTargets,
    audience: CampaignAudience,
    *,
    sets_in_use: Collection[str] = (),
) -> OfferPlan:
    """Return to which customers an offer goes first.

    A group gets the offer when its expected incremental margin is above the cost. The best groups
    come first, whole, until one no longer fits the budget.

    Parameters
    ----------
    offer
        What it costs, and what a sale leaves.
    targets
        Who reacts.
    audience
        Of the campaign that this was learnt from.
    sets_in_use
        Names of segment sets that runs label customers by. An offer's set stays there after its
        groups are withheld.
    """
    labels = _labels(offer, targets.groups)
    first = [one for one, label in zip(targets.groups, labels, strict=True) if label == FIRST]
    customers = sum(one.customers for one in first)
    groups = tuple(
        _planned(offer, one, label) for one, label in zip(targets.groups, labels, strict=True)
    )
    by_label: dict[str, list[TargetGroup]] = {FIRST: [], LATER: [], LEAVE: []}
    for one, label in zip(targets.groups, labels, strict=True):
        by_label[label].append(one)
    name = offer.set_name or set_name_of(targets.campaign)
    has_set = has_groups(targets)
    everybody = sum(one.customers for one in targets.groups)
    return OfferPlan(
        campaign=targets.campaign,
        verdict=offer_words(
            targets,
            cost=offer.cost,
            margin=offer.margin,
            customers=customers,
            stale_set=name if name in sets_in_use and not has_set else None,
        ),
        customers=customers,
        spent=customers * offer.cost,
        net=sum(one.net for one in groups if one.label == FIRST),
        groups=groups,
        frontier=tuple(_point(offer, one, everybody) for one in targets.curve)
        if targets.groups
        else (),
        set=set_document(name, campaign=targets.campaign, audience=audience, groups=by_label)
        if has_set
        else None,
        simulated=targets.simulated,
        audience=audience_of(audience, by_label[FIRST]) if has_set else None,
    )


def _labels(offer: Offer, groups: Sequence[TargetGroup]) -> list[str]:
    """Return each group's label. They come the best first."""
    left = math.inf if offer.budget is None else offer.budget
    labels, is_open = [], True
    for one in groups:
        if offer.margin * one.effect <= offer.cost:
            labels.append(LEAVE)
            continue
        is_open = is_open and one.customers * offer.cost <= left
        left -= one.customers * offer.cost if is_open else 0.0
        labels.append(FIRST if is_open else LATER)
    return labels


def _planned(offer: Offer, group: TargetGroup, label: str) -> OfferGroup:
    margin = offer.margin * group.effect
    return OfferGroup(
        label=label,
        who=", ".join(one.sentence for one in group.limits),
        customers=group.customers,
        margin=margin,
        low=offer.margin * group.low,
        high=offer.margin * group.high,
        net=group.customers * (margin - offer.cost),
    )


def _point(offer: Offer, point: TargetPoint, customers: int) -> FrontierPoint:
    reached = round(point.share * customers)
    cost = reached * offer.cost
    scale = customers * offer.margin
    return FrontierPoint(
        share=point.share,
        customers=reached,
        cost=cost,
        margin=scale * point.gain,
        low=scale * point.low,
        high=scale * point.high,
        net=scale * point.gain - cost,
        random_net=scale * point.random_gain - cost,
    )
