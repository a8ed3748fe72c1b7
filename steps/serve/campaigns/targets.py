"""Who reacts to a campaign and to its messages, and to which customers an offer goes first."""

from __future__ import annotations

from steps.serve.campaigns.definitions import campaign_of
from steps.serve.known_record import known_record
from steps.serve.services import Services
from steps.serve.settings import read_settings
from tessera import naming
from tessera.campaigns.engaging.engagement import CampaignEngagement
from tessera.campaigns.targeting.offer import Offer
from tessera.campaigns.targeting.offer import plan_offer as planned
from tessera.campaigns.targeting.offer_plan import OfferPlan
from tessera.campaigns.targeting.targets import CampaignTargets


def campaign_targets(tenant: str, campaign_id: str, *, services: Services) -> CampaignTargets:
    """Return who reacts to a campaign, as last learnt.

    Raises
    ------
    RequestRefusal
        The tenant has no such campaign, or nothing was learnt yet.
    """
    campaign_of(tenant, campaign_id, services=services)
    return _targets(tenant, campaign_id, services)


def campaign_engagement(tenant: str, campaign_id: str, *, services: Services) -> CampaignEngagement:
    """Return how people react to a campaign's messages, as last learnt.

    Raises
    ------
    RequestRefusal
        The tenant has no such campaign, or it was not measured yet.
    """
    campaign_of(tenant, campaign_id, services=services)
    return known_record(
        CampaignEngagement,
        services.data,
        naming.campaign_engagement_key(tenant, campaign_id),
        without="It is not known yet how people react: the first look at it comes the day after "
        "the first run.",
    )


def offer_plan(tenant: str, campaign_id: str, offer: Offer, *, services: Services) -> OfferPlan:
    """Return to which customers an offer goes first.

    Raises
    ------
    RequestRefusal
        The tenant has no such campaign, or nothing was learnt yet.
    """
    audience = campaign_of(tenant, campaign_id, services=services).definition.audience
    targets = _targets(tenant, campaign_id, services)
    in_use = read_settings(tenant, services=services).effective["segment_sets"]
    return planned(offer, targets, audience, sets_in_use=in_use)


def _targets(tenant: str, campaign_id: str, services: Services) -> CampaignTargets:
    return known_record(
        CampaignTargets,
        services.data,
        naming.campaign_targets_key(tenant, campaign_id),
        without="It is not known yet who reacts: the first look at it comes the day after the "
        "first run.",
    )
