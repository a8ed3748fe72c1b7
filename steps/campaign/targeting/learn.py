"""Learn who reacts to a campaign, and write it as a file beside its results."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from typing import Protocol

import numpy as np

from adapters.aws.objects import Objects
from adapters.campaigns.run_files import CampaignFiles
from adapters.stores.profile_reader import ProfileReader
from adapters.stores.records import read_record, write_record
from steps.campaign.targeting.profiles import customers_of, profiles_of
from tessera.campaigns.definitions.definition import CampaignDefinition
from tessera.campaigns.planning.assigned import Assigned
from tessera.campaigns.planning.manifest import RunManifest
from tessera.campaigns.results.assignments import PurchaseRows
from tessera.campaigns.results.statistics.inference import Inference
from tessera.campaigns.targeting.learning import (
    KnownPeople,
    learn_targets,
    people_to_learn_from,
    share_by_day,
    with_customers,
)
from tessera.campaigns.targeting.targets import CampaignTargets
from tessera.naming import campaign_targets_key, latest_key
from tessera.records.run_of_day import RunOfDay
from tessera.records.runs.latest import Latest

_MISMATCH = "The sizes of the groups do not fit the holdout's share, so they are not alike."


class TargetingServices(Protocol):
    """What learning works with: the services of measuring."""

    @property
    def tenant(self) -> str:
        """Whose campaign."""

    @property
    def data(self) -> Objects:
        """The data bucket."""

    @property
    def identities(self) -> Objects:
        """The identities bucket, of which only manifests are read."""


def write_targets(
    taken: Mapping[str, Assigned],
    purchases: PurchaseRows,
    services: TargetingServices,
    *,
    definition: CampaignDefinition,
    today: dt.date,
    inference: Inference,
    is_mismatch: bool = False,
    simulated: bool = False,
) -> CampaignTargets:
    """Learn who reacts to a campaign, write it, and return it.

    Parameters
    ----------
    taken
        By run that has begun to send, who it took. At least one.
    purchases
        From the first run on.
    services
        The tenant's.
    definition
        The campaign's.
    today
        Purchases until the day before are known.
    inference
        How often the campaign's results are looked at.
    is_mismatch
        Whether somebody was lost after the draw: then nothing is learnt.
    simulated
        Whether the simulator made purchases.
    """
    if is_mismatch:
        targets = _nothing(taken, definition=definition, today=today)
    else:
        targets = _learnt(
            taken, purchases, services, definition=definition, today=today, inference=inference
        )
    present = _present(services)
    if targets.groups and present is not None:
        counts = customers_of(
            targets.groups,
            audience=definition.audience,
            run=present,
            reader=ProfileReader(services.data),
            tenant=services.tenant,
        )
        targets = with_customers(targets, counts)
    targets = dataclasses.replace(targets, simulated=simulated)
    write_record(targets, services.data, campaign_targets_key(services.tenant, definition.id))
    return targets


def _nothing(
    taken: Mapping[str, Assigned], *, definition: CampaignDefinition, today: dt.date
) -> CampaignTargets:
    """Return what groups that are not alike teach: no average, no ranking, no group."""
    people, strangers = people_to_learn_from(
        list(taken.values()), today=today, result_days=definition.result_days
    )
    return CampaignTargets(
        campaign=definition.id,
        as_of=today,
        decision="withhold",
        reason=_MISMATCH,
        people=0,
        held_out=0,
        omitted=len(people) + strangers,
        is_mismatch=True,
    )


def _learnt(
    taken: Mapping[str, Assigned],
    purchases: PurchaseRows,
    services: TargetingServices,
    *,
    definition: CampaignDefinition,
    today: dt.date,
    inference: Inference,
) -> CampaignTargets:
    people, strangers = people_to_learn_from(
        list(taken.values()), today=today, result_days=definition.result_days
    )
    shares, runs = _plans(taken, services)
    profiles, is_known = profiles_of(
        people, runs, reader=ProfileReader(services.data), tenant=services.tenant
    )
    share = share_by_day(people.day, shares)
    counts = is_known & (share > 0) & (share < 1)
    known = KnownPeople(people=people.where(counts), profiles=profiles[counts], share=share[counts])
    learnt = learn_targets(
        known,
        purchases,
        campaign=definition.id,
        today=today,
        result_days=definition.result_days,
        inference=inference,
    )
    return dataclasses.replace(learnt, omitted=strangers + int(np.count_nonzero(~counts)))


def _plans(
    taken: Mapping[str, Assigned], services: TargetingServices
) -> tuple[Mapping[int, float], Mapping[int, RunOfDay]]:
    """Return by day of a plan the share that is written to, and the run whose profiles it read."""
    shares: dict[int, float] = {}
    runs: dict[int, RunOfDay] = {}
    for run_id, people in taken.items():
        if not len(people):
            continue
        manifest = _manifest(run_id, services)
        day = int(people.day[0])
        share = 1 - manifest.definition.holdout.share
        # A day has one share for each person. Where two runs of a day differ, nobody of it counts.
        shares[day] = share if shares.get(day, share) == share else 0.0
        if manifest.profiles is not None:
            runs[day] = manifest.profiles
    return shares, runs


def _present(services: TargetingServices) -> RunOfDay | None:
    """Return the tenant's newest run, None before one."""
    key = latest_key(services.tenant)
    if not services.data.exists(key):
        return None
    latest = read_record(Latest, services.data, key, tolerant=True)
    return RunOfDay(run_id=latest.run_id, as_of=latest.as_of)


def _manifest(run_id: str, services: TargetingServices) -> RunManifest:
    return CampaignFiles(services.identities, tenant=services.tenant, run_id=run_id).manifest()
