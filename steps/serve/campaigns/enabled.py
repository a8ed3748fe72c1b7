"""Campaigns are a part of a stage that may be off."""

from __future__ import annotations

from steps.serve.campaign_services import CampaignServices
from steps.serve.services import Services
from tessera.api.refusals import conflict


def campaigns_of(services: Services) -> CampaignServices:
    """Return what campaigns work with.

    Raises
    ------
    RequestRefusal
        They are off.
    """
    if services.campaigns is None:
        raise conflict(
            "Campaigns are off in this stage: set campaigns.enabled to true in its settings, and "
            "deploy it."
        )
    return services.campaigns()
