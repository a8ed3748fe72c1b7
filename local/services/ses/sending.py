"""Sending mail as SES does: identities, configuration sets, tenants, quota and suppression.

What is accepted is in the inbox and counted before it is answered, so an answer that is lost is a
message that was sent. Faults are asked for by their kind.
"""

from __future__ import annotations

import collections
import datetime as dt
import itertools
import threading
import time
import uuid
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from email.utils import parseaddr
from pathlib import Path
from typing import Any, NamedTuple

from local.loopback.place import REGION
from local.services.frame.aws_service import Parameters, ServiceError
from local.services.ses.inbox import LocalInbox
from local.services.ses.message_events import event_of, put_events
from local.services.ses.message_rules import check_message, check_sender
from local.services.ses.tenants import MailTenants, SuppressionList

RATE, DAILY, SUSPENDED, PAUSED, BUSY = "rate", "daily", "suspended", "paused", "busy"
# Accepted, but the answer does not say so.
LOST, BROKEN, UNREADABLE = "lost", "broken", "unreadable"
_REFUSALS = {  # nothing is accepted
    RATE: ("TooManyRequestsException", "Maximum sending rate exceeded."),
    DAILY: ("TooManyRequestsException", "Daily message quota exceeded."),
    SUSPENDED: ("AccountSuspendedException", "The account is suspended."),
    PAUSED: ("SendingPausedException", "Sending is paused for this account."),
    BUSY: ("InternalServerErrorException", "Please try again."),
}
_DAY_S = 86_400.0
_SIMULATED = {  # SES' mailbox simulator
    "bounce@simulator.amazonses.com": ("Email Bounced", {"bounceType": "Permanent"}),
    "complaint@simulator.amazonses.com": (
        "Email Complaint Received", {"complaintFeedbackType": "abuse"},
    ),
}  # fmt: skip


class AnyName:
    """Every name: of identities and configuration sets that need no setting up."""

    def __contains__(self, name: object) -> bool:
        """Return that it is in."""
        return isinstance(name, str)


class SentMail(NamedTuple):
    """An accepted message: the request, and when it came."""

    given: Mapping[str, Any]
    at_s: float


# What happens to a message: detail-type, message id, seconds since 1970, and further facts.
Happening = tuple[str, str, float, Mapping[str, Any]]


