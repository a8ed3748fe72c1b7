"""Runs of campaigns: asked for, watched and decided about."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re

from tessera.api.documents.campaigns.audiences import AudienceSummary
from tessera.campaigns.definitions.definition import CampaignDefinition
from tessera.campaigns.planning.planned_hours import PlannedHours
from tessera.campaigns.sending.states import RunState
from tessera.errors import InvalidInput
from tessera.insights.cost.messages import MessageCost

RECIPIENT_PATTERN = "^[0-9a-f]{32}$"
MOST_RELEASED = 1000


@dataclasses.dataclass(frozen=True, kw_only=True)
class CampaignRunFacts:
    """A run of a campaign, and how far it is.

    Parameters
    ----------
    run_id, campaign
        The run, and the campaign's id.
    state
        ``PLANNING``, ``AWAITING_APPROVAL``, ``SCHEDULED``, ``SENDING``, ``PAUSED``, ``SETTLING``
        (every message's outcome is made sure), ``MEASURING`` (until its days of result are over),
        ``FINISHED``, ``CANCELLED`` or ``FAILED``.
    reason
        Why it was paused or cancelled, or has failed. Empty otherwise.
    day
        The day that it is for, in the shop's time zone.
    asked_by, asked_at
        Who asked for it, and when. ``schedule`` for a run of an active campaign.
    is_approved
        Whether it needs no approval, because the campaign's activation gave it.
    changed_at
        When it came into this state.
    recipients
        How many it writes to. None before its plan.
    starts_at, latest_start, deadline
        Nothing is sent before the first. It never begins after the second. What is not sent by the
        third is not sent. None before its plan.
    """

    run_id: str
    campaign: str
    state: RunState
    reason: str
    day: dt.date
    asked_by: str
    asked_at: dt.datetime
    is_approved: bool
    changed_at: dt.datetime
    recipients: int | None
    starts_at: dt.datetime | None
    latest_start: dt.datetime | None
    deadline: dt.datetime | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class CampaignRunList:
    """The runs of a campaign, the newest first."""

    items: tuple[CampaignRunFacts, ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class DeliveryTally:
    """How many recipients of a run are in each state.

    Parameters
    ----------
    planned
        All of them.
    waiting
        Nothing was sent to them yet. Of these
    deferred
        had an attempt that surely sent nothing, and get another one.
    claimed
        A message is on its way, or its worker died.
    sent
        The mail service accepted their message.
    refused
        It surely did not, and never will.
    skipped
        They opted out meanwhile, or it was too late.
    doubts
        Nothing proves that their message was accepted, and nothing that it was not: somebody has
        to decide.
    moved_at
        When one of them last changed. None before the first.
    last_deferral
        Why the last one was deferred. Empty without any.
    """

    planned: int
    waiting: int
    deferred: int
    claimed: int
    sent: int
    refused: int
    skipped: int
    doubts: int
    moved_at: dt.datetime | None
    last_deferral: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class CampaignRunDetail(CampaignRunFacts):
    """A run of a campaign with its plan, and what became of its messages so far.

    Parameters
    ----------
    definition
        What it uses, frozen.
    audience
        What became of everybody in its plan. None before.
    planned_at
        When it was planned. None before.
    zone_unknown
        How many have neither a time zone nor a country: the shop's clock counts for them. None
        before the plan.
    hours
        At which hours people are written to. None before the plan, and where the campaign's hours
        are everybody's.
    notes
        What the person who approves should know, as sentences.
    tally
        Its recipients by state. None before the plan, and where another tool sends.
    cost
        What the messages sent so far cost. None before the plan, and where another tool sends.
    problem
        Why it does not begin, although its time has come. Empty without a reason.
    stuck
        Why it does not move, and what to do about it. Empty while it moves.
    """

    definition: CampaignDefinition
    audience: AudienceSummary | None
    planned_at: dt.datetime | None
    zone_unknown: int | None
    notes: tuple[str, ...]
    tally: DeliveryTally | None
    cost: MessageCost | None
    problem: str
    stuck: str
    hours: PlannedHours | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class DoubtfulRecipient:
    """A recipient in doubt: nothing proves whether the message was sent.

    Parameters
    ----------
    recipient
        The keyed hash of the address.
    since
        When the doubt arose.
    """

    recipient: str
    since: dt.datetime


@dataclasses.dataclass(frozen=True, kw_only=True)
class DoubtList:
    """The recipients of a run in doubt.

    Parameters
    ----------
    doubts
        How many there are.
    items
        The first thousand of them.
    """

    doubts: int
    items: tuple[DoubtfulRecipient, ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class DoubtRelease:
    """A decision to send a message to recipients in doubt, who may get it twice then.

    Parameters
    ----------
    recipients
        Who, as the list of doubts has them: 1 to 1,000.
    """

    recipients: tuple[str, ...] = dataclasses.field(
        metadata={
            "schema": {
                "items": {"type": "string", "pattern": RECIPIENT_PATTERN},
                "minItems": 1,
                "maxItems": MOST_RELEASED,
            }
        }
    )

    def __post_init__(self) -> None:
        """Refuse what names no recipient."""
        if not 1 <= len(self.recipients) <= MOST_RELEASED:
            raise InvalidInput(f"recipients: expected 1 to {MOST_RELEASED}")
        wrong = next((one for one in self.recipients if not re.match(RECIPIENT_PATTERN, one)), None)
        if wrong is not None:
            raise InvalidInput(
                f"recipients: {wrong[:40]!r} is none, expected 32 digits from 0 to f"
            )
