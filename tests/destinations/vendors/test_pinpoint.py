"""Pinpoint beyond what every destination does: endpoints, files, jobs and segments."""

from __future__ import annotations

import csv
import json
from collections import defaultdict

import pytest

from tessera.destinations.planning.plan import Plan
from tessera.destinations.port import Contact, Item
from tessera.destinations.segments import Sizes, segments
from tessera.destinations.vendors.pinpoint import destination as vendor
from tessera.destinations.vendors.pinpoint import imports as vendor_imports
from tessera.destinations.vendors.pinpoint import segments as vendor_segments
from tessera.records.loads.segment import Segment
from tessera.segments.definition import load_preset
from tessera.segments.sets.catalog import SHIPPED, segment_sets

CONTACTS = (
    Contact("EMAIL", "ann@example.com"),
    Contact("PUSH", "token"),
    Contact("SMS", "+12125550100"),
)


def item_of(customer) -> Item:
    (item,) = Plan(vendor, ledger=[]).offer(customer)
    return item


@pytest.fixture
def ann(customer) -> Item:
    return item_of(customer(1, contacts=CONTACTS, labels='{"value_tier": "High", "mine": "Łódź"}'))


def lines(items, *, addresses=True):
    return [
        json.loads(line) for line in vendor_imports.to_json(items, addresses=addresses).splitlines()
    ]


def test_a_customer_is_one_endpoint_a_channel_and_one_that_carries_the_attributes(ann):
    carrier, *others = lines([ann])
    assert (carrier["ChannelType"], carrier["Address"]) == ("CUSTOM", "C 1")
    assert [(one["ChannelType"], one["Address"]) for one in others] == [
        ("EMAIL", "ann@example.com"), ("PUSH", "token"), ("SMS", "+12125550100"),
    ]  # fmt: skip
    assert {one["User"]["UserId"] for one in (carrier, *others)} == {"C 1"}
    assert len({one["Id"] for one in (carrier, *others)}) == 4
    attributes = carrier["User"]["UserAttributes"]
    assert attributes["rfm_segment"] == ["Champions"]
    assert attributes["rfm_monetary"] == ["12.50"]
    assert attributes["rfm_set_mine"] == ["Łódź"]
    assert attributes["rfm_clv_365d"] == []  # what a customer no longer has is removed


@pytest.mark.parametrize(
    ("products", "sent"),
    [(["M1", "x" * 97, "T1"], ["M1|" + "x" * 97]), (["x" * 101, "M1"], ["M1"]), (["x" * 101], [])],
)
def test_products_are_those_that_fit_into_a_value(customer, products, sent):
    (carrier,) = lines([item_of(customer(1, next_products=json.dumps(products)))])
    assert carrier["User"]["UserAttributes"]["rfm_next_products"] == sent


def test_addresses_stay_out_unless_they_are_asked_for(ann):
    assert [one["ChannelType"] for one in lines([ann], addresses=False)] == ["CUSTOM"]


def test_endpoints_keep_their_ids_whatever_becomes_of_the_address(customer):
    first, second = (
        lines([item_of(customer(1, contacts=(Contact("EMAIL", address),)))])
        for address in ("ann@example.com", "ann@example.org")
    )
    assert [one["Id"] for one in first] == [one["Id"] for one in second]


def test_channels_that_pinpoint_lacks_stay_out(customer):
    odd = (Contact("FAX", "1"), Contact("CUSTOM", "x"))
    assert [one["ChannelType"] for one in lines([item_of(customer(1, contacts=odd))])] == ["CUSTOM"]


def test_consent_is_never_sent(ann):
    cleared = Item("key", "C 1", "", vendor.cleared("C 1"))
    for write in (vendor_imports.to_json, vendor_imports.to_csv):
        text = write([ann, cleared], addresses=True)
        assert not [word for word in ("OptOut", "EffectiveDate", "EndpointStatus") if word in text]


def test_who_left_loses_everything_but_a_mark_that_no_segment_asks_for(customer):
    (carrier,) = lines([Item("key", "C 1", "", vendor.cleared("C 1"))])
    attributes = carrier["User"]["UserAttributes"]
    assert attributes.pop("rfm_segment") == ["-"]
    assert set(map(tuple, attributes.values())) == {()}
    (known,) = lines([item_of(customer(1))])
    assert {*attributes, "rfm_segment"} == set(known["User"]["UserAttributes"])


def unflattened(text):
    """Return the endpoints of a CSV in the form of JSON, by the dots in its header."""
    for row in csv.DictReader(text.splitlines()):
        fields = {name: value for name, value in row.items() if value and "." not in name}
        user = defaultdict(dict)
        for name, value in row.items():
            _, *path = name.split(".")
            if value and path == ["UserId"]:
                user["UserId"] = value
            elif value and path:
                user[path[0]][path[1]] = [value]
        yield {**fields, "User": dict(user)}


