"""Learn how people react to a campaign's messages."""

from __future__ import annotations

import datetime as dt

from tessera.campaigns.engaging.chances import learn_chance
from tessera.campaigns.engaging.engagement import REACTIONS, CampaignEngagement
from tessera.campaigns.engaging.hours import learn_hours
from tessera.campaigns.engaging.reactions import MessageReactions

_OPENS = "Opens are unreliable: mail clients load pictures unasked or not at all."
RECENT_DAYS = 2
_DAY_S = 86_400
_HOURS = "Hours depend on when messages were sent: they show where people were met so far."


def settled(messages: MessageReactions, *, at: dt.datetime) -> MessageReactions:
    """Return messages without those of the last two days, many of which are still to be read."""
    return messages.where(messages.sent_at <= at.timestamp() - RECENT_DAYS * _DAY_S)


def learn_engagement(
    messages: MessageReactions, *, campaign: str, measured_at: dt.datetime
) -> CampaignEngagement:
    """Learn how people react, and judge it.

    Parameters
    ----------
    messages
        In order.
    campaign, measured_at
        Of what, and when.
    """
    known = settled(messages, at=measured_at)
    recent = len(messages) - len(known)
    return CampaignEngagement(
        campaign=campaign,
        measured_at=measured_at,
        messages=len(messages),
        recent=recent,
        chances=tuple(learn_chance(known, one) for one in REACTIONS),
        hours=learn_hours(known),
        notes=(_OPENS, _HOURS, *_recent_words(recent)),
    )


def _recent_words(recent: int) -> tuple[str, ...]:
    if not recent:
        return ()
    return (
        f"{recent:,} messages do not count yet: they were delivered less than {RECENT_DAYS} days "
        "before, and many are still to be read.",
    )