class MailService:
    """The part of SES that sends.

    Parameters
    ----------
    folder
        Of the inbox.
    identities
        Verified domains and addresses.
    configuration_sets
        Those that exist.
    emit
        Gets the events. By default the embedded EventBridge.
    clock
        Seconds since 1970.

    Attributes
    ----------
    per_second, per_day
        The quota.
    sent
        What was accepted, by message id, in order.
    suppressed
        The account's list. A tenant may have its own.
    """

    def __init__(
        self, folder: Path, *, identities: Container[str] = (),
        configuration_sets: Container[str] = (),
        emit: Callable[[Sequence[Mapping[str, Any]]], None] = put_events,
        clock: Callable[[], float] = time.time,
    ) -> None:  # fmt: skip
        self.inbox = LocalInbox(folder)
        self.identities, self.configuration_sets = identities, configuration_sets
        self.tenants = MailTenants()
        self.per_second, self.per_day = 1_000.0, 1_000_000.0
        self.sent: dict[str, SentMail] = {}
        self.suppressed: SuppressionList = {}
        self.sending_enabled = True
        self._emit, self._clock = emit, clock
        self._spoiling = threading.local()  # each call is answered in a thread
        self._faults: collections.deque[str] = collections.deque()
        self._moments: collections.deque[float] = collections.deque()

    def fail_next(self, times: int, kind: str) -> None:
        """Let the next calls of SendEmail fail in one of the ways above."""
        self._faults.extend([kind] * times)

    def take_spoiling(self) -> str:
        """Return how the answer to this thread's call is spoilt, once. Empty if it is not."""
        fault = getattr(self._spoiling, "fault", "")
        self._spoiling.fault = ""
        return fault

    def send_email(self, given: Parameters) -> dict[str, Any]:
        """Accept a message, or refuse it."""
        fault = self._faults.popleft() if self._faults else ""
        if fault in _REFUSALS:
            raise ServiceError(*_REFUSALS[fault])
        self._check(given)
        now = self._clock()
        self._take_quota(now)
        message_id = f"0107{uuid.uuid4().hex}-{uuid.uuid4()}-000000"
        self.inbox.store(message_id, given, at_s=now)
        self.sent[message_id] = SentMail(given, now)
        self._spoiling.fault = fault
        self._happens_by_itself(message_id, given)
        return {"MessageId": message_id}

    def happens(self, detail_type: str, message_id: str, **facts: Any) -> None:
        """Let something happen to a message now: an open, a click, a bounce."""
        self.all_happen([(detail_type, message_id, self._clock(), facts)])

    def all_happen(self, happenings: Iterable[Happening]) -> None:
        """Let things happen to messages, each at its time. They are reported together."""
        events = []
        for detail_type, message_id, at_s, facts in happenings:
            mail = self.sent[message_id]
            if detail_type in ("Email Bounced", "Email Complaint Received"):
                self._suppress(mail.given, detail_type, facts, at_s)
            events.append(
                event_of(
                    detail_type, message_id, mail.given, sent_at_s=mail.at_s, at_s=at_s, facts=facts
                )
            )
        self._emit(events)

    # ---- what SES holds --------------------------------------------------------------------

    def get_account(self, _given: Parameters) -> dict[str, Any]:
        """Describe quota and standing."""
        return {
            "DedicatedIpAutoWarmupEnabled": False, "EnforcementStatus": "HEALTHY",
            "ProductionAccessEnabled": True, "SendingEnabled": self.sending_enabled,
            "SendQuota": {
                "Max24HourSend": self.per_day, "MaxSendRate": self.per_second,
                "SentLast24Hours": float(len(self._last_day(self._clock()))),
            },
        }  # fmt: skip

    def list_suppressed_destinations(self, given: Parameters) -> dict[str, Any]:
        """List suppressed addresses from a time on."""
        since, reasons = _seconds(given.get("StartDate")), given.get("Reasons")
        listed = [
            {"EmailAddress": address, "Reason": reason, "LastUpdateTime": at_s}
            for address, (reason, at_s) in sorted(self._list_of(given).items())
            if at_s >= since and (reasons is None or reason in reasons)
        ]
        first, size = int(given.get("NextToken", 0)), int(given.get("PageSize", 1000))
        more = {"NextToken": str(first + size)} if first + size < len(listed) else {}
        return {"SuppressedDestinationSummaries": listed[first : first + size], **more}

    def put_suppressed_destination(self, given: Parameters) -> dict[str, Any]:
        """Suppress an address."""
        suppressed = self._list_of(given)
        suppressed[given["EmailAddress"].casefold()] = (given["Reason"], self._clock())
        return {}

    def delete_suppressed_destination(self, given: Parameters) -> dict[str, Any]:
        """Let an address get messages again."""
        if self._list_of(given).pop(given["EmailAddress"].casefold(), None) is None:
            raise ServiceError("NotFoundException", "The address is not on the suppression list.")
        return {}

    def get_email_identity(self, given: Parameters) -> dict[str, Any]:
        """Describe an identity. All are verified, as nothing here has DNS."""
        name = given["EmailIdentity"]
        self._existing(name, self.identities, "Email identity")
        return {
            "IdentityType": "EMAIL_ADDRESS" if "@" in name else "DOMAIN",
            "FeedbackForwardingStatus": True, "VerifiedForSendingStatus": True,
            "DkimAttributes": {"SigningEnabled": True, "Status": "SUCCESS"},
            "MailFromAttributes": {
                "MailFromDomain": f"bounce.{name}", "MailFromDomainStatus": "SUCCESS",
                "BehaviorOnMxFailure": "REJECT_MESSAGE",
            },
        }  # fmt: skip

    def get_configuration_set(self, given: Parameters) -> dict[str, Any]:
        """Describe a configuration set."""
        name = given["ConfigurationSetName"]
        self._existing(name, self.configuration_sets, "Configuration set")
        return {"ConfigurationSetName": name, "SendingOptions": {"SendingEnabled": True}}

    def create_tenant(self, given: Parameters) -> dict[str, Any]:
        """Make a tenant."""
        return self.tenants.create(given)

    def create_tenant_resource_association(self, given: Parameters) -> dict[str, Any]:
        """Let a tenant send by an identity or a configuration set."""
        existing = {"identity": self.identities, "configuration-set": self.configuration_sets}
        return self.tenants.associate(given, existing=existing)

    def get_tenant(self, given: Parameters) -> dict[str, Any]:
        """Describe a tenant."""
        return self.tenants.describe(given)

    def list_tenant_resources(self, given: Parameters) -> dict[str, Any]:
        """List what a tenant is associated with."""
        return self.tenants.list_resources(given)

    def _list_of(self, given: Parameters) -> SuppressionList:
        """Return the suppression list that counts for a request."""
        own = self.tenants.suppressed(given.get("TenantName", ""))
        return self.suppressed if own is None else own

    # ---- one message -----------------------------------------------------------------------

    def _check(self, given: Parameters) -> None:
        check_message(given)
        if not self.sending_enabled:
            raise ServiceError(*_REFUSALS[PAUSED])
        self._existing(
            given.get("ConfigurationSetName", ""), self.configuration_sets, "Configuration set"
        )
        if "TenantName" in given:
            self.tenants.check(
                given["TenantName"],
                sender=parseaddr(given["FromEmailAddress"])[1],
                configuration_set=given["ConfigurationSetName"],
            )
        check_sender(given["FromEmailAddress"], self.identities, region=REGION)

    def _existing(self, name: str, names: Container[str], what: str) -> None:
        if name not in names:
            raise ServiceError("NotFoundException", f"{what} <{name}> does not exist.")

    def _take_quota(self, now: float) -> None:
        moments = self._last_day(now)
        if len(moments) >= self.per_day >= 0:
            raise ServiceError(*_REFUSALS[DAILY])
        last_second = itertools.takewhile(lambda at: at > now - 1.0, reversed(moments))
        if sum(1 for _ in last_second) >= self.per_second:
            raise ServiceError(*_REFUSALS[RATE])
        moments.append(now)

    def _last_day(self, now: float) -> collections.deque[float]:
        """Return when the messages of the last 24 hours came, without the older ones."""
        while self._moments and self._moments[0] <= now - _DAY_S:
            self._moments.popleft()
        return self._moments

    def _happens_by_itself(self, message_id: str, given: Parameters) -> None:
        address = given["Destination"]["ToAddresses"][0].casefold()
        self.happens("Email Sent", message_id)  # for a suppressed address, too
        if address in self._list_of(given):
            facts = {"bounceType": "Permanent", "bounceSubType": "OnAccountSuppressionList"}
            self.happens("Email Bounced", message_id, **facts)
            return
        detail_type, more = _SIMULATED.get(address, ("Email Delivered", {}))
        self.happens(detail_type, message_id, **more)

    def _suppress(
        self, given: Mapping[str, Any], detail_type: str, facts: Mapping[str, Any], at_s: float
    ) -> None:
        bounced = detail_type == "Email Bounced"
        if bounced and facts.get("bounceType") != "Permanent":
            return
        for address in given["Destination"]["ToAddresses"]:
            reason = "BOUNCE" if bounced else "COMPLAINT"
            self._list_of(given).setdefault(address.casefold(), (reason, at_s))


def _seconds(text: str | None) -> float:
    """Return a moment of a query, which the SDK writes as ISO 8601."""
    return dt.datetime.fromisoformat(text).timestamp() if text else 0.0
