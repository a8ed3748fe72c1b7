"""A recipient's message: rendered parts, headers, tags, and whether it may be tracked."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Protocol

from tessera.campaigns.definitions.definition import MARKETING
from tessera.campaigns.recipients import Recipient
from tessera.campaigns.sending.ports import OutgoingMessage, RenderedParts
from tessera.campaigns.sending.tags import message_tags
from tessera.campaigns.sending.webhooks import WebhookMessage, webhook_message
from tessera.campaigns.unsubscribing.headers import list_headers
from tessera.campaigns.unsubscribing.tokens import LinkClaims, LinkKeys, link, sign


class RecipientRenderer(Protocol):
    """Renders the template of a recipient's variant."""

    def render(self, recipient: Recipient, *, unsubscribe_url: str) -> RenderedParts:
        """Return the parts. Raises InvalidInput where a value is missing."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class MessageComposer:
    """Composes the messages of one run.

    Parameters
    ----------
    tenant, campaign, run_id, purpose
        What the messages are of.
    renderer
        Renders the parts.
    keys, base_url
        Sign the unsubscribe link, on the console's public origin.
    domain, sender_id
        The sending domain, and the sender in Feedback-ID.
    may_track
        Whether a recipient consented to be tracked. By default nobody did.
    tracks_clicks
        Whether links are rewritten. It needs a tracking domain with a certificate.
    """

    tenant: str
    campaign: str
    run_id: str
    purpose: str
    renderer: RecipientRenderer
    keys: LinkKeys
    base_url: str
    domain: str
    sender_id: str
    may_track: Callable[[Recipient], bool] = lambda _: False
    tracks_clicks: bool = False

    def compose(self, recipient: Recipient) -> OutgoingMessage:
        """Return a recipient's message. Raises InvalidInput where it cannot be rendered."""
        url = _link(
            recipient, tenant=self.tenant, run=self.run_id, keys=self.keys, base_url=self.base_url
        )
        parts = self.renderer.render(recipient, unsubscribe_url=url)
        return OutgoingMessage(
            to=recipient.address,
            subject=parts.subject,
            html=parts.html,
            text=parts.text,
            headers=list_headers(
                campaign=self.campaign, tenant=self.tenant, purpose=self.purpose,
                domain=self.domain, sender_id=self.sender_id,
                url=url if self.purpose == MARKETING else "",
            ),
            tags=message_tags(
                tenant=self.tenant, run=self.run_id, recipient=recipient.recipient
            ),
            tracks_opens=self.may_track(recipient),
            tracks_clicks=self.tracks_clicks,
        )  # fmt: skip


@dataclasses.dataclass(frozen=True, kw_only=True)
class WebhookComposer:
    """Composes what a webhook gets of one run. Its receiver has the message's text.

    Parameters
    ----------
    tenant, campaign, run_id
        What the messages are of.
    keys, base_url
        Sign the unsubscribe link, on the console's public origin.
    """

    tenant: str
    campaign: str
    run_id: str
    keys: LinkKeys
    base_url: str

    def compose(self, recipient: Recipient) -> WebhookMessage:
        """Return a recipient's message."""
        url = _link(
            recipient, tenant=self.tenant, run=self.run_id, keys=self.keys, base_url=self.base_url
        )
        return webhook_message(
            recipient, tenant=self.tenant, campaign=self.campaign, run=self.run_id,
            unsubscribe_url=url,
        )  # fmt: skip


def _link(recipient: Recipient, *, tenant: str, run: str, keys: LinkKeys, base_url: str) -> str:
    claims = LinkClaims(
        tenant=tenant, run=run, recipient=recipient.recipient,
        purpose=MARKETING,  # of a transactional message too: nobody opts out of a receipt
    )  # fmt: skip
    return link(base_url, sign(claims, keys=keys))
