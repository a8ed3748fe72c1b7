"""What keeps a campaign from being sent, before anybody is planned."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping

from tessera.campaign_settings import CampaignSettings
from tessera.campaigns.definitions.channel import EMAIL
from tessera.campaigns.definitions.definition import CampaignDefinition
from tessera.campaigns.definitions.document import check_labels
from tessera.campaigns.planning.send_times import windows_for
from tessera.errors import InvalidInput

_NEEDED = {
    "postal_address": "every mail's footer shows it",
    "from_name": "recipients see it as the sender",
    "from_address": "its domain is the identity that sends",
}


def problems(
    definition: CampaignDefinition,
    *,
    settings: CampaignSettings,
    labels: Mapping[str, Collection[str]],
    shop_zone: str,
    now: dt.datetime,
) -> tuple[str, ...]:
    """Return why a campaign cannot be sent, a sentence each. Empty if it can.

    Parameters
    ----------
    definition
        As the run would use it.
    settings
        The tenant's, for all campaigns.
    labels
        All labels by profile column (``document.check_labels``).
    shop_zone
        The shop's time zone.
    now
        The moment.
    """
    return (
        *_missing(definition, settings),
        *_wrong_labels(definition, labels),
        *_closed(definition, settings, shop_zone, now),
        *_over(definition, now.date()),
    )


def _missing(definition: CampaignDefinition, settings: CampaignSettings) -> Iterator[str]:
    if definition.channel.kind != EMAIL:
        return
    for name, reason in _NEEDED.items():
        if not getattr(settings, name).strip():
            yield f"The setting 'campaigns.{name}' is empty: {reason}."


def _wrong_labels(
    definition: CampaignDefinition, labels: Mapping[str, Collection[str]]
) -> Iterator[str]:
    try:
        check_labels(definition, known=labels)
    except InvalidInput as error:
        yield str(error)


def _closed(
    definition: CampaignDefinition, settings: CampaignSettings, shop_zone: str, now: dt.datetime
) -> Iterator[str]:
    window_of = windows_for(definition, settings=settings, today=now.date(), now=now)
    try:
        window_of((shop_zone,))
    except InvalidInput as error:
        yield str(error)


def _over(definition: CampaignDefinition, today: dt.date) -> Iterator[str]:
    last_day = definition.schedule.last_day
    if last_day is not None and last_day < today:
        yield f"The campaign's last day was {last_day}: give its schedule a later one."
