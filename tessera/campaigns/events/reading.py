"""An event of SES from EventBridge, as one of ours. It keeps no address, only its domain.

Events are best effort, repeated and unordered. So an event is an element of a set: its place is
made of nothing but its content, and writing it twice, or later, changes nothing.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
from collections.abc import Mapping
from typing import Any, Literal

from tessera.campaigns.recipients import domain_of
from tessera.campaigns.sending.tags import RECIPIENT_TAG, RUN_TAG, TENANT_TAG
from tessera.errors import InvalidInput

EventKind = Literal[
    "ACCEPTED", "DELIVERED", "DELAYED", "BOUNCED", "COMPLAINED", "REJECTED", "FAILED", "OPENED",
    "CLICKED", "SUBSCRIBED",
]  # fmt: skip
SOURCE = "aws.ses"
# By detail-type: our kind, and the member of the detail that holds the event's own facts.
# "Email Sent" means accepted: it also comes for an address on the suppression list.
KINDS: Mapping[str, tuple[EventKind, str]] = {
    "Email Sent": ("ACCEPTED", "send"),
    "Email Delivered": ("DELIVERED", "delivery"),
    "Email Delivery Delayed": ("DELAYED", "deliveryDelay"),
    "Email Bounced": ("BOUNCED", "bounce"),
    "Email Complaint Received": ("COMPLAINED", "complaint"),
    "Email Rejected": ("REJECTED", "reject"),
    "Email Rendering Failed": ("FAILED", "failure"),
    "Email Opened": ("OPENED", "open"),
    "Email Clicked": ("CLICKED", "click"),
    "Email Subscribed": ("SUBSCRIBED", "subscription"),
}
PERMANENT = "Permanent"
_REASONS = {
    "BOUNCED": "bounceType",
    "COMPLAINED": "complaintFeedbackType",
    "DELAYED": "delayType",
    "REJECTED": "reason",
    "FAILED": "errorMessage",
}


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class MessageEvent:
    """Something that happened to a message.

    Parameters
    ----------
    kind
        What.
    tenant, run, recipient
        The message's tags. Empty where the service did not return them.
    message_id
        The service's id of the message.
    at
        When it happened, by the service.
    domain
        Of the address.
    reason
        The kind of a bounce, a complaint, a delay or a refusal, empty otherwise.
    link
        What was clicked, empty otherwise.
    method
        The HTTP method of a click. SES does not report it: then it is empty.
    """

    kind: EventKind
    tenant: str
    run: str
    recipient: str
    message_id: str
    at: dt.datetime
    domain: str = ""
    reason: str = ""
    link: str = ""
    method: str = ""

    @property
    def is_matched(self) -> bool:
        """Whether its tags name a recipient."""
        return bool(self.tenant and self.run and self.recipient)

    @property
    def place(self) -> str:
        """Its place among the events of its run: equal for equal content."""
        link = hashlib.sha256(self.link.encode()).hexdigest()[:8] if self.link else ""
        moment = self.at.isoformat(timespec="milliseconds")
        return f"{self.recipient}#{self.kind}#{moment}#{self.message_id}#{link}"


def read_event(event: Mapping[str, Any]) -> MessageEvent | None:
    """Return an event of EventBridge as ours, None if it is not about a message.

    Raises
    ------
    InvalidInput
        It is of SES and of a known type, and its content is not as documented.
    """
    if event.get("source") != SOURCE or event.get("detail-type") not in KINDS:
        return None
    kind, member = KINDS[event["detail-type"]]
    try:
        detail = event["detail"]
        mail, facts = detail["mail"], detail.get(member) or {}
        tags = mail.get("tags") or {}
        addresses = mail.get("destination") or ("",)
        return MessageEvent(
            kind=kind,
            tenant=_tag(tags, TENANT_TAG),
            run=_tag(tags, RUN_TAG),
            recipient=_tag(tags, RECIPIENT_TAG),
            message_id=mail["messageId"],
            at=_moment(facts.get("timestamp") or mail["timestamp"]),
            domain=domain_of(addresses[0]),
            reason=str(facts.get(_REASONS[kind], "")) if kind in _REASONS else "",
            link=facts.get("link", "") if kind == "CLICKED" else "",
        )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise InvalidInput(
            f"event {event.get('id', 'without id')} of SES ({event['detail-type']}) is not as "
            f"documented ({type(error).__name__}: {error}): see its detail, and report it"
        ) from None


def _tag(tags: Mapping[str, Any], name: str) -> str:
    values = tags.get(name) or ("",)
    return str(values[0])


def _moment(text: str) -> dt.datetime:
    moment = dt.datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
