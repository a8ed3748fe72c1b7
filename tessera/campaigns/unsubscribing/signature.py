"""Check on a delivered mail that both List-Unsubscribe headers are inside the DKIM signature.

RFC 8058 asks for it, and no answer of SES shows it. So a mail of one's own inbox is read.
"""

from __future__ import annotations

from collections.abc import Iterable

SIGNED = ("list-unsubscribe", "list-unsubscribe-post")
DKIM = "dkim-signature"


def signature_problem(headers: Iterable[tuple[str, str]], *, domain: str) -> str:
    """Return what is wrong with a delivered mail's signature, empty if nothing is.

    Parameters
    ----------
    headers
        Of the mail, as it was delivered.
    domain
        The sending domain. SES signs a second time with its own.
    """
    signatures = [_tags(value) for name, value in headers if name.lower() == DKIM]
    own = [tags for tags in signatures if tags.get("d", "").lower() == domain]
    if not own:
        return f"no DKIM signature of {domain}: verify the domain's DKIM records in SES"
    missing = [
        name for name in SIGNED if not any(name in _names(tags.get("h", "")) for tags in own)
    ]
    if missing:
        return (
            f"the DKIM signature of {domain} does not cover {' and '.join(missing)}: mail clients "
            "offer no one-click unsubscription. Is there something between SES and the inbox?"
        )
    return ""


def _tags(value: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in value.split(";"))
    return {name.strip(): "".join(text.split()) for name, _, text in pairs}


def _names(text: str) -> set[str]:
    return {name.strip().lower() for name in text.split(":")}
