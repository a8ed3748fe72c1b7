"""The labels and segments that a destination gets of campaigns that hand over their audience."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

import numpy as np

from adapters.campaigns.handovers import Handovers
from adapters.campaigns.taken import TakenPeople
from adapters.destinations.files.campaign_labels import CampaignLabels, LabelledCustomers
from adapters.destinations.loads import known_segments
from steps.map_schema.run import MappedRun
from tessera.campaigns.handover import HELD_OUT, CampaignSet, campaign_sets
from tessera.campaigns.results.assignments import first_assignments
from tessera.contracts.customer_profiles import CAMPAIGN_SET
from tessera.destinations import catalog
from tessera.errors import InvalidInput
from tessera.records.loads.segment import Segment


@dataclasses.dataclass(frozen=True, kw_only=True)
class DestinationCampaigns:
    """The campaigns of one destination.

    Parameters
    ----------
    sets
        The campaigns as segment sets.
    labels
        What the customers get.
    """

    sets: tuple[CampaignSet, ...]
    labels: CampaignLabels

    def with_segments(self, segments: Sequence[Segment]) -> list[Segment]:
        """Return a destination's segments, and after them those of its campaigns.

        Raises
        ------
        InvalidInput
            One of them has the name of another segment.
        """
        names = {one.name: one for one in segments}
        own = [made for one in self.sets for made in one.segments(self.labels.sizes[one.set])]
        for one in own:
            other = names.setdefault(one.name, one)
            if other is not one:
                raise InvalidInput(
                    f"segments {other.label!r} and {one.label!r} would both be called "
                    f"{one.name!r} at the destination: the second one is a campaign's, so give "
                    "the first one another label"
                )
        return [*segments, *own]


def campaigns_by_destination(
    run: MappedRun, destinations: Sequence[str]
) -> dict[str, DestinationCampaigns]:
    """Return what campaigns hand over to a run's destinations. Empty where they do not."""
    sets = _campaign_sets(run)
    labels = {name: _labels(run, name, sets.get(name, ())) for name in destinations}
    return {
        name: DestinationCampaigns(sets=sets.get(name, ()), labels=made)
        for name, made in labels.items()
        if made is not None
    }


def _campaign_sets(run: MappedRun) -> Mapping[str, tuple[CampaignSet, ...]]:
    if not run.has_handovers:
        return {}
    return campaign_sets(Handovers(run.data, tenant=run.tenant).all())


def _labels(run: MappedRun, destination: str, sets: Sequence[CampaignSet]) -> CampaignLabels | None:
    names = {one.set for one in sets}
    removed = [one for one in _left_there(run, destination) if one not in names]
    if not sets and not removed:
        return None
    return CampaignLabels([_customers(run, one) for one in sets], removed=removed)


def _left_there(run: MappedRun, destination: str) -> Sequence[str]:
    """Return the campaigns that the destination still knows, if it keeps what is omitted."""
    if not catalog.CATALOG[destination].CAPABILITIES.merges:
        return ()
    known = known_segments(run.identities, tenant=run.tenant, destination=destination)
    return [one for one in dict.fromkeys(one.set for one in known) if one.startswith(CAMPAIGN_SET)]


def _customers(run: MappedRun, one: CampaignSet) -> LabelledCustomers:
    taken = (TakenPeople(run.identities, tenant=run.tenant, run_id=name) for name in one.runs)
    people = first_assignments([each.read() for each in taken], by="customer_key")
    people = people.where(people.customer_key != b"")  # receivers of a list who are no customers
    labels = np.where(people.is_held_out, HELD_OUT, people.variant)
    return LabelledCustomers(set=one.set, keys=people.customer_key, labels=labels)
