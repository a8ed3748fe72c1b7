"""Messages of campaigns to one customer, and tests of a template."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re

from tessera.errors import InvalidInput

_ADDRESS = r"^[^@\s<>,;:\"\\\x00-\x1f]{1,64}@[A-Za-z0-9.-]{1,253}$"


@dataclasses.dataclass(frozen=True, kw_only=True)
class MessageHappening:
    """What happened to a message.

    Parameters
    ----------
    kind
        Such as ``DELIVERED``, ``CLICKED`` or ``BOUNCED``. ``OPENED`` is unreliable.
    at
        When.
    reason
        Of a bounce or a refusal. Empty otherwise.
    """

    kind: str
    at: dt.datetime
    reason: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class CustomerMessage:
    """A message that a customer was sent.

    Parameters
    ----------
    run_id, campaign, variant
        What sent it.
    sent_at
        When the mail service accepted it.
    events
        What happened to it since, the earliest first.
    """

    run_id: str
    campaign: str
    variant: str
    sent_at: dt.datetime
    events: tuple[MessageHappening, ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class CustomerMessages:
    """The messages that a customer was sent within 400 days, the newest first.

    Parameters
    ----------
    items
        At most a hundred.
    """

    items: tuple[CustomerMessage, ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class TemplateTest:
    """A wish for a test of a template.

    Parameters
    ----------
    version
        The published version.
    to
        The address that gets it. It is neither kept nor logged.
    customer_key
        The customer whose values it shows. None for made-up ones.
    """

    version: int = dataclasses.field(metadata={"schema": {"minimum": 1}})
    to: str = dataclasses.field(metadata={"schema": {"pattern": _ADDRESS}})
    customer_key: str | None = None

    def __post_init__(self) -> None:
        """Refuse what is no address."""
        if re.fullmatch(_ADDRESS.strip("^$"), self.to) is None:
            raise InvalidInput("to: expected an e-mail address")


@dataclasses.dataclass(frozen=True, kw_only=True)
class TemplateTestResult:
    """What became of a test of a template.

    Parameters
    ----------
    message_id
        The mail service's id of the message. Empty where it was not sent.
    problem
        Why it was not. Empty where it was.
    """

    message_id: str
    problem: str
