"""Segments get names that the destination takes, or a reason why there is none."""

from __future__ import annotations

import dataclasses
import json

import pytest

from local.services.frame.service_model import ServiceModel
from tessera.destinations import catalog
from tessera.destinations.capabilities import Capabilities
from tessera.destinations.segments import Sizes, segments
from tessera.destinations.vendors.customer_profiles import destination as customer_profiles
from tessera.errors import InvalidInput
from tessera.segments.definition import PRESETS, load_preset
from tessera.segments.sets.catalog import SHIPPED, segment_sets
from tests.tickets import cluster

CLUSTERS = [cluster(rank, name="recent") for rank in (1, 2)]
MINE = {
    "meaning": "Who looks.",
    "prefix": "Viewer",
    "label": [
        {"label": "Often", "meaning": "Looks often.", "action": "Show more."},
        {"label": "Seldom", "meaning": "Looks seldom.", "action": "Write."},
    ],
    "empty": {"label": "Never", "meaning": "Never looked.", "action": "Wait."},
    "rule": [{"column": "views", "ranges": {"Often": {"from": 5}, "Seldom": {"below": 5}}}],
}


def sets_of(definition, *names: str, own=None):
    return segment_sets(names, definition=definition, own=own or {})


def wanted(definition, *names: str, sizes: Sizes | None = None, own=None, **changes):
    return segments(
        sets_of(definition, *names, own=own),
        clusters=CLUSTERS,
        sizes=sizes or Sizes(),
        capabilities=dataclasses.replace(Capabilities(requests=True), **changes),
    )


def counted(*labels: dict[str, str]) -> Sizes:
    sizes = Sizes()
    for held in labels:
        sizes.count({"segment": "Champions", "cluster": 1, "labels": json.dumps(held)})
    return sizes


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
    sets = sets_of(load_preset(preset), "value_tier", "churn_band", "cancel_band", "value_at_risk")
    listed = segments(sets, clusters=CLUSTERS, sizes=Sizes(), capabilities=capabilities)
    names = [segment.name for segment in listed]
    assert len(set(names)) == len(names)
    assert all(segment.startswith("_RFM_") for segment in names)
    if capabilities.kinds:
        assert {one.kind for one in listed} == capabilities.kinds
        return
    assert [one.name for one in listed if one.kind == "cluster"] == [
        "_RFM_Cluster_1", "_RFM_Cluster_2",
    ]  # fmt: skip
    assert {"_RFM_Value_High", "_RFM_Churn_Risk_High", "_RFM_Risk_Save_First"} < set(names)


def test_an_omitted_set_has_no_segments_and_the_others_keep_theirs():
    sets = sets_of(load_preset("nine"), "value_tier", "churn_band")
    some = {"clusters": CLUSTERS, "sizes": Sizes(), "capabilities": Capabilities(requests=True)}
    everything = segments(sets, **some)
    left = segments(sets, **some, omitted=["churn_band"])
    assert {one.set for one in everything} - {one.set for one in left} == {"churn_band"}
    assert left == [one for one in everything if one.set != "churn_band"]


def test_the_set_cluster_takes_the_place_of_the_ranks_with_the_numbers_that_are_in_use():
    sizes = counted({"cluster": "2"}, {"cluster": "7"}, {"cluster": "2"})
    listed = wanted(load_preset("nine"), "cluster", sizes=sizes)
    assert not [one for one in listed if one.kind == "cluster"]
    assert {one.name: one.customers for one in listed if one.set == "cluster"} == {
        "_RFM_Cluster_2": 2,
        "_RFM_Cluster_7": 1,
        "_RFM_Cluster_None": 0,
    }


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
    for segment, rank, viewer in (
        ("Champions", 1, "Often"),
        ("Champions", 2, "Often"),
        ("Prospect", None, "Never"),
    ):
        labels = json.dumps({"viewer": viewer})
        sizes.count({"segment": segment, "cluster": rank, "labels": labels})
    listed = wanted(load_preset("classic-11"), "viewer", sizes=sizes, own={"viewer": MINE})
    counts = {segment.label: segment.customers for segment in listed if segment.customers}
    assert counts == {
        "Champions": 2, "Prospect": 1, "Cluster 1": 1, "Cluster 2": 1,
        "Viewer Often": 2, "Viewer Never": 1,
    }  # fmt: skip


@pytest.mark.parametrize("preset", PRESETS)
def test_definitions_satisfy_the_service_model(preset):
    model = ServiceModel("customer-profiles")
    long = "x" * 48
    own = {long: {**MINE, "prefix": "Long"}}
    for segment in wanted(load_preset(preset), *SHIPPED, long, own=own):
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
    with pytest.raises(InvalidInput, match=r"customer_profiles.*export.*klaviyo"):
        catalog.check(["fax"])
    assert catalog.check(["customer_profiles"]) == ("export", "customer_profiles")
