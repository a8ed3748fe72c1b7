"""Whether a run of an active campaign is due."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from tessera.campaigns.campaign_record import CampaignRecord, RunRequest

SCHEDULE = "schedule"  # who asks for a run that nobody else did
# By the shop's clock. The pipeline's own daily run comes before it.
FROM_HOUR = 5


def due_day(
    record: CampaignRecord, requests: Iterable[RunRequest], *, local: dt.datetime
) -> dt.date | None:
    """Return the day of a run that is due now, None if none is.

    Parameters
    ----------
    record
        The campaign.
    requests
        The campaign's runs as they were asked for.
    local
        Now, by the shop's clock. A day whose hours passed while nothing ran is not made up for.
    """
    schedule, today = record.definition.schedule, local.date()
    if record.state != "active" or today < schedule.first_day or local.hour < FROM_HOUR:
        return None
    by_clock = [one.day for one in requests if one.asked_by == SCHEDULE]
    if schedule.kind == "once":
        return None if by_clock else today
    if schedule.last_day is not None and today > schedule.last_day:
        return None
    return None if today in by_clock else today
