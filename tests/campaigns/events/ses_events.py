"""Events as SES hands them to EventBridge, made up."""

from __future__ import annotations

import datetime as dt
from typing import Any

NINE = dt.datetime(2026, 11, 30, 9, tzinfo=dt.UTC)
_FACTS = {
    "Email Sent": ("Send", "send", {}),
    "Email Delivered": ("Delivery", "delivery", {"smtpResponse": "250 OK"}),
    "Email Delivery Delayed": ("DeliveryDelay", "deliveryDelay", {"delayType": "MailboxFull"}),
    "Email Bounced": ("Bounce", "bounce", {"bounceType": "Permanent", "bounceSubType": "General"}),
    "Email Complaint Received": ("Complaint", "complaint", {"complaintFeedbackType": "abuse"}),
    "Email Rejected": ("Reject", "reject", {"reason": "Bad content"}),
    "Email Rendering Failed": ("Rendering Failure", "failure", {"errorMessage": "no such field"}),
    "Email Opened": ("Open", "open", {"ipAddress": "192.0.2.1", "userAgent": "Made up"}),
    "Email Clicked": ("Click", "click", {"link": "https://shop.example/", "linkTags": None}),
    "Email Subscribed": ("Subscription", "subscription", {"contactList": "news"}),
}
_AT_SENDING = ("Email Sent", "Email Rejected", "Email Rendering Failed")


def stamp(moment: dt.datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def ses_event(
    detail_type: str, *, recipient: str = "0" * 32, at: dt.datetime = NINE,
    message_id: str = "m-1", run: str = "news-r001", tags: dict[str, list[str]] | None = None,
    address: str = "ann@mail.example", **facts: Any,
) -> dict[str, Any]:  # fmt: skip
    kind, member, own = _FACTS[detail_type]
    own_time = {} if detail_type in _AT_SENDING else {"timestamp": stamp(at)}
    given = {"ses:configuration-set": ["tessera"], "tenant": ["acme"], "run": [run]}
    given["recipient"] = [recipient]
    return {
        "version": "0", "id": "e-1", "detail-type": detail_type, "source": "aws.ses",
        "account": "123456789012", "time": stamp(at), "region": "eu-west-1", "resources": [],
        "detail": {
            "eventType": kind,
            "mail": {
                "timestamp": stamp(at if detail_type in _AT_SENDING else NINE),
                "messageId": message_id, "source": "news@shop.example",
                "destination": [address], "tags": given if tags is None else tags,
            },
            member: own | own_time | facts,
        },
    }  # fmt: skip
