"""Fakes of what sending needs from outside, which may fail or die at any step."""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

from tessera.campaigns.recipients import Recipient
from tessera.campaigns.sending.outcomes import (
    BEFORE,
    CLAIMABLE,
    CLAIMED,
    SKIPPED,
    UNKNOWN,
    RecipientRow,
    RecipientState,
    RunTally,
    count_rows,
)
from tessera.campaigns.sending.ports import OutgoingMessage

NINE = dt.datetime(2026, 11, 30, 9, tzinfo=dt.UTC)


def hexes(n: int) -> str:
    """A recipient's 32 digits, spread over the 16 partitions. None is the canary's."""
    return f"{n % 16:x}{n + 1:031x}"


def recipient(n: int = 1, **more) -> Recipient:
    given = {"customer_key": f"c{n}", "address": f"p{n}@shop.example", "variant": "a"}
    return Recipient(recipient=hexes(n), **given | more)


class Died(BaseException):
    """The worker was killed: nothing catches it."""


@dataclasses.dataclass
class Script:
    """What happens at the steps of a worker: errors to raise there, each once."""

    faults: dict[str, list[BaseException]] = dataclasses.field(default_factory=dict)
    passed: list[str] = dataclasses.field(default_factory=list)

    def at(self, step: str) -> None:
        self.passed.append(step)
        if self.faults.get(step):
            raise self.faults[step].pop(0)


class FakeLedger:
    """A ledger in memory."""

    def __init__(self, *, now: Callable[[], dt.datetime] = lambda: NINE, script=None) -> None:
        self.stored: dict[str, RecipientRow] = {}
        self.now = now
        self.script = script or Script()
        self.history: list[tuple[str, str]] = []

    def remember(self, recipient: Recipient, *, message_id: str) -> None:
        self.history.append((recipient.customer_key, message_id))

    def claim(self, recipient: str) -> bool:
        self.script.at("before claim")
        row = self.stored.get(recipient)
        taken = row is None or row.state in CLAIMABLE
        if taken:
            self._put(recipient, CLAIMED)
        self.script.at("after claim")
        return taken

    def mark(
        self, recipient: str, state: RecipientState, *, message_id: str = "", reason: str = ""
    ) -> bool:
        self.script.at("before mark")
        row = self.stored.get(recipient)
        allowed = row is not None and row.state in BEFORE[state]
        if allowed:
            self._put(recipient, state, message_id=message_id, reason=reason)
        self.script.at("after mark")
        row = self.stored.get(recipient)
        return row is not None and (row.state, row.message_id) == (state, message_id)

    def skip(self, recipient: str, *, reason: str) -> bool:
        self.script.at("before skip")
        row = self.stored.get(recipient)
        allowed = row is None or row.state in BEFORE[SKIPPED]
        if allowed:
            self._put(recipient, SKIPPED, reason=reason)
        self.script.at("after skip")
        row = self.stored[recipient]
        return (row.state, row.reason) == (SKIPPED, reason)

    def rows(self, recipients: Sequence[str]) -> Mapping[str, RecipientRow]:
        return {one: self.stored[one] for one in recipients if one in self.stored}

    def unsettled(self) -> Iterator[RecipientRow]:
        return iter([row for row in self.stored.values() if row.state in (CLAIMED, UNKNOWN)])

    def tally(self, *, planned: int) -> RunTally:
        return count_rows(self.stored.values(), planned=planned)

    def _put(self, recipient: str, state: RecipientState, **more: str) -> None:
        self.stored[recipient] = RecipientRow(
            recipient=recipient, state=state, at=self.now(), **more
        )


class FakeMailer:
    """A service that accepts messages, and an inbox: the truth about duplicates."""

    def __init__(self, script: Script | None = None) -> None:
        self.inbox: list[OutgoingMessage] = []
        self.script = script or Script()
        self._ids = itertools.count(1)

    def send(self, message: OutgoingMessage) -> str:
        self.script.at("before accept")
        self.inbox.append(message)
        self.script.at("after accept")
        return f"m-{next(self._ids)}"

    @property
    def copies(self) -> Counter[str]:
        return Counter(message.tags["recipient"] for message in self.inbox)


class FakePace:
    """Slots whenever they are wanted."""

    def __init__(self, script: Script | None = None) -> None:
        self.script = script or Script()
        self.holds: list[float] = []

    def wait(self) -> None:
        self.script.at("wait")

    def hold(self, *, seconds: float) -> None:
        self.holds.append(seconds)


class FakeWanted:
    """Reads who has opted out."""

    def __init__(self, reasons: dict[str, str] | None = None, script: Script | None = None) -> None:
        self.reasons = {} if reasons is None else reasons
        self.script = script or Script()

    def why_not(self, recipient: Recipient) -> str:
        self.script.at("wanted")
        return self.reasons.get(recipient.recipient, "")


class FakeComposer:
    """Renders a short message."""

    def __init__(self, script: Script | None = None) -> None:
        self.script = script or Script()

    def compose(self, recipient: Recipient) -> OutgoingMessage:
        self.script.at("compose")
        return OutgoingMessage(
            to=recipient.address, subject="News", html="<p>News</p>", text="News",
            tags={"tenant": "acme", "run": "news-r001", "recipient": recipient.recipient},
        )  # fmt: skip
