"""One recipient: still wanted → render → claim → wait for a slot → send → mark.

Wherever a worker dies, nobody is sent a message twice. Before the claim nothing has happened, and
after it the recipient belongs to this worker. What was not surely refused keeps its claim.
"""

from __future__ import annotations

import contextlib
import dataclasses
import enum
from typing import Generic

from tessera.campaigns.recipients import Recipient
from tessera.campaigns.sending.outcomes import DEFERRED, REFUSED, SENT
from tessera.campaigns.sending.ports import (
    Composer,
    Mailer,
    Message,
    NoSlot,
    NotAccepted,
    SendingLedger,
    SendingPace,
    Wanted,
)
from tessera.campaigns.sending.refusals import MailRefusal, RefusalKind
from tessera.errors import InvalidInput, Refused, Retryable

FIRST_HOLD_S, LONGEST_HOLD_S = 1.0, 30.0
LONGEST_WAIT_S = 600.0  # for the rate, then the recipient is deferred


class Result(enum.Enum):
    """What an attempt came to."""

    SENT = "sent"
    SKIPPED = "skipped"
    REFUSED = "refused"
    DEFERRED = "deferred"
    DOUBT = "in doubt"
    TAKEN = "claimed before"


@dataclasses.dataclass(frozen=True)
class SendAttempt:
    """What an attempt came to.

    Parameters
    ----------
    result
        For the chunk's counts.
    reason
        Why it was not sent.
    ends
        Whether no further attempt makes sense now.
    stops
        Whether the run has to stop, because every message would fail.
    """

    result: Result
    reason: str = ""
    ends: bool = False
    stops: bool = False


@dataclasses.dataclass(frozen=True, kw_only=True)
class Attempts(Generic[Message]):
    """Attempts to send to recipients of one run.

    Parameters
    ----------
    wanted, composer, ledger, pace, mailer
        What each step needs.
    longest_wait_s
        How long one recipient waits while the service takes messages more slowly.
    """

    wanted: Wanted
    composer: Composer[Message]
    ledger: SendingLedger
    pace: SendingPace
    mailer: Mailer[Message]
    longest_wait_s: float = LONGEST_WAIT_S

    def attempt(self, recipient: Recipient) -> SendAttempt:
        """Send to one recipient. Errors of the ledger before the claim pass through."""
        key = recipient.recipient
        reason = self.wanted.why_not(recipient)
        if reason:
            return self._skipped(key, reason)
        try:
            message = self.composer.compose(recipient)  # what cannot be rendered is not claimed
        except InvalidInput as error:
            return self._skipped(key, f"not rendered: {error}")
        if not self.ledger.claim(key):
            return SendAttempt(Result.TAKEN)
        return self._send(recipient, message)

    def _skipped(self, key: str, reason: str) -> SendAttempt:
        done = self.ledger.skip(key, reason=reason)
        return SendAttempt(Result.SKIPPED if done else Result.TAKEN, reason)

    def _send(self, recipient: Recipient, message: Message) -> SendAttempt:
        key = recipient.recipient
        waited_s, hold_s = 0.0, FIRST_HOLD_S
        while True:
            try:
                self.pace.wait()
            except (NoSlot, Retryable, Refused) as error:  # nothing was sent
                return self._deferred(key, str(error), stops=_stops(error))
            try:
                return self._sent(recipient, self.mailer.send(message))
            except NotAccepted as error:
                refusal = error.refusal
            if refusal.kind is not RefusalKind.RATE or waited_s + hold_s > self.longest_wait_s:
                return self._not_sent(key, refusal)
            with contextlib.suppress(Retryable):  # others then learn of it by themselves
                self.pace.hold(seconds=hold_s)
            waited_s, hold_s = waited_s + hold_s, min(2 * hold_s, LONGEST_HOLD_S)

    def _sent(self, recipient: Recipient, message_id: str) -> SendAttempt:
        try:
            self.ledger.mark(recipient.recipient, SENT, message_id=message_id)
        except Retryable as error:  # it is sent: the claim stays, and its events will prove it
            return SendAttempt(Result.DOUBT, f"sent, but not recorded: {error}")
        with contextlib.suppress(Retryable):  # a history lacks a message rather than a run stops
            self.ledger.remember(recipient, message_id=message_id)
        return SendAttempt(Result.SENT)

    def _not_sent(self, key: str, refusal: MailRefusal) -> SendAttempt:
        kind, reason = refusal.kind, refusal.reason
        if kind is RefusalKind.DOUBT:
            return SendAttempt(Result.DOUBT, reason)
        if kind is RefusalKind.MESSAGE:
            self.ledger.mark(key, REFUSED, reason=reason)
            return SendAttempt(Result.REFUSED, reason)
        return self._deferred(key, reason, stops=kind is RefusalKind.STOP)

    def _deferred(self, key: str, reason: str, *, stops: bool) -> SendAttempt:
        self.ledger.mark(key, DEFERRED, reason=reason)
        return SendAttempt(Result.DEFERRED, reason, ends=True, stops=stops)


def _stops(error: Exception) -> bool:
    """Return whether no message of the run can be sent until a person has acted."""
    return error.stops if isinstance(error, NoSlot) else isinstance(error, Refused)