def test_csv_and_json_say_the_same(ann, customer):
    items = [ann, item_of(customer(2, segment='At "Risk", long'))]
    wanted = lines(items)
    for one in wanted:
        held = one["User"].get("UserAttributes", {})
        if held:
            one["User"]["UserAttributes"] = {name: value for name, value in held.items() if value}
    assert list(unflattened(vendor_imports.to_csv(items, addresses=True))) == wanted


def test_csv_has_no_line_break_and_no_tab_in_a_value(customer):
    text = vendor_imports.to_csv([item_of(customer(1, segment="a\tb\nc"))], addresses=False)
    assert len(text.splitlines()) == 2
    assert "a b c" in text


def test_long_names_and_values_are_known_beforehand(customer):
    assert vendor_imports.unfit(item_of(customer(1))) is None
    assert vendor_imports.unfit(item_of(customer(1, segment="x" * 101))) == (
        "too-long", "the value of rfm_segment has 101 characters, more than 100",
    )  # fmt: skip
    long = json.dumps({"s" * 60: "x"})
    code, words = vendor_imports.unfit(item_of(customer(1, labels=long)))
    assert code == "too-long"
    assert "the name of rfm_set_sss" in words


# ---- jobs ----------------------------------------------------------------------------------


@pytest.fixture
def items(customer) -> list[Item]:
    return [item_of(customer(number)) for number in range(4)]


def job(items, status="COMPLETED", *, named=(), **counts):
    failures = [
        f"{vendor_imports.endpoint_id(items[n].customer_id, 'CUSTOM')}: no good" for n in named
    ]
    fields = {"TotalProcessed": len(items), "TotalFailures": len(named), "Failures": failures}
    return vendor_imports.outcome(items, {"JobStatus": status, **fields | counts}, addresses=False)


def test_a_job_without_failures_acknowledges_everybody(items):
    assert list(job(items).acknowledged) == items


def test_who_is_named_is_refused_in_the_jobs_words_and_the_others_are_taken(items):
    outcome = job(items, named=[2])
    assert [(one.customer_id, one.code, one.message) for one in outcome.refused] == [
        ("C 2", "400", "no good")
    ]
    assert list(outcome.acknowledged) == [items[0], items[1], items[3]]


@pytest.mark.parametrize(
    "response", [{"TotalFailures": 3}, {"status": "FAILED"}, {"Failures": ["line 1: no good"]}]
)
def test_failures_that_name_nobody_leave_the_others_unacknowledged(items, response):
    outcome = job(items, **{"named": [2], **response})
    assert not outcome.acknowledged
    assert len(outcome.again) + len(outcome.refused) == 4
    assert all(why.code == "unaccounted" for _, why in outcome.again)


def test_only_a_job_that_failed_without_reading_is_hopeless():
    assert vendor_imports.hopeless({"JobStatus": "FAILED", "TotalProcessed": 0})
    assert not vendor_imports.hopeless({"JobStatus": "FAILED", "TotalProcessed": 9})
    assert not vendor_imports.hopeless({"JobStatus": "COMPLETED"})
    assert not vendor_imports.hopeless({})


# ---- segments ------------------------------------------------------------------------------

RISK = Segment("At Risk", "_RFM_At_Risk", "segment", "At Risk", "Long ago.", 1, set="rfm")


def test_a_segment_asks_for_the_users_label(customer):
    assert vendor_segments.definition(RISK)["SegmentGroups"]["Groups"][0]["Dimensions"] == [
        {"UserAttributes": {"rfm_segment": {"AttributeType": "INCLUSIVE", "Values": ["At Risk"]}}}
    ]


def test_a_set_of_ones_own_asks_too_that_the_customer_is_still_there():
    quiet = Segment("Quiet", "_RFM_Quiet", "set", "Quiet", "", 1, set="loudness")
    *_, last = vendor_segments.definition(quiet)["SegmentGroups"]["Groups"][0]["Dimensions"]
    assert last == {
        "UserAttributes": {"rfm_segment": {"AttributeType": "EXCLUSIVE", "Values": ["-"]}}
    }


def test_what_the_service_adds_or_leaves_out_is_no_difference():
    wanted = vendor_segments.definition(RISK)
    (group,) = wanted["SegmentGroups"]["Groups"]
    kept = {"Groups": [{"Dimensions": [{**group["Dimensions"][0], "Metrics": {}}]}]}
    assert vendor_segments.same(wanted, {"SegmentGroups": kept, "Id": "1"})
    assert not vendor_segments.same(
        wanted, {"SegmentGroups": {"Groups": [{**group, "Type": "ANY"}]}}
    )
    assert not vendor_segments.same(wanted, {"Dimensions": group["Dimensions"][0]})


def test_every_shipped_segment_has_a_name_of_its_own_there():
    sets = segment_sets(list(SHIPPED), definition=load_preset("classic-11"), own={})
    made = segments(sets, clusters=[], sizes=Sizes(), capabilities=vendor.CAPABILITIES)
    assert len({one.name for one in made}) == len(made)
    assert "_RFM_Cant_Lose_Them" in {one.name for one in made}
