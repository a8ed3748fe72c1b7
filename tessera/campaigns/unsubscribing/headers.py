"""The headers by which mail clients unsubscribe, and providers count complaints.

RFC 8058 wants one HTTPS address in ``List-Unsubscribe``, and ``List-Unsubscribe-Post`` beside it.
Both have to be inside the DKIM signature, which SES adds for headers of SendEmail.
"""

from __future__ import annotations

import re

from tessera.errors import InvalidInput

ONE_CLICK = ("List-Unsubscribe", "One-Click")
_SENDER_ID = re.compile(r"[A-Za-z0-9]{5,15}")
_FIELD = re.compile(r"[A-Za-z0-9_-]{1,100}")
_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]+")


def list_headers(
    *, campaign: str, tenant: str, purpose: str, domain: str, sender_id: str, url: str
) -> tuple[tuple[str, str], ...]:
    """Return a message's headers beside subject and addresses.

    Parameters
    ----------
    campaign, tenant
        One list and one line of complaint figures for each campaign.
    purpose
        A message without a link to unsubscribe, a transactional one, belongs to no list.
    domain
        The sending domain.
    sender_id
        Gmail's name of the sender in Feedback-ID: 5 to 15 letters and digits, always the same.
    url
        The unsubscribe link, empty for none.

    Raises
    ------
    InvalidInput
        A header could not hold a part.
    """
    _check(campaign=campaign, tenant=tenant, purpose=purpose)
    if not _SENDER_ID.fullmatch(sender_id) or not _DOMAIN.fullmatch(domain):
        raise InvalidInput(
            f"sender id {sender_id!r} and sending domain {domain!r}: expected 5 to 15 letters and "
            "digits, and a domain in lower case such as 'news.example.com'"
        )
    feedback = ("Feedback-ID", f"{campaign}:{tenant}:{purpose}:{sender_id}")
    if not url:
        return (feedback,)
    return (
        ("List-Unsubscribe", f"<{url}>"),
        ("List-Unsubscribe-Post", "=".join(ONE_CLICK)),
        ("List-Id", f"<{campaign}.{tenant}.{domain}>"),
        feedback,
    )


def _check(**parts: str) -> None:
    for name, value in parts.items():
        if not _FIELD.fullmatch(value):
            raise InvalidInput(
                f"{name} {value!r} cannot be in a header: expected letters, digits, '_' and '-'"
            )
