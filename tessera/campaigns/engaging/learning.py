"""Learn how people react to a campaign's messages."""

from __future__ import annotations

import datetime as dt

from tessera.campaigns.engaging.chances import learn_chance
from tessera.campaigns.engaging.engagement import REACTIONS, CampaignEngagement
from tessera.campaigns.engaging.hours import learn_hours
from tessera.campaigns.engaging.reactions import MessageReactions

_OPENS = "Opens are unreliable: mail clients load pictures unasked or not at all."
_HOURS = "Hours depend on when messages were sent: they show where people were met so far."


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
    return CampaignEngagement(
        campaign=campaign,
        measured_at=measured_at,
        messages=len(messages),
        chances=tuple(learn_chance(messages, one) for one in REACTIONS),
        hours=learn_hours(messages),
        notes=(_OPENS, _HOURS),
    )
