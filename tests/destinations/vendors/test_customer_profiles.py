"""Customer Profiles beyond what every destination does."""

from __future__ import annotations

import pytest

from tessera.destinations.planning.load import Load
from tessera.destinations.planning.plan import Plan
from tessera.destinations.port import Item
from tessera.destinations.vendors.customer_profiles import destination as vendor
from tessera.errors import InvalidInput
from tessera.records.loads.segment import Segment
from tests.destinations.places import DOMAIN, ProfilesPlace


@pytest.fixture
def place(profiles, monkeypatch) -> ProfilesPlace:
    return ProfilesPlace(profiles, monkeypatch)


@pytest.fixture
def items(customer) -> list[Item]:
    plan = Plan(vendor, ledger=[])
    return [item for number in range(10) for item in plan.offer(customer(number))]


def loader(place, paused: list[float]) -> Load:
    return Load(vendor=vendor, transport=place.transport, go_on=lambda: True, pause=paused.append)


def own_set() -> Segment:
    fields = {"label": "Quiet", "name": "_RFM_Voice_Quiet", "kind": "set", "set": "loudness"}
    return Segment(**fields, value="Quiet", meaning="Says nothing.", customers=1)


def test_an_item_that_fails_for_a_moment_is_repeated_alone(place, items):
    place.state.faults.fail_item("key-000003", code=429, message="busy", times=2)
    paused: list[float] = []
    account = loader(place, paused).send(items)
    assert len(account.acknowledged) == 10
    assert account.requests == 3
    assert paused == [0.2, 0.4]


def test_an_item_that_keeps_failing_is_refused_with_the_destinations_words(place, items):
    place.state.faults.fail_item("key-000003", code=500, message="no way")
    account = loader(place, []).send(items)
    assert len(account.acknowledged) == 9
    (refusal,) = account.refused
    assert (refusal.customer_id, refusal.code, refusal.message) == ("C 3", "500", "no way")


def test_a_destination_that_is_not_there_says_what_to_do(place, items):
    place.state.domains.clear()
    for call in (lambda: place.transport.check([]), lambda: loader(place, []).send(items)):
        with pytest.raises(InvalidInput, match="deploy the stack again"):
            call()


def test_a_set_of_the_users_own_gets_its_place_once_and_what_else_holds_stays(place):
    domain = place.state.domains[DOMAIN]
    (kind,) = domain.object_types.values()
    kind["EncryptionKey"] = "arn:aws:kms:us-east-1:000000000000:key/k"
    place.transport.check([own_set()])
    (after,) = domain.object_types.values()
    assert set(after["Fields"]) - set(kind["Fields"]) == {"rfm_set_loudness"}
    changed = {"Fields": None, "LastUpdatedAt": None}
    assert {**after, **changed} == {**kind, **changed}
    place.state.calls.clear()
    place.transport.check([own_set()])
    place.transport.check([])  # an earlier run's set keeps its place
    assert set(place.state.calls) == {"GetProfileObjectType"}
