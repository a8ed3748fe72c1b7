"""What is wrong with a definition here and now, before anybody is planned."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping

from tessera.campaign_settings import CampaignSettings
from tessera.campaigns.definitions.channel import AUDIENCE
from tessera.campaigns.definitions.definition import CampaignDefinition
from tessera.campaigns.definitions.document import check_labels
from tessera.campaigns.handover import takes_labels
from tessera.campaigns.planning.send_times import windows_for
from tessera.contracts.destinations import EXPORT
from tessera.destinations.catalog import CATALOG
from tessera.errors import InvalidInput


def definition_problems(
    definition: CampaignDefinition,
    *,
    settings: CampaignSettings,
    labels: Mapping[str, Collection[str]],
    destinations: Collection[str],
    shop_zone: str,
    now: dt.datetime,
) -> tuple[str, ...]:
    """Return why a definition that is valid by itself fits nobody, a sentence each.

    What sender and account need is another question (``steps.campaign.preflight``).

    Parameters
    ----------
    definition
        As the run would use it.
    settings
        The tenant's, for all campaigns.
    labels
        All labels by profile column (``document.check_labels``).
    destinations
        Those that the tenant's runs update.
    shop_zone
        The shop's time zone.
    now
        The moment.
    """
    return (
        *_wrong_labels(definition, labels),
        *_closed(definition, settings, shop_zone, now),
        *_over(definition, now.date()),
        *_compared_list(definition),
        *_not_handed_over(definition, destinations),
    )


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


def _compared_list(definition: CampaignDefinition) -> Iterator[str]:
    if definition.audience.receivers is not None and definition.schedule.kind == "daily":
        yield (
            f"campaign {definition.id!r}: a daily schedule writes to those who have newly entered "
            "the audience, and an uploaded list has no earlier state to compare with. Choose "
            "'once', and run it again for another list"
        )


def _not_handed_over(
    definition: CampaignDefinition, destinations: Collection[str]
) -> Iterator[str]:
    to = definition.channel.to
    if definition.channel.kind != AUDIENCE:
        return
    if not takes_labels(CATALOG[to].CAPABILITIES):
        yield f"{to} gets audiences by RFM segment only, so it cannot have a campaign's labels."
    elif to not in (EXPORT, *destinations):
        yield f"The shop's runs do not update {to}: add it to the setting 'destinations'."
