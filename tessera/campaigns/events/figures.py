"""Figures of a run: how many recipients each kind of event names.

Recipients are counted, not events. So the order and the repetition of events change nothing.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable

from tessera.campaigns.events.canary import CANARY
from tessera.campaigns.events.clicks import likely_human
from tessera.campaigns.events.reading import PERMANENT, EventKind, MessageEvent
from tessera.campaigns.sending.brakes import RunFeedback

OPENS_NOTE = (
    "Opens are unreliable: mail clients load pictures unasked or not at all. Nothing is triggered "
    "by an open"
)


@dataclasses.dataclass(frozen=True, kw_only=True)
class EventFigures:
    """Recipients by what happened to their message.

    Parameters
    ----------
    accepted
        The service took the message. It may still be bounced, or suppressed.
    delivered, delayed, rejected, failed
        As the service reports.
    bounced, bounced_for_good
        Any bounce, and permanent ones.
    complained
        Of those whose provider reports complaints. Gmail does not.
    opened
        Unreliable: see ``OPENS_NOTE``.
    clicked_raw, clicked
        Any click, and those that are not like a scanner's.
    """

    accepted: int = 0
    delivered: int = 0
    delayed: int = 0
    rejected: int = 0
    failed: int = 0
    bounced: int = 0
    bounced_for_good: int = 0
    complained: int = 0
    opened: int = 0
    clicked_raw: int = 0
    clicked: int = 0


def figures(events: Iterable[MessageEvent]) -> EventFigures:
    """Count recipients. ``events`` are those of one run, or of one partition of it."""
    seen: dict[str, set[str]] = defaultdict(set)
    clicks: dict[str, list[MessageEvent]] = defaultdict(list)
    delivered: dict[str, dt.datetime] = {}
    for event in _of_people(events):
        seen[event.kind].add(event.recipient)
        if event.kind == "BOUNCED" and event.reason == PERMANENT:
            seen["BOUNCED_FOR_GOOD"].add(event.recipient)
        elif event.kind == "CLICKED":
            clicks[event.message_id].append(event)
        elif event.kind == "DELIVERED":
            earlier = delivered.get(event.message_id, event.at)
            delivered[event.message_id] = min(earlier, event.at)
    human = {
        click.recipient
        for message_id, of_message in clicks.items()
        for click in likely_human(of_message, delivered_at=delivered.get(message_id))
    }
    return EventFigures(
        accepted=len(seen["ACCEPTED"]),
        delivered=len(seen["DELIVERED"]),
        delayed=len(seen["DELAYED"]),
        rejected=len(seen["REJECTED"]),
        failed=len(seen["FAILED"]),
        bounced=len(seen["BOUNCED"]),
        bounced_for_good=len(seen["BOUNCED_FOR_GOOD"]),
        complained=len(seen["COMPLAINED"]),
        opened=len(seen["OPENED"]),
        clicked_raw=len(seen["CLICKED"]),
        clicked=len(human),
    )


def added(parts: Iterable[EventFigures]) -> EventFigures:
    """Add the figures of partitions, which share no recipient."""
    total: Counter[str] = Counter()
    for part in parts:
        total.update(dataclasses.asdict(part))
    return EventFigures(**total)


def feedback(events: Iterable[MessageEvent]) -> RunFeedback:
    """Count recipients by domain, for the brakes."""
    domains: dict[EventKind, dict[str, str]] = {"ACCEPTED": {}, "BOUNCED": {}, "COMPLAINED": {}}
    for event in _of_people(events):
        if event.kind == "BOUNCED" and event.reason != PERMANENT:
            continue
        if event.kind in domains:
            domains[event.kind][event.recipient] = event.domain
    return RunFeedback(
        accepted=Counter(domains["ACCEPTED"].values()),
        bounced=Counter(domains["BOUNCED"].values()),
        complained=Counter(domains["COMPLAINED"].values()),
    )


def _of_people(events: Iterable[MessageEvent]) -> set[MessageEvent]:
    """Return each event once, without those of the canary."""
    return {event for event in events if event.recipient != CANARY}
