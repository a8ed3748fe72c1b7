"""Gmail's spam rate, which somebody reads in Postmaster Tools: Gmail reports no complaint."""

from __future__ import annotations

from adapters.campaigns.keys import ONE
from steps.serve.campaigns.enabled import campaigns_of
from steps.serve.services import Services
from tessera.api.documents.campaigns.postmaster import SpamRate
from tessera.campaigns.sending.brakes import POSTMASTER_LASTS, PostmasterFigure
from tessera.errors import InvalidInput


def read_spam_rate(tenant: str, *, services: Services) -> SpamRate:
    """Return the figure that was entered last."""
    figure = campaigns_of(services).postmaster(tenant).read(ONE)
    return SpamRate(
        share=figure.share if figure else None,
        day=figure.day if figure else None,
        counts_until=figure.counts_until if figure else None,
    )


def enter_spam_rate(figure: PostmasterFigure, tenant: str, *, services: Services) -> SpamRate:
    """Keep a figure. Runs that are sending pause within a round of chunks if it is too high.

    Raises
    ------
    InvalidInput
        Its day is still to come, or so long ago that it says nothing about present runs.
    """
    today = services.clock().date()
    if not today - POSTMASTER_LASTS <= figure.day <= today:
        raise InvalidInput(
            f"day is {figure.day}: expected one of the last {POSTMASTER_LASTS.days} days, up to "
            f"{today}"
        )
    campaigns_of(services).postmaster(tenant).change(ONE, lambda _: figure)
    return read_spam_rate(tenant, services=services)
