"""A campaign's messages to a webhook: one POST for a recipient, and what its status means.

docs/webhook.md describes the receiver's side.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from tessera.campaigns.recipients import Recipient
from tessera.campaigns.sending.refusals import MailRefusal, RefusalKind
from tessera.destinations.vendors.webhook.posts import digest

_TOO_FAST = 429
_OF_MESSAGE = (400, 409, 413, 422)


@dataclasses.dataclass(frozen=True, kw_only=True)
class WebhookMessage:
    """What is posted for one recipient.

    Parameters
    ----------
    delivery
        The same each time that this recipient's message is sent, so that a receiver can drop one
        that comes again.
    body
        A JSON object.
    """

    delivery: str
    body: Mapping[str, Any]


def webhook_message(
    recipient: Recipient, *, tenant: str, campaign: str, run: str, unsubscribe_url: str
) -> WebhookMessage:
    """Return the message for a recipient.

    Parameters
    ----------
    tenant, campaign, run
        What it is of.
    unsubscribe_url
        The recipient's own link. Anyone who writes to the recipient has to show it.
    """
    delivery = digest(f"{tenant}\n{run}\n{recipient.recipient}")
    message = {
        "campaign": campaign,
        "run": run,
        "variant": recipient.variant,
        "customer_key": recipient.customer_key,
        "email": recipient.address,
        "segment": recipient.segment,
        "churn_band": recipient.churn_band,
        "value_tier": recipient.value_tier,
        "country": recipient.country,
        "fields": dict(recipient.fields),
        "unsubscribe_url": unsubscribe_url,
    }
    return WebhookMessage(delivery=delivery, body={"delivery": delivery, "message": message})


def refusal_of_response(status: int, *, is_readable: bool) -> MailRefusal | None:
    """Return what a response means, None where the receiver took the message.

    Parameters
    ----------
    status
        The HTTP status.
    is_readable
        Whether the body is empty or a JSON object. Anything else is a proxy's page.

    Notes
    -----
    An error of the receiver's server proves nothing: it may have acted before it failed.
    """
    if 200 <= status < 300 and is_readable:
        return None
    if 200 <= status < 300:
        return MailRefusal(RefusalKind.DOUBT, f"the webhook responded with a page ({status})")
    if status == _TOO_FAST:
        return MailRefusal(RefusalKind.RATE, f"the webhook takes fewer messages ({status})")
    if status in _OF_MESSAGE:
        return MailRefusal(RefusalKind.MESSAGE, f"the webhook refused the message ({status})")
    if status >= 500:
        return MailRefusal(RefusalKind.DOUBT, f"the webhook failed ({status})")
    return MailRefusal(
        RefusalKind.STOP, f"the webhook refuses every message ({status}): check its address and key"
    )
