"""What SES asks of a message, by its API model, the developer guide and observed refusals.

botocore's model is checked before. Here is what it does not state, or states as a pattern that
matches anything.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterator, Mapping, Sequence
from email.utils import parseaddr
from typing import Any

from local.services.frame.addresses import is_email
from local.services.frame.aws_service import ServiceError

_MOST_RECIPIENTS = 50
_TAG = re.compile(r"[A-Za-z0-9_-]{1,256}")
_HEADER_VALUE = re.compile(r"[ -~]{1,995}")
_OWN_HEADERS = ("from", "to", "subject", "reply-to")  # from members of the request
_BAD = "BadRequestException"


def check_message(given: Mapping[str, Any]) -> None:
    """Refuse a request of SendEmail that SES refuses. Raises ServiceError."""
    problem = next(_problems(given), "")
    if problem:
        raise ServiceError(_BAD, problem)


def check_sender(sender: str, identities: Container[str], *, region: str) -> None:
    """Refuse a sender whose address and domain are not verified."""
    address = parseaddr(sender)[1]
    if address not in identities and address.rpartition("@")[2] not in identities:
        raise ServiceError(
            "MessageRejected",
            "Email address is not verified. The following identities failed the check in region "
            f"{region.upper()}: {sender}",
        )


def _problems(given: Mapping[str, Any]) -> Iterator[str]:
    if set(given["Content"]) != {"Simple"}:
        yield "Only simple content is sent locally."
        return
    yield from _of_addresses(given)
    yield from _of_content(given["Content"]["Simple"])
    yield from _of_headers(given["Content"]["Simple"].get("Headers", ()))
    yield from _of_tags(given.get("EmailTags", ()))
    if "ListManagementOptions" in given:
        yield "Contact lists are not served locally for sending."


def _of_addresses(given: Mapping[str, Any]) -> Iterator[str]:
    listed = [one for kind in given.get("Destination", {}).values() for one in kind]
    if not 1 <= len(listed) <= _MOST_RECIPIENTS:
        yield f"Recipient count is not from 1 to {_MOST_RECIPIENTS}."
    senders = [given.get("FromEmailAddress", ""), *given.get("ReplyToAddresses", ())]
    for one in (*senders, *listed):
        if not is_email(parseaddr(one)[1]):
            yield f"Local address or domain is invalid: {one!r}"


def _of_content(message: Mapping[str, Any]) -> Iterator[str]:
    body = message["Body"]
    if not body.keys() & {"Html", "Text"}:
        yield "The body has neither an HTML part nor a text part."
    for name, part in (("Subject", message["Subject"]), *body.items()):
        if not part["Data"].strip():
            yield f"{name} is empty."
        if part.get("Charset", "UTF-8").upper() != "UTF-8":
            yield f"{name} is not in UTF-8, which is all that is read locally."
    if re.search(r"[\r\n]", message["Subject"]["Data"]):
        yield "Subject contains a line break."


def _of_headers(headers: Sequence[Mapping[str, str]]) -> Iterator[str]:
    counts = Counter(header["Name"].casefold() for header in headers)
    counts.update(_OWN_HEADERS)
    for name, count in counts.items():
        if count > 1:
            yield f"Duplicate header '{name}'."
    for header in headers:
        if not _HEADER_VALUE.fullmatch(header["Value"]):
            yield f"Header {header['Name']!r}: expected 1 to 995 printable ASCII characters."


def _of_tags(tags: Sequence[Mapping[str, str]]) -> Iterator[str]:
    names = Counter(tag["Name"] for tag in tags)
    for name, count in names.items():
        if count > 1:
            yield f"Duplicate message tag {name!r}."
    for tag in tags:
        for text in (tag["Name"], tag["Value"]):
            if not _TAG.fullmatch(text):
                yield f"Invalid message tag {text!r}: use letters, digits, '_' and '-'."
