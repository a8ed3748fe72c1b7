"""Figures of a run: how many recipients each kind of event names.

Recipients are counted, not events. So the order and the repetition of events change nothing.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from tessera.campaigns.events.canary import CANARY
from tessera.campaigns.events.clicks import likely_human
from tessera.campaigns.events.reading import PERMANENT, EventKind, MessageEvent
from tessera.campaigns.sending.brakes import RunFeedback

OPENS_NOTE = (
    "Opens are unreliable: mail clients load pictures unasked or not at all. Nothing is triggered "
    "by an open"
)

_FIGURES: Mapping[EventKind, str] = {
    "ACCEPTED": "accepted",
    "DELIVERED": "delivered",
    "DELAYED": "delayed",
    "REJECTED": "rejected",
    "FAILED": "failed",
    "BOUNCED": "bounced",
    "COMPLAINED": "complained",
    "OPENED": "opened",
    "CLICKED": "clicked_raw",
}


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


FirstTimes = Mapping[str, Mapping[str, dt.datetime]]


def first_times(events: Iterable[MessageEvent]) -> FirstTimes:
    """Return by figure when it first held for each recipient.

    Parameters
    ----------
    events
        Those of one run, or of one partition of it.
    """
    times: dict[str, dict[str, dt.datetime]] = {
        field.name: {} for field in dataclasses.fields(EventFigures)
    }
    clicks: dict[str, list[MessageEvent]] = defaultdict(list)
    delivered: dict[str, dt.datetime] = {}
    for event in _of_people(events):
        if event.kind in _FIGURES:
            _keep_first(times[_FIGURES[event.kind]], event.recipient, event.at)
        if event.kind == "BOUNCED" and event.reason == PERMANENT:
            _keep_first(times["bounced_for_good"], event.recipient, event.at)
        elif event.kind == "CLICKED":
            clicks[event.message_id].append(event)
        elif event.kind == "DELIVERED":
            _keep_first(delivered, event.message_id, event.at)
    for message_id, of_message in clicks.items():
        for click in likely_human(of_message, delivered_at=delivered.get(message_id)):
            _keep_first(times["clicked"], click.recipient, click.at)
    return times


def figures(events: Iterable[MessageEvent]) -> EventFigures:
    """Count recipients. ``events`` are those of one run, or of one partition of it."""
    return EventFigures(**{figure: len(held) for figure, held in first_times(events).items()})


def _keep_first(times: dict[str, dt.datetime], name: str, at: dt.datetime) -> None:
    times[name] = min(times.get(name, at), at)


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
