"""A stand-in shows what it holds: customers, segments, labels."""

from __future__ import annotations

import dataclasses

import pytest

from local.loopback.held import Held, seen
from tessera.destinations import catalog
from tessera.destinations.planning.plan import Plan
from tessera.destinations.port import Contact, Loaded
from tessera.records.loads.segment import Segment
from tests.destinations.places import (
    AUDIENCES,
    OTHERS,
    SERVERS,
    STATES,
    Bench,
    InTens,
    http_place,
)

AT_RISK = Segment("At Risk", "_RFM_At_Risk", "segment", "At Risk", "Spent much, long ago", 1, "rfm")


def load(vendor: Loaded, place, customers) -> None:
    """Load customers, and make the segment where it can be made."""
    place.transport.check([AT_RISK])
    planned = Plan(vendor, ledger=[])
    bench = Bench(vendor, place)
    assert not bench.send([item for one in customers for item in planned.offer(one)]).refused
    place.transport.ensure(AT_RISK)


def check(held: Held, *, makes_segments: bool) -> None:
    shown = seen(held, most=2)
    assert shown["customers"] == 3
    assert shown["labels"]["rfm_segment"] == {"Champions": 2, "At Risk": 1}
    assert list(shown["held"]) == ["C 1", "C 2"]
    assert shown["held"]["C 2"]["rfm_segment"] == "At Risk"
    assert shown["segments"] == ({"_RFM_At_Risk": 1} if makes_segments else {})


def people(customer):
    return [customer(1), customer(2, segment="At Risk"), customer(3)]


@pytest.fixture(params=sorted(catalog.HTTP))
def served(request):
    """A stand-in that serves, and its name."""
    server = SERVERS[request.param]()
    server.start()
    server.state = STATES[request.param]()
    yield request.param, server
    server.stop()


def test_a_vendor_s_stand_in_shows_what_was_sent(served, customer):
    name, server = served
    vendor, everybody = catalog.HTTP[name], people(customer)
    if name in AUDIENCES:  # these know nobody but by an address, and with consent
        everybody = [dataclasses.replace(one, ad_consent=True) for one in addressed(customer)]
    load(InTens(vendor), http_place(name, server), everybody)
    if name in AUDIENCES:
        shown = seen(server.held(), most=1)
        assert shown["customers"] == 3
        assert shown["segments"]["_RFM_At_Risk"] == 1
    else:
        check(server.held(), makes_segments=vendor.CAPABILITIES.segments)


def addressed(customer):
    labels = {1: "Champions", 2: "At Risk", 3: "Champions"}
    return [
        customer(number, segment=label, contacts=(Contact("EMAIL", f"p{number}@example.com"),))
        for number, label in labels.items()
    ]


def test_customer_profiles_shows_the_profiles_of_its_domains(
    profiles, request, monkeypatch, customer
):
    name = "customer_profiles"
    place = OTHERS[name](request, monkeypatch)
    load(InTens(catalog.LOADED[name]), place, people(customer))
    check(profiles.held(), makes_segments=True)
    profiles.call("CreateDomain", {"DomainName": "another", "DefaultExpirationDays": 1096})
    assert set(profiles.held()["segments"]) == {"amazon-connect-shop/_RFM_At_Risk"}


def test_only_the_requested_customer_is_named():
    held: Held = {"customers": {"C 1": {"rfm_segment": "Lost"}, "C 2": {}}, "segments": {}}
    assert seen(held)["held"] == {}
    assert seen(held, customer="C 2")["held"] == {"C 2": {}}
    assert seen(held, most=5, customer="C 9")["held"] == {}
