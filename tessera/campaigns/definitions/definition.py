"""A campaign's definition: what is reused by every run. A run freezes one of its audiences."""

from __future__ import annotations

import dataclasses
import re
from typing import Literal

from tessera.campaigns.definitions.audience import CampaignAudience
from tessera.campaigns.definitions.channel import AUDIENCE, EMAIL, CampaignChannel
from tessera.campaigns.definitions.checks import SLUG, is_named, is_slug, require
from tessera.campaigns.definitions.timing import DayHours, EntryTrigger, SendSchedule
from tessera.campaigns.definitions.variants import Variant, check_variants
from tessera.campaigns.handover import check_names
from tessera.errors import InvalidInput

MARKETING, TRANSACTIONAL = "marketing", "transactional"
_RUN_ID = re.compile(r".*-r\d+")


@dataclasses.dataclass(frozen=True, kw_only=True)
class HoldoutShare:
    """People who would get a campaign's messages and get none, so that it can be measured.

    Parameters
    ----------
    share
        Of those who are eligible. Fewer than one in twenty rarely measure anything.
    salt
        Decides, with the address, who they are. Empty for the campaign's id. Equal salts hold the
        same people out.
    """

    share: float = 0.1
    salt: str = ""

    def __post_init__(self) -> None:
        """Refuse a share that leaves nobody to write to."""
        require(
            self,
            {
                "share": (0 <= self.share <= 0.9, "from 0 to 0.9"),
                "salt": (not self.salt or is_named(self.salt), "a text on one line, or empty"),
            },
        )


@dataclasses.dataclass(frozen=True, kw_only=True)
class FrequencyCap:
    """At most so many messages within so many days, whichever campaigns they are from.

    Parameters
    ----------
    messages
        How many a person may have got before one more is too many.
    days
        Calendar days back from the day of the plan, that day included.
    """

    messages: int
    days: int

    def __post_init__(self) -> None:
        """Refuse a cap that no message or no day fits in."""
        require(
            self,
            {
                "messages": (1 <= self.messages <= 1000, "from 1 to 1000"),
                "days": (1 <= self.days <= 400, "from 1 to 400"),
            },
        )


@dataclasses.dataclass(frozen=True, kw_only=True)
class CampaignDefinition:
    """What a campaign is, apart from any run of it.

    Parameters
    ----------
    id
        Unique for the tenant. Its runs are called ``<id>-r001`` and so on.
    name
        For people.
    purpose
        ``marketing`` needs consent. ``transactional`` messages belong to something that the
        recipient has ordered, and have no holdout.
    audience
        Who.
    variants
        What.
    schedule
        When.
    channel
        How.
    trigger
        Of a daily schedule: the move that counts as entering. None for entering the audience.
    holdout
        Held-out people stay so for the campaign's life. Read docs/decisions/0026.
    cap
        Beside the tenant's cap, which always holds. None for no other.
    quiet_hours
        Beside the tenant's quiet hours, which always hold. None for no others.
    again_after_days
        A person that a run of this campaign took is not taken again for so many days. 0 sets no
        limit, which a daily schedule cannot have.
    result_days
        How many days after a person's message, or after it would have been sent, purchases count.
    """

    id: str
    name: str
    purpose: Literal["marketing", "transactional"] = "marketing"
    audience: CampaignAudience
    variants: tuple[Variant, ...]
    schedule: SendSchedule
    channel: CampaignChannel = CampaignChannel()  # noqa: RUF009 (frozen)
    trigger: EntryTrigger | None = None
    holdout: HoldoutShare = HoldoutShare()
    cap: FrequencyCap | None = None
    quiet_hours: DayHours | None = None
    again_after_days: int = 0
    result_days: int = 30

    def __post_init__(self) -> None:
        """Refuse a definition whose parts do not fit each other."""
        daily = self.schedule.kind == "daily"
        require(
            self,
            {
                "id": (
                    is_slug(self.id) and _RUN_ID.fullmatch(self.id) is None,
                    f"{SLUG}, and not ending as a run's does ('-r001')",
                ),
                "name": (is_named(self.name), "a text on one line"),
                "trigger": (daily or self.trigger is None, "null for a schedule of one day"),
                "again_after_days": (
                    int(daily) <= self.again_after_days <= 3650,
                    "from 1 to 3650 days for a daily schedule" if daily else "from 0 to 3650 days",
                ),
                "result_days": (1 <= self.result_days <= 365, "from 1 to 365 days"),
            },
        )
        if self.channel.kind == AUDIENCE and self.schedule.send_at != "hours":
            raise InvalidInput(
                "schedule.send_at is 'best_hour': expected 'hours' for the channel 'audience', "
                "whose receiver sends when it wants to"
            )
        self._check_holdout()
        check_variants(self.variants, audience=self.audience.segments)
        self._check_templates()
        if self.channel.kind == AUDIENCE:
            check_names(self.id, [one.name for one in self.variants])

    def _check_holdout(self) -> None:
        share, measured = self.holdout.share, self.purpose == MARKETING
        if measured != (share > 0):
            expected = (
                "above 0 for marketing, or nothing could be measured"
                if measured
                else "0 for transactional messages, which everybody gets"
            )
            raise InvalidInput(f"holdout.share is {share!r}: expected {expected}")

    def _check_templates(self) -> None:
        by_mail = self.channel.kind == EMAIL
        for one in self.variants:
            if by_mail and one.template is None:
                raise InvalidInput(
                    f"variant {one.name!r}: template is null, expected a template and its version"
                )
            if not by_mail and one.template is not None:
                raise InvalidInput(
                    f"variant {one.name!r}: template is {one.template.id!r}, expected null for "
                    f"the channel {self.channel.kind!r}, whose receiver has the message"
                )

    @property
    def salt(self) -> str:
        """What decides, with the address, about holdout and variant."""
        return self.holdout.salt or self.id
