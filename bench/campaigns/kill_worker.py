"""A worker that sends a run's chunks until somebody kills it: ledger and inbox are files."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import json
import os
import random
import time
from collections.abc import Mapping
from pathlib import Path

from bench.campaigns.file_ledger import FileLedger
from steps.campaign.compose import MessageComposer
from steps.campaign.send_chunk import send_chunk
from tessera.campaigns.planning.chunks import RecipientChunk
from tessera.campaigns.recipients import Recipient
from tessera.campaigns.sending.attempt import Attempts
from tessera.campaigns.sending.ports import NotAccepted, OutgoingMessage
from tessera.campaigns.sending.refusals import MailRefusal, RefusalKind
from tessera.campaigns.unsubscribing.tokens import LinkKeys
from tessera.records.codec import decode

TENANT, RUN = "shop", "news-r001"
# How often a call of SendEmail ends in each way, beside being accepted.
FAULTS: Mapping[str, float] = {"rate": 0.01, "lost after": 0.002, "lost before": 0.001}


@dataclasses.dataclass(frozen=True)
class _Parts:
    subject: str
    html: str
    text: str


class _Renderer:
    """Renders a short message."""

    def render(self, recipient: Recipient, *, unsubscribe_url: str) -> _Parts:
        """Return its parts."""
        return _Parts("News", f"<p>{recipient.variant}</p>", unsubscribe_url)


class _Unpaced:
    """Slots whenever they are wanted."""

    def wait(self) -> None:
        """Return at once."""

    def hold(self, *, seconds: float) -> None:
        """Return at once."""


class _Wanted:
    """Nobody opts out."""

    def why_not(self, recipient: Recipient) -> str:  # noqa: ARG002
        """Return that nothing stops the message."""
        return ""


class FileMailer:
    """A service that writes each message into a file before it answers.

    Parameters
    ----------
    path
        The inbox: a line for each message, with recipient and message id.
    seed
        Decides about faults.
    takes_s
        How long a call takes.
    """

    def __init__(self, path: Path, *, seed: int, takes_s: float = 0.0) -> None:
        self._inbox = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        self._chance = random.Random(seed)  # noqa: S311 (faults)
        self._takes_s = takes_s

    def close(self) -> None:
        """Close the file."""
        os.close(self._inbox)

    def send(self, message: OutgoingMessage) -> str:
        """Return a message id. Raises NotAccepted as often as ``FAULTS`` has it."""
        time.sleep(self._takes_s)
        at = self._chance.random()
        if at < FAULTS["rate"]:
            raise NotAccepted(MailRefusal(RefusalKind.RATE, "too fast"))
        if at < FAULTS["rate"] + FAULTS["lost before"]:
            raise NotAccepted(MailRefusal(RefusalKind.DOUBT, "lost"))
        recipient = message.tags["recipient"]
        message_id = hashlib.sha256(f"{recipient} {at}".encode()).hexdigest()[:16]
        os.write(self._inbox, f"{recipient} {message_id}\n".encode())  # one write: atomic
        if at > 1 - FAULTS["lost after"]:
            raise NotAccepted(MailRefusal(RefusalKind.DOUBT, "lost"))
        return message_id


def work(folder: Path, seed: int, takes_s: float) -> None:
    """Send every chunk of the folder but those that are marked as done."""
    ledger = FileLedger(folder / "ledger.sqlite", now=lambda: dt.datetime.now(dt.UTC))
    mailer = FileMailer(folder / "inbox.txt", seed=seed, takes_s=takes_s)
    composer = MessageComposer(
        tenant=TENANT, campaign="news", run_id=RUN, purpose="marketing", renderer=_Renderer(),
        keys=LinkKeys(current="k1", keys={"k1": b"a made-up key of 32 bytes or more"}),
        base_url="https://console.shop.example", domain="shop.example", sender_id="tessera1",
    )  # fmt: skip
    attempts = Attempts(
        wanted=_Wanted(), composer=composer, ledger=ledger, pace=_Unpaced(), mailer=mailer
    )
    for path in sorted((folder / "chunks").iterdir()):
        done = folder / "done" / path.name
        if done.exists():
            continue
        chunk = decode(RecipientChunk, json.loads(path.read_bytes()), document=path.name)
        report = send_chunk(
            chunk.recipients, attempts=attempts, ledger=ledger, run_state=lambda: "SENDING"
        )
        if report.left:
            raise RuntimeError(f"{report.left} recipients are left: {report.reason}")
        done.touch()
    mailer.close()
    ledger.close()
