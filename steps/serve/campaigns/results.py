"""What a campaign changed, what happened to a run's messages, and one customer's messages."""

from __future__ import annotations

from adapters.campaigns.message_history import SentMessage
from steps.serve.campaign_services import CampaignServices
from steps.serve.campaigns.definitions import campaign_of
from steps.serve.campaigns.enabled import campaigns_of
from steps.serve.campaigns.runs import run_of
from steps.serve.known_record import known_record
from steps.serve.services import Services
from tessera import naming
from tessera.api.documents.campaigns.messages import (
    CustomerMessage,
    CustomerMessages,
    MessageHappening,
)
from tessera.campaigns.results.campaign_results import CampaignResults
from tessera.campaigns.results.run_figures import RunFigures
from tessera.records.fields import part_of

_MOST_MESSAGES = 100


def campaign_results(tenant: str, campaign_id: str, *, services: Services) -> CampaignResults:
    """Return what a campaign changed, as last measured.

    Raises
    ------
    RequestRefusal
        The tenant has no such campaign, or it was not measured yet.
    """
    campaign_of(tenant, campaign_id, services=services)
    return known_record(
        CampaignResults,
        services.data,
        naming.campaign_results_key(tenant, campaign_id),
        without="This campaign has no result yet: the first one comes the day after its first run.",
    )


def run_figures(tenant: str, run_id: str, *, services: Services) -> RunFigures:
    """Return what happened to a run's messages, as last measured.

    Raises
    ------
    RequestRefusal
        The tenant has no such run, or it was not measured yet.
    """
    run_of(tenant, run_id, campaigns_of(services))
    return known_record(
        RunFigures,
        services.data,
        naming.run_figures_key(tenant, run_id),
        without="This run has no figures yet: the first ones come the day after it.",
    )


def customer_messages(tenant: str, customer_key: str, *, services: Services) -> CustomerMessages:
    """Return the messages that a customer was sent, the newest first, with what happened."""
    kept = campaigns_of(services)
    sent = kept.history.of_customer(tenant, customer_key, limit=_MOST_MESSAGES)
    return CustomerMessages(items=tuple(_message(one, tenant, kept) for one in sent))


def _message(sent: SentMessage, tenant: str, kept: CampaignServices) -> CustomerMessage:
    events = sorted(
        kept.events.of_recipient(tenant, sent.run_id, sent.recipient), key=lambda one: one.at
    )
    return CustomerMessage(
        run_id=sent.run_id,
        campaign=sent.run_id.rpartition("-r")[0],
        variant=sent.variant,
        sent_at=sent.sent_at,
        events=tuple(part_of(event, MessageHappening) for event in events),
    )
