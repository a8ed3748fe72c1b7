"""The events of messages, as SES hands them to EventBridge's default bus."""

from __future__ import annotations

import datetime as dt
import json
import queue
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from local.loopback.place import ACCOUNT, REGION
from local.services.frame.embedded_aws import embedded_client

Event = Mapping[str, Any]
SOURCE = "aws.ses"
_AT_ONCE = 10  # EventBridge's limit of a call
# Detail-type, then the eventType and the member that holds the facts.
TYPES = {
    "Email Sent": ("Send", "send"),
    "Email Delivered": ("Delivery", "delivery"),
    "Email Delivery Delayed": ("DeliveryDelay", "deliveryDelay"),
    "Email Bounced": ("Bounce", "bounce"),
    "Email Complaint Received": ("Complaint", "complaint"),
    "Email Rejected": ("Reject", "reject"),
    "Email Rendering Failed": ("Rendering Failure", "failure"),
    "Email Opened": ("Open", "open"),
    "Email Clicked": ("Click", "click"),
    "Email Subscribed": ("Subscription", "subscription"),
}
_WITHOUT_TIME = ("send", "reject", "failure")


def stamp(at_s: float) -> str:
    """Return a moment as SES writes it."""
    moment = dt.datetime.fromtimestamp(at_s, dt.UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def event_of(
    detail_type: str, message_id: str, given: Mapping[str, Any], *, sent_at_s: float,
    at_s: float, facts: Mapping[str, Any],
) -> dict[str, Any]:  # fmt: skip
    """Return an event.

    Parameters
    ----------
    detail_type
        One of ``TYPES``.
    message_id, given, sent_at_s
        The message: its id, the request of SendEmail, and when it came.
    at_s
        When the event happened, in seconds since 1970.
    facts
        What the type has beside its time.
    """
    kind, member = TYPES[detail_type]
    tags = {tag["Name"]: [tag["Value"]] for tag in given.get("EmailTags", ())}
    own = {} if member in _WITHOUT_TIME else {"timestamp": stamp(at_s)}
    listed = [one for kind in given["Destination"].values() for one in kind]
    return {
        "source": SOURCE,
        "detail-type": detail_type,
        "account": ACCOUNT,
        "region": REGION,
        "time": stamp(at_s),
        "detail": {
            "eventType": kind,
            "mail": {
                "timestamp": stamp(sent_at_s),
                "source": given["FromEmailAddress"],
                "sendingAccountId": ACCOUNT,
                "messageId": message_id,
                "destination": listed,
                "tags": {
                    "ses:configuration-set": [given["ConfigurationSetName"]],
                    "ses:source-tls-version": ["TLSv1.3"],
                    **tags,
                },
            },
            member: {**own, **facts},
        },
    }


class EventOutbox:
    """Hands events on in the background, ten at a time, so that no answer waits for them.

    Parameters
    ----------
    put
        Hands events to EventBridge.
    """

    def __init__(self, put: Callable[[Sequence[Event]], None] | None = None) -> None:
        self._put = put or put_events
        self._waiting: queue.SimpleQueue[Event] = queue.SimpleQueue()
        threading.Thread(target=self._hand_on, daemon=True).start()

    def __call__(self, events: Sequence[Event]) -> None:
        """Take events. They are handed on in this order."""
        for event in events:
            self._waiting.put(event)

    def _hand_on(self) -> None:
        while True:
            batch = [self._waiting.get()]
            while len(batch) < _AT_ONCE and not self._waiting.empty():
                batch.append(self._waiting.get())
            self._put(batch)


def put_events(events: Sequence[Event]) -> None:
    """Hand events to the embedded EventBridge. Without one nobody listens."""
    client = embedded_client("events")
    if client is None:
        return
    for first in range(0, len(events), _AT_ONCE):
        client.put_events(
            Entries=[
                {
                    "Source": event["source"], "DetailType": event["detail-type"],
                    "Time": event["time"], "Detail": json.dumps(event["detail"]),
                }
                for event in events[first : first + _AT_ONCE]
            ]
        )  # fmt: skip
