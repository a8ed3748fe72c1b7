"""Write the events of messages, and let bounces and complaints stop further messages."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from steps.campaign.consent import ConsentStore
from tessera.campaigns.consent.row import ConsentRow
from tessera.campaigns.events.canary import CANARY
from tessera.campaigns.events.reading import PERMANENT, MessageEvent, read_event
from tessera.errors import InvalidInput


class MessageEvents(Protocol):
    """Keeps events as a set."""

    def add(self, events: Iterable[MessageEvent]) -> None:
        """Add events. Those that are in already stay as they are."""

    def owner(self, message_id: str) -> tuple[str, str, str] | None:
        """Return tenant, run and recipient of a message, None if it is not ours."""

    def of_known(self, events: Sequence[MessageEvent]) -> list[MessageEvent]:
        """Return those of events whose recipient is still in their run."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class EventsReport:
    """What became of a batch of events.

    Parameters
    ----------
    written
        Events of our messages, those that were in already included.
    by_message_id
        Events of our messages without tags. More than a few mean that the service drops tags.
    foreign
        Events of no message of ours, or of no message at all.
    late
        Events whose recipient is no longer in their run: erased since, or expired.
        These are not written. One that stops further messages does so all the same.
    unreadable
        What is wrong with events that are not as documented.
    """

    written: int
    by_message_id: int
    foreign: int
    late: int = 0
    unreadable: tuple[str, ...] = ()


def write_events(
    bodies: Iterable[Mapping[str, Any]], *, events: MessageEvents, consent: ConsentStore
) -> EventsReport:
    """Write a batch of EventBridge's events. Writing it again changes nothing."""
    read, unreadable = _read(bodies)
    tagged = [event for event in read if event.is_matched]
    matched = [one for event in read if not event.is_matched for one in _matched(event, events)]
    ours = [*tagged, *matched]
    written = _still_known(ours, events)
    events.add(written)
    by_tenant: dict[str, list[ConsentRow]] = defaultdict(list)
    for event in ours:
        if stops(event):
            by_tenant[event.tenant].append(_row(event))
    for tenant, rows in by_tenant.items():
        consent.add(tenant, rows)
    return EventsReport(
        written=len(written), by_message_id=len(matched), foreign=len(read) - len(ours),
        late=len(ours) - len(written), unreadable=tuple(unreadable),
    )  # fmt: skip


def stops(event: MessageEvent) -> bool:
    """Return whether an event stops further messages: a complaint, or a permanent bounce."""
    return event.kind == "COMPLAINED" or (event.kind == "BOUNCED" and event.reason == PERMANENT)


def _read(bodies: Iterable[Mapping[str, Any]]) -> tuple[list[MessageEvent], list[str]]:
    read, unreadable = [], []
    for body in bodies:
        try:
            event = read_event(body)
        except InvalidInput as error:  # the others of the batch are written all the same
            unreadable.append(str(error))
            continue
        if event is not None:
            read.append(event)
    return read, unreadable


def _matched(event: MessageEvent, events: MessageEvents) -> Iterable[MessageEvent]:
    owner = events.owner(event.message_id)
    if owner is not None:
        tenant, run, recipient = owner
        yield dataclasses.replace(event, tenant=tenant, run=run, recipient=recipient)


def _still_known(ours: Iterable[MessageEvent], events: MessageEvents) -> list[MessageEvent]:
    """Return the events whose recipient is still in their run, and those of canaries."""
    canaries: list[MessageEvent] = []
    others: list[MessageEvent] = []
    for event in ours:
        (canaries if event.recipient == CANARY else others).append(event)
    return [*canaries, *events.of_known(others)]


def _row(event: MessageEvent) -> ConsentRow:
    return ConsentRow(
        recipient=event.recipient,
        state="complained" if event.kind == "COMPLAINED" else "bounced",
        source="provider",
        at=event.at,
        proof=f"event of {event.run}",
    )
