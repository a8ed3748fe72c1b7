"""What a refusal of SendEmail means: wait, defer, stop the run, give up on a message, or doubt.

``NOT ACCEPTED`` is certain for every kind but ``DOUBT``. A timeout, a broken connection, an error
of the service itself and an unreadable answer prove nothing, so the claim stays.
"""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Mapping

from tessera.campaigns.recipients import domain_of


class RefusalKind(enum.Enum):
    """The reaction that a refusal asks for."""

    RATE = "too fast: wait, then try again"
    DAILY = "the day's quota is used up: defer"
    STOP = "the account, the domain or a setting: stop the run"
    MESSAGE = "this message alone: never again"
    DOUBT = "nobody knows: keep the claim"


@dataclasses.dataclass(frozen=True)
class MailRefusal:
    """Why a message was not accepted, or may not have been.

    Parameters
    ----------
    kind
        What to do about it.
    reason
        For people, with the service's code. It holds no address.
    """

    kind: RefusalKind
    reason: str


_STOPS: Mapping[str, str] = {
    "AccountSuspendedException": "SES suspended the account: see its e-mail or the SES console",
    "SendingPausedException": "sending is paused for the account, the configuration set or the "
    "SES tenant: see the SES console",
    "MailFromDomainNotVerifiedException": "the MAIL FROM domain is not verified: check its MX "
    "record, or remove it from the identity",
    "NotFoundException": "SES lacks the configuration set, the identity or the tenant: deploy "
    "again, and check the stage's settings",
    "LimitExceededException": "a limit of the account is reached: see Service Quotas",
}
_RATES = ("TooManyRequestsException", "ThrottlingException", "Throttling")
_MESSAGES = ("MessageRejected", "BadRequestException")
_NOT_VERIFIED = "not verified"
_DAILY = "daily"


def refusal_of(code: str, *, status: int, words: str, sender: str) -> MailRefusal:
    """Return what an error of SendEmail means.

    Parameters
    ----------
    code
        The service's code.
    status
        The HTTP status, 0 without an answer.
    words
        The service's message. A 429 has two causes that differ in it alone.
    sender
        The address that the message is from: an unverified one concerns every message.
    """
    if code in _STOPS:
        return MailRefusal(RefusalKind.STOP, f"{_STOPS[code]} ({code})")
    if code in _RATES or status == 429:
        return _of_quota(code, words)
    if code in _MESSAGES:
        return _of_message(code, words, sender)
    if 400 <= status < 500:  # credentials, rights, a clock that is wrong: each message has it
        return MailRefusal(
            RefusalKind.STOP, f"SES refused the call ({code}): check the role's rights"
        )
    return MailRefusal(
        RefusalKind.DOUBT, f"SES gave no clear answer ({code or 'no code'}, {status})"
    )


def _of_quota(code: str, words: str) -> MailRefusal:
    if _DAILY in words.casefold():
        return MailRefusal(RefusalKind.DAILY, f"the account's daily quota is used up ({code})")
    return MailRefusal(RefusalKind.RATE, f"SES takes fewer messages a second ({code})")


def _of_message(code: str, words: str, sender: str) -> MailRefusal:
    domain = domain_of(sender)
    if _NOT_VERIFIED in words.casefold() and domain in words.casefold():
        return MailRefusal(
            RefusalKind.STOP, f"the identity {domain} is not verified ({code}): verify its domain"
        )
    return MailRefusal(RefusalKind.MESSAGE, code)
