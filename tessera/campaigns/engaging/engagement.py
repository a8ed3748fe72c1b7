"""What is known of how people react to a campaign's messages, as a document."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Literal

Reaction = Literal["opened", "clicked", "unsubscribed"]
REACTIONS: tuple[Reaction, ...] = ("opened", "clicked", "unsubscribed")


@dataclasses.dataclass(frozen=True, kw_only=True)
class BetaPrior:
    """What is believed of a person without messages.

    Parameters
    ----------
    mean
        Everybody's chance.
    strength
        As many messages the belief is worth.
    """

    mean: float
    strength: float


@dataclasses.dataclass(frozen=True, kw_only=True)
class ChanceGroup:
    """People with a like chance: what was predicted of their latest message, and what came."""

    people: int
    predicted: float
    observed: float


@dataclasses.dataclass(frozen=True, kw_only=True)
class ReactionChance:
    """The chance of one reaction, and whether it may be used.

    Parameters
    ----------
    reaction
        Which one.
    decision, reason
        ``withhold``: everybody has the same chance then, and why.
    people
        With at least two messages: the latest is predicted from those before.
    share
        Of their latest messages, those with the reaction. None where nothing was learnt.
    prior
        What a person's own messages are added to. None where it is withheld.
    log_loss, same_log_loss
        Of the latest messages, and where everybody has the same chance. None where nothing was
        learnt.
    groups
        Ten groups by chance, the lowest first: how far it is calibrated.
    """

    reaction: Reaction
    decision: Literal["publish", "withhold"]
    reason: str
    people: int
    share: float | None = None
    prior: BetaPrior | None = None
    log_loss: float | None = None
    same_log_loss: float | None = None
    groups: tuple[ChanceGroup, ...] = ()


@dataclasses.dataclass(frozen=True, kw_only=True)
class BestHours:
    """When people read, and whether each one's own hours may be used.

    Parameters
    ----------
    decision, reason
        ``withhold``: the shop's hours are everybody's then, and why.
    people
        With at least two clicks: the latest is predicted from those before.
    shop : 24 shares
        Of all clicks, by the hour in the shop's time zone.
    shop_hour
        From which hour on most clicks come within three.
    strength
        Clicks that the shop's hours are worth beside a person's own. None where it is withheld.
    """

    decision: Literal["publish", "withhold"]
    reason: str
    people: int
    shop: tuple[float, ...]
    shop_hour: int
    strength: float | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class CampaignEngagement:
    """How people react to a campaign's messages.

    Parameters
    ----------
    campaign
        The definition's id.
    measured_at
        When. Later events are not in it.
    messages
        Delivered, of all its runs.
    recent
        Of these, delivered less than two days before. They do not count yet: many are still to be
        read.
    chances
        To open, to click and to unsubscribe.
    hours
        When people click.
    notes
        What to know before reading it.
    """

    campaign: str
    measured_at: dt.datetime
    messages: int
    chances: tuple[ReactionChance, ...]
    hours: BestHours
    notes: tuple[str, ...]
    recent: int = 0
