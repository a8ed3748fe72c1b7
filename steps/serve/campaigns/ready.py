"""The definitions that ship with Tessera, as documents to begin with."""

from __future__ import annotations

import zoneinfo

from steps.serve.campaigns.enabled import campaigns_of
from steps.serve.services import Services
from steps.serve.settings import run_settings
from tessera.api.documents.campaigns.definitions import ReadyCampaign, ReadyCampaignList
from tessera.campaigns.definitions.ready_definitions import READY
from tessera.campaigns.definitions.unfinished import ready_document


def list_ready(tenant: str, *, services: Services) -> ReadyCampaignList:
    """Return the shipped definitions. Their first day is today in the shop's time zone."""
    campaigns_of(services)
    zone = zoneinfo.ZoneInfo(run_settings(tenant, services=services).time_zone)
    today = services.clock().astimezone(zone).date()
    return ReadyCampaignList(
        items=tuple(
            ReadyCampaign(name=name, definition=ready_document(name, first_day=today))
            for name in READY
        )
    )
