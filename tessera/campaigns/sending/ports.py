"""What sending needs from outside: each a small protocol, with a fake and an adapter."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol, TypeVar

from tessera.campaigns.recipients import Recipient
from tessera.campaigns.sending.outcomes import RecipientRow, RecipientState, RunTally
from tessera.campaigns.sending.refusals import MailRefusal

Message = TypeVar("Message")
Message_co = TypeVar("Message_co", covariant=True)
Message_contra = TypeVar("Message_contra", contravariant=True)


class RenderedParts(Protocol):
    """A rendered message."""

    @property
    def subject(self) -> str:
        """The subject, one line."""

    @property
    def html(self) -> str:
        """The HTML part."""

    @property
    def text(self) -> str:
        """The text part."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class OutgoingMessage:
    """A message to one recipient, as it is handed to the mailer.

    Parameters
    ----------
    to
        The address.
    subject, html, text
        Its parts.
    headers
        Further headers, in order.
    tags
        What the service returns with each event.
    tracks_opens, tracks_clicks
        Whether the service may add a pixel, and rewrite links.
    """

    to: str
    subject: str
    html: str
    text: str
    headers: Sequence[tuple[str, str]] = ()
    tags: Mapping[str, str] = dataclasses.field(default_factory=dict)
    tracks_opens: bool = False
    tracks_clicks: bool = False


class NotAccepted(Exception):  # noqa: N818 (what became of the message)
    """The service did not accept a message, or nobody knows whether it did."""

    def __init__(self, refusal: MailRefusal) -> None:
        super().__init__(refusal.reason)
        self.refusal = refusal


class NoSlot(Exception):  # noqa: N818
    """No message may be sent now, and waiting a little does not help.

    Parameters
    ----------
    reason
        Why.
    stops
        Whether the run has to stop, rather than to go on another day.
    """

    def __init__(self, reason: str, *, stops: bool = False) -> None:
        super().__init__(reason)
        self.stops = stops


class Wanted(Protocol):
    """Reads consent and suppression as they are now."""

    def why_not(self, recipient: Recipient) -> str:
        """Return why a recipient may not be sent a message, empty if it may."""


class Composer(Protocol[Message_co]):
    """Renders a recipient's message."""

    def compose(self, recipient: Recipient) -> Message_co:
        """Return the message. Raises InvalidInput where it cannot be rendered."""


class SendingLedger(Protocol):
    """Who of a run was claimed, and what came of it."""

    def claim(self, recipient: str) -> bool:
        """Take a recipient for this worker. False if another has, or its state is final."""

    def mark(
        self, recipient: str, state: RecipientState, *, message_id: str = "", reason: str = ""
    ) -> bool:
        """Change the state of a row, where ``BEFORE`` allows it. Return whether it is so now."""

    def remember(self, recipient: Recipient, *, message_id: str) -> None:
        """Add a message that was accepted to the history of its customer."""

    def skip(self, recipient: str, *, reason: str) -> bool:
        """Record that no message is sent, unless somebody has claimed the recipient."""

    def rows(self, recipients: Sequence[str]) -> Mapping[str, RecipientRow]:
        """Return the rows of some recipients. Those without one are absent."""

    def unsettled(self) -> Iterable[RecipientRow]:
        """Return the rows that are CLAIMED or UNKNOWN."""

    def tally(self, *, planned: int) -> RunTally:
        """Count the rows of the run."""


class Mailer(Protocol[Message_contra]):
    """Hands a message to the service, once."""

    def send(self, message: Message_contra) -> str:
        """Return the service's id of the message. Raises NotAccepted."""


class SendingPace(Protocol):
    """When the next message may be sent, over all workers."""

    def wait(self) -> None:
        """Wait for the next slot. Raises NoSlot."""

    def hold(self, *, seconds: float) -> None:
        """Let all workers send nothing for a while."""
