"""Segments get names that the destination takes, or a reason why there is none."""

from __future__ import annotations

import dataclasses

import pytest

from local.services.service_model import ServiceModel
from tessera.destinations import catalog
from tessera.destinations.port import Capabilities
from tessera.destinations.segments import Sizes, segments
from tessera.destinations.vendors import customer_profiles
from tessera.errors import InvalidInput
from tessera.segments.definition import PRESETS, load_preset

CLUSTERS = [{"rank": rank, "name": "recent"} for rank in (1, 2)]


def wanted(definition, **changes):
    capabilities = dataclasses.replace(Capabilities(requests=True), **changes)
    return segments(definition, clusters=CLUSTERS, sizes=Sizes(), capabilities=capabilities)


def relabelled(*labels: str):
    definition = load_preset("classic-11")
    renamed = [
        dataclasses.replace(segment, label=label)
        for segment, label in zip(definition.segments, labels, strict=False)
    ]
    return dataclasses.replace(definition, segments=tuple(renamed))


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("name", sorted(catalog.CATALOG))
def test_every_preset_has_names_at_every_destination(preset, name):
    capabilities = catalog.CATALOG[name].CAPABILITIES
    found = segments(
        load_preset(preset), clusters=CLUSTERS, sizes=Sizes(), capabilities=capabilities
    )
    names = [segment.name for segment in found]
    assert len(set(names)) == len(names)
    assert all(segment.startswith("_RFM_") for segment in names)
    assert names[-2:] == ["_RFM_Cluster_1", "_RFM_Cluster_2"]


def test_two_labels_with_one_name_are_an_error():
    with pytest.raises(InvalidInput, match="both be called '_RFM_At_Risk'"):
        wanted(relabelled("At Risk", "At-Risk"), name_characters="A-Za-z0-9_")
    with pytest.raises(InvalidInput, match="_RFM_Cluster_1"):
        wanted(relabelled("Cluster: 1"))


def test_a_label_without_a_valid_name_is_an_error():
    with pytest.raises(InvalidInput, match="rename it"):
        wanted(relabelled("☂"))
    with pytest.raises(InvalidInput, match="at most 64"):
        wanted(relabelled("x" * 60))


def test_sizes_are_what_was_counted():
    sizes = Sizes()
    for segment, cluster in (("Champions", 1), ("Champions", 2), ("Prospect", None)):
        sizes.count({"segment": segment, "cluster": cluster})
    capabilities = Capabilities(requests=True)
    found = segments(
        load_preset("classic-11"), clusters=CLUSTERS, sizes=sizes, capabilities=capabilities
    )
    counted = {segment.label: segment.customers for segment in found if segment.customers}
    assert counted == {"Champions": 2, "Prospect": 1, "Cluster 1": 1, "Cluster 2": 1}


@pytest.mark.parametrize("preset", PRESETS)
def test_definitions_satisfy_the_service_model(preset):
    model = ServiceModel("customer-profiles")
    for segment in wanted(load_preset(preset)):
        request = {"DomainName": "amazon-connect-shop", **customer_profiles.definition(segment)}
        assert model.problems("CreateSegmentDefinition", request) == []


def test_what_the_service_adds_to_a_condition_makes_no_difference():
    (segment, *_) = wanted(load_preset("classic-11"))
    condition = customer_profiles.groups(segment)
    (group,) = condition["Groups"]
    echoed = {**condition, "Groups": [{**group, "SourceSegments": [], "SourceType": "ALL"}]}
    assert customer_profiles.same(condition, echoed)
    assert not customer_profiles.same(condition, {**condition, "Include": "NONE"})
    assert not customer_profiles.same(condition, {})


def test_the_catalog_names_what_it_has():
    with pytest.raises(InvalidInput, match="customer_profiles, export"):
        catalog.check(["fax"])
    assert catalog.check(["customer_profiles"]) == ("export", "customer_profiles")
