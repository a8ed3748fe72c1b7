"""The local inbox: each accepted message as an .eml file, written before SES answers."""

from __future__ import annotations

import email.policy
import re
from collections.abc import Iterator, Mapping
from email.message import EmailMessage
from email.utils import formatdate
from pathlib import Path
from typing import Any

_ID = re.compile(r"[A-Za-z0-9-]{1,200}")
# Headers are never folded: a folded List-Unsubscribe is not read by every mail client.
_UNFOLDED = email.policy.SMTP.clone(max_line_length=0)


class LocalInbox:
    """Messages in a folder.

    Parameters
    ----------
    folder
        Where. It is made when the first message comes.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def store(self, message_id: str, given: Mapping[str, Any], *, at_s: float) -> None:
        """Write a message so that it is complete once it is there."""
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / f"{message_id}.eml"
        partial = path.with_suffix(".part")
        partial.write_bytes(_message(message_id, given, at_s=at_s).as_bytes(policy=_UNFOLDED))
        partial.replace(path)

    def messages(self) -> Iterator[EmailMessage]:
        """Read the messages, by their id."""
        for path in sorted(self.folder.glob("*.eml")):
            yield _read(path.read_bytes())

    def newest(self, most: int) -> list[tuple[str, EmailMessage]]:
        """Return the newest messages with their ids, the newest first."""
        paths = sorted(self.folder.glob("*.eml"), key=lambda path: -path.stat().st_mtime_ns)
        return [(path.stem, _read(path.read_bytes())) for path in paths[:most]]

    def count(self) -> int:
        """Return how many messages there are."""
        return sum(1 for _ in self.folder.glob("*.eml"))

    def file(self, message_id: str) -> bytes | None:
        """Return a message as it is on disk, None without one of this id."""
        path = self.folder / f"{message_id}.eml"
        is_id = _ID.fullmatch(message_id) is not None
        return path.read_bytes() if is_id and path.is_file() else None

    def message(self, message_id: str) -> EmailMessage | None:
        """Return a message, None without one of this id."""
        content = self.file(message_id)
        return None if content is None else _read(content)


def _read(content: bytes) -> EmailMessage:
    return email.message_from_bytes(content, policy=_UNFOLDED)


def _message(message_id: str, given: Mapping[str, Any], *, at_s: float) -> EmailMessage:
    simple = given["Content"]["Simple"]
    message = EmailMessage(policy=email.policy.SMTP)
    message["From"] = given["FromEmailAddress"]
    for header, name in (("To", "ToAddresses"), ("Cc", "CcAddresses")):
        if given["Destination"].get(name):
            message[header] = ", ".join(given["Destination"][name])
    message["Subject"] = simple["Subject"]["Data"]
    if given.get("ReplyToAddresses"):
        message["Reply-To"] = ", ".join(given["ReplyToAddresses"])
    message["Date"] = formatdate(at_s)
    message["Message-ID"] = f"<{message_id}@email.amazonses.com>"
    for one in simple.get("Headers", ()):
        if one["Name"].casefold() not in ("message-id", "date"):  # SES overwrites these
            message[one["Name"]] = one["Value"]
    body = simple["Body"]
    if "Text" in body:
        message.set_content(body["Text"]["Data"])
    if "Html" in body:
        add = message.add_alternative if "Text" in body else message.set_content
        add(body["Html"]["Data"], subtype="html")
    return message
