"""People's own hours, learnt from the clicks of all campaigns when a campaign asks for them."""

from __future__ import annotations

import datetime as dt
import itertools
import zoneinfo
from collections.abc import Iterator, Sequence

from steps.campaign.planning.earlier import EarlierRuns
from steps.campaign.planning.services import PlanningServices
from tessera.campaigns.definitions.channel import EMAIL
from tessera.campaigns.definitions.definition import CampaignDefinition
from tessera.campaigns.engaging.learning import settled
from tessera.campaigns.engaging.personal_hours import PersonalHours, personal_hours
from tessera.campaigns.engaging.reactions import MessageReactions, joined_reactions, reactions_of
from tessera.campaigns.sending.outcomes import PARTITIONS

_LEARNS_FROM = dt.timedelta(days=365)
_MOST_MESSAGES = 1_000_000  # the newest. More take minutes to read, and change nothing


def hours_for(
    definition: CampaignDefinition, services: PlanningServices, *, run_id: str, now: dt.datetime
) -> PersonalHours | None:
    """Return people's own hours, None where the campaign does not ask for them.

    They are learnt from the e-mail of all campaigns within a year, the newest million messages. The
    hour belongs to the person, and a campaign that writes once has no clicks before its plan.

    Parameters
    ----------
    definition
        As the run uses it.
    services
        The tenant's.
    run_id
        The run that is planned.
    now
        The moment.
    """
    if definition.schedule.send_at != "best_hour":
        return None
    zone = zoneinfo.ZoneInfo(services.settings.time_zone)
    runs = [
        one.run_id
        for one in EarlierRuns.of(services, own=run_id).requests
        if one.definition.channel.kind == EMAIL and now - one.asked_at <= _LEARNS_FROM
    ]
    messages = joined_reactions(_newest(runs, services, zone=zone))
    return personal_hours(settled(messages, at=now))


def _newest(
    runs: Sequence[str], services: PlanningServices, *, zone: dt.tzinfo
) -> Iterator[MessageReactions]:
    count = 0
    for run, digit in itertools.product(reversed(runs), PARTITIONS):
        if count >= _MOST_MESSAGES:
            return
        events = services.events.of_partition(services.tenant, run, digit)
        # Who opted out is no part of an hour.
        made = reactions_of(events, unsubscribed=(), zone=zone)
        count += len(made)
        yield made
