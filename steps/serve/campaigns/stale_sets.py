"""Segment sets of offers that are in use, although the results no longer support their groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from adapters.stores.records import read_record
from steps.serve.services import Services
from tessera import naming
from tessera.campaigns.targeting.group_set import SET_PREFIX, has_groups, set_name_of
from tessera.campaigns.targeting.offer_words import stale_words
from tessera.campaigns.targeting.targets import CampaignTargets


def stale_sets(tenant: str, names: Sequence[str], *, services: Services) -> Mapping[str, str]:
    """Return what to know of each set that is stale, by its name.

    A set is that of the campaign it is called after. One with a given name is nobody's.

    Parameters
    ----------
    tenant
        Whose sets.
    names
        Of sets in use.
    services
        Those of the API.
    """
    offers = {one for one in names if one.startswith(SET_PREFIX)}
    if not offers or services.campaigns is None:
        return {}
    campaigns = {
        set_name_of(one.definition.id): one.definition.id
        for one in services.campaigns().records(tenant).all()
    }
    return {
        name: stale_words(name)
        for name in sorted(offers & campaigns.keys())
        if not _is_supported(tenant, campaigns[name], services)
    }


def _is_supported(tenant: str, campaign: str, services: Services) -> bool:
    key = naming.campaign_targets_key(tenant, campaign)
    if not services.data.exists(key):
        return True  # nothing was learnt since, so nothing speaks against it
    return has_groups(read_record(CampaignTargets, services.data, key, tolerant=True))
