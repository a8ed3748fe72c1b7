"""How people react to a campaign, from the events that its figures are counted from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping

from steps.campaign.brakes import PartitionedEvents
from tessera.campaigns.engaging.reactions import MessageReactions, joined_reactions, reactions_of
from tessera.campaigns.events.reading import MessageEvent


class WatchedEvents:
    """Passes events on, and remembers what came of each message: they are read once.

    Parameters
    ----------
    events
        Of all runs.
    unsubscribed
        By run, who opted out by its links.
    zone
        The shop's time zone.
    """

    def __init__(
        self,
        events: PartitionedEvents,
        *,
        unsubscribed: Mapping[str, Collection[str]],
        zone: dt.tzinfo,
    ) -> None:
        self._events, self._unsubscribed, self._zone = events, unsubscribed, zone
        self._parts: list[MessageReactions] = []

    def of_partition(self, tenant: str, run: str, digit: str) -> Iterable[MessageEvent]:
        """Return the events of a partition."""
        own = list(self._events.of_partition(tenant, run, digit))
        left = self._unsubscribed.get(run, ())
        self._parts.append(reactions_of(own, unsubscribed=left, zone=self._zone))
        return own

    def reactions(self) -> MessageReactions:
        """Return what came of the messages that were read so far."""
        return joined_reactions(self._parts)
