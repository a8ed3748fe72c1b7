"""To which customers an offer goes first, as a document."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from tessera.campaigns.definitions.audience import CampaignAudience


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
    audience
        The customers who get the offer first, as the audience of a campaign: with its own holdout
        it measures the offer. None without a set, or where nobody gets the offer first.
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
    audience: CampaignAudience | None = None
