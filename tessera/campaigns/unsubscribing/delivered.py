"""A delivered mail, read as a mailbox provider does: whether one click unsubscribes."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterable, Iterator
from email.message import Message
from email.utils import parseaddr

from tessera.campaigns.recipients import domain_of
from tessera.campaigns.unsubscribing.headers import ONE_CLICK

_LIST, _POST = "List-Unsubscribe", "List-Unsubscribe-Post"
_FIELD = re.compile(r"\s*([a-z]+)\s*=\s*([^;]*)")
_LINK = re.compile(r"<https://[^<>\s,]+>")


def delivered_problems(raw: bytes) -> tuple[str, ...]:
    """Return what keeps a delivered mail from RFC 8058's one-click unsubscription, as sentences.

    Parameters
    ----------
    raw
        The mail as it arrived, with all headers: what mail programs save as an ``.eml`` file.

    Notes
    -----
    Whether the signature itself is valid is for the provider to say: its own header
    Authentication-Results has that.
    """
    # Plain policy: a header that is folded or there twice is seen as it is.
    mail = email.message_from_bytes(raw, policy=email.policy.compat32)
    return (*_header_problems(mail), *_signature_problems(mail))


def _header_problems(mail: Message) -> Iterator[str]:
    wanted = {_LIST: "the link to unsubscribe", _POST: "what makes it one click"}
    for name, what in wanted.items():
        values = mail.get_all(name, [])
        if len(values) != 1:
            yield f"{name} is there {len(values)} times, expected once: it is {what}"
        elif "\n" in values[0]:
            yield f"{name} is folded over two lines, which some mail clients do not read"
    link, post = (str(mail.get(name, "")).strip() for name in wanted)
    if link and not _LINK.search(link):
        yield f"{_LIST} has no link with https in angle brackets"
    if post and post != "=".join(ONE_CLICK):
        yield f"{_POST} is {post!r}, expected {'='.join(ONE_CLICK)!r}"


def _signature_problems(mail: Message) -> Iterator[str]:
    signatures = [dict(_FIELD.findall(str(one))) for one in mail.get_all("DKIM-Signature", [])]
    if not signatures:
        yield "there is no DKIM-Signature: publish the identity's DKIM records"
        return
    sender = domain_of(parseaddr(str(mail.get("From", "")))[1])
    own = [one for one in signatures if _is_aligned(one.get("d", "").strip(), sender)]
    if not own:
        domains = ", ".join(one.get("d", "?").strip() for one in signatures)
        yield f"no DKIM signature is of the sender's domain {sender}, only of {domains}"
    lacking = min((_unsigned(one) for one in own), key=len, default=())
    if lacking:
        yield f"the DKIM signature of {sender} does not cover {' and '.join(lacking)}"


def _is_aligned(domain: str, sender: str) -> bool:
    return bool(domain) and (sender == domain or sender.endswith(f".{domain}"))


def _unsigned(signature: dict[str, str]) -> tuple[str, ...]:
    signed = _names(signature.get("h", "").split(":"))
    return tuple(name for name in (_LIST, _POST) if name.casefold() not in signed)


def _names(listed: Iterable[str]) -> set[str]:
    return {one.strip().casefold() for one in listed}
