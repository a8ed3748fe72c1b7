"""An offer: what it costs, what a sale leaves, and a budget, spent on the best groups first."""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from tessera.campaigns.definitions.audience import CampaignAudience
from tessera.campaigns.targeting.group_set import FIRST, LATER, LEAVE, set_document
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


@dataclasses.dataclass(frozen=True, kw_only=True)
class OfferGroup:
    """A group, and what the offer comes to for it.

    Parameters
    ----------
    label
        ``First`` within the budget, ``Later`` beyond it, ``Leave`` where it brings less than it
        costs.
    who
        Its limits, for people.
    customers
        How many are in it now.
    margin, low, high
        Expected per person, before the cost, with its 95 % interval.
    net
        Expected of all of them, after the cost.
    """

    label: str
    who: str
    customers: int
    margin: float
    low: float
    high: float
    net: float


@dataclasses.dataclass(frozen=True, kw_only=True)
class FrontierPoint:
    """What the offer brings where it goes to the best part of the audience.

    Parameters
    ----------
    share, customers
        To how many it goes.
    cost
        What that costs.
    margin, low, high
        What comes of it, before the cost, with its 95 % interval, on people that the groups were
        not learnt from.
    net, random_net
        After the cost, and where as many are chosen by chance.
    """

    share: float
    customers: int
    cost: float
    margin: float
    low: float
    high: float
    net: float
    random_net: float


@dataclasses.dataclass(frozen=True, kw_only=True)
class OfferPlan:
    """To which customers an offer goes first.

    Parameters
    ----------
    campaign
        From whose runs this is known.
    verdict
        What to do, in words.
    customers, spent, net
        To how many the offer goes within the budget, what that costs, and what is expected after
        the cost.
    groups
        The best first.
    frontier
        What each further part of the audience adds.
    set
        The segment set, as its definition. None where there is nothing to choose, and where the
        simulator made purchases: a simulated reaction says nothing of real customers.
    simulated
        Whether the simulator made purchases that this comes from.
    """

    campaign: str
    verdict: str
    customers: int
    spent: float
    net: float
    groups: tuple[OfferGroup, ...]
    frontier: tuple[FrontierPoint, ...]
    set: Mapping[str, Any] | None
    simulated: bool = False


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
        Names of segment sets that runs label customers by: an offer's set that was saved before
        stays there, also when its groups are no longer published.
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
    name = offer.set_name or f"offer_{targets.campaign.replace('-', '_')}"[:48]
    has_set = bool(targets.groups) and not targets.simulated
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
