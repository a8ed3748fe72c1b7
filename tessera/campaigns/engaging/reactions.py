"""Messages and what happened to each, as columns."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Collection, Iterable

import numpy as np
import numpy.typing as npt

from tessera.campaigns.events.figures import first_times
from tessera.campaigns.events.reading import MessageEvent
from tessera.campaigns.planning.candidates import Keys, Mask
from tessera.campaigns.planning.known import keys_of

NO_HOUR = -1
Ints = npt.NDArray[np.int64]


@dataclasses.dataclass(frozen=True, kw_only=True, eq=False)
class MessageReactions:
    """Delivered messages, each once. Every column has shape (n,).

    Parameters
    ----------
    recipient
        Keyed hashes of addresses.
    sent_at
        Seconds since 1970 of the delivery.
    opened, clicked, unsubscribed
        What came of it. Clicks are those that are not like a scanner's.
    hour
        The shop's hour of the click, ``NO_HOUR`` without one. An open's hour is the mail client's.
    """

    recipient: Keys
    sent_at: Ints
    opened: Mask
    clicked: Mask
    unsubscribed: Mask
    hour: Ints

    def __len__(self) -> int:
        """Return how many messages there are."""
        return len(self.recipient)

    def where(self, mask: Mask | Ints) -> MessageReactions:
        """Return some of the messages."""
        return MessageReactions(**{name: column[mask] for name, column in vars(self).items()})

    def in_order(self) -> MessageReactions:
        """Return them by recipient, and each one's by time."""
        return self.where(np.lexsort((self.sent_at, self.recipient)))


def reactions_of(
    events: Iterable[MessageEvent], *, unsubscribed: Collection[str], zone: dt.tzinfo
) -> MessageReactions:
    """Return what came of the delivered messages of one run, or of a partition of it.

    Parameters
    ----------
    events
        All of them.
    unsubscribed
        Recipients who opted out by a link of the run.
    zone
        The shop's time zone.
    """
    times = first_times(events)
    delivered = times["delivered"]
    people, left = sorted(delivered), set(unsubscribed)
    clicked, opened = times["clicked"], times["opened"]
    hours = [clicked[one].astimezone(zone).hour if one in clicked else NO_HOUR for one in people]
    return MessageReactions(
        recipient=keys_of(people),
        sent_at=np.array([int(delivered[one].timestamp()) for one in people], np.int64),
        opened=np.array([one in opened for one in people], np.bool_),
        clicked=np.array([one in clicked for one in people], np.bool_),
        unsubscribed=np.array([one in left for one in people], np.bool_),
        hour=np.array(hours, np.int64),
    )


def joined_reactions(parts: Iterable[MessageReactions]) -> MessageReactions:
    """Return the messages of several runs, in order. None of them gives no messages."""
    nothing = reactions_of((), unsubscribed=(), zone=dt.UTC)
    every = [nothing, *parts]
    names = [field.name for field in dataclasses.fields(MessageReactions)]
    columns = {name: np.concatenate([getattr(one, name) for one in every]) for name in names}
    return MessageReactions(**columns).in_order()
