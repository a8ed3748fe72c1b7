"""What is special about erasing a person at each vendor."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from local.services.frame import http_service
from tessera.destinations import catalog
from tessera.destinations.audiences.membership import EMAIL, LABEL, PHONE, hashed
from tessera.destinations.erasing import ErasurePerson, erase_people
from tessera.destinations.planning.plan import Plan
from tessera.destinations.port import Contact, Item
from tessera.destinations.requests import Response
from tessera.errors import Refused
from tests.destinations.places import SERVERS, STATES, HttpPlace, http_place

UNSUBSCRIBED = {"email": {"marketing": {"consent": "UNSUBSCRIBED"}}}
SUPPRESSED = {"email": {"marketing": {"consent": "SUBSCRIBED", "suppression": [{"reason": "x"}]}}}
TEXTED = {"email": None, "sms": {"marketing": {"consent": "UNSUBSCRIBED"}}}
FINE = {"email": {"marketing": {"consent": "SUBSCRIBED", "suppression": [], "method": None}}}


def leaver(number: int = 1, **changes) -> ErasurePerson:
    given = {"customer_key": f"key-{number:06}", "customer_id": f"C {number}", **changes}
    return ErasurePerson(**given)


@pytest.fixture(scope="module")
def servers() -> Iterator[dict]:
    running = {name: SERVERS[name]() for name in SERVERS if name != "webhook"}
    for server in running.values():
        server.start()
    yield running
    for server in running.values():
        server.stop()


@pytest.fixture
def place(request, servers, customer) -> HttpPlace:
    """A vendor that has two customers."""
    server = servers[request.param]
    server.state = STATES[request.param]()
    made = http_place(request.param, server)
    planned = Plan(catalog.LOADED[request.param], ledger=[])
    items = [item for number in (1, 2) for item in planned.offer(customer(number))]
    made.transport.send(items)
    return made


def at(name: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("place", [name], indirect=True)


# ---- Klaviyo -------------------------------------------------------------------------------


@at("klaviyo")
@pytest.mark.parametrize("opted_out", [UNSUBSCRIBED, SUPPRESSED, TEXTED])
def test_klaviyo_keeps_an_opt_out_and_loses_what_is_ours(place, opted_out):
    profile = place.state.profiles["C 1"]
    profile |= {"subscriptions": opted_out, "email": "ann@example.com"}
    profile["properties"] |= {"colour": "green", "rfm_set_own": "Loud"}
    answer = place.transport.erase(leaver())
    assert (answer.status, "opted out" in answer.detail) == ("cleared", True)
    assert set(place.state.profiles) == {"C 2"}
    assert profile["properties"] == {"colour": "green"}
    assert profile["email"] == "ann@example.com"
    assert place.transport.erase(leaver()).status == "absent"


@at("klaviyo")
@pytest.mark.parametrize("subscriptions", [FINE, {}, {"email": None}])
def test_klaviyo_deletes_a_profile_that_has_not_opted_out(place, subscriptions):
    place.state.profiles["C 1"]["subscriptions"] = subscriptions
    assert place.transport.erase(leaver()).status == "requested"
    assert set(place.state.profiles) == {"C 2"}


@at("klaviyo")
def test_klaviyo_finds_an_id_with_quotes(place):
    odd = 'C "1\\'
    place.state.profiles[odd] = place.state.profiles.pop("C 1")
    assert place.transport.erase(leaver(customer_id=odd)).status == "requested"
    assert set(place.state.profiles) == {"C 2"}


# ---- Braze, Iterable, Customer.io, HubSpot -------------------------------------------------


PERMISSIONS = {"braze": "users.delete", "klaviyo": "data-privacy:write", "iterable": "server-side"}


@pytest.mark.parametrize("place", sorted(PERMISSIONS), indirect=True)
def test_a_rejected_key_says_which_permission_it_lacks(place):
    method = "POST"
    place.state.faults.fail_next(1, http_service.DENIED, method=method)
    with pytest.raises(Refused, match=PERMISSIONS[place.name]):
        place.transport.erase(leaver())


@at("iterable")
def test_iterable_refuses_a_forgotten_id_from_then_on(place, customer):
    answer = place.transport.erase(leaver())
    assert "keeps a hash" in answer.detail
    planned = Plan(catalog.LOADED["iterable"], ledger=[])
    outcome = place.transport.send(list(planned.offer(customer(1))))
    assert [one.code for one in outcome.refused] == ["forgotten"]
    assert set(place.customers()) == {"C 2"}


@at("iterable")
def test_iterable_deletes_by_id_in_a_project_that_forgets_by_address(place):
    place.state.forgets_by_id = False
    answer = place.transport.erase(leaver())
    assert (answer.status, "does not forget" in answer.detail) == ("requested", True)
    assert set(place.customers()) == {"C 2"}
    assert place.transport.erase(leaver()).status == "absent"


@at("customerio")
def test_customerio_ignores_a_suppressed_id_from_then_on(place, customer):
    place.transport.erase(leaver())
    planned = Plan(catalog.LOADED["customerio"], ledger=[])
    place.transport.send(list(planned.offer(customer(1))))
    assert set(place.customers()) == {"C 2"}


@at("customerio")
def test_customerio_that_does_not_accept_a_person_is_an_error(place):
    place.state.faults.fail_item("C 1", code="invalid", message="no, not C 1")
    with pytest.raises(Refused) as caught:
        place.transport.erase(leaver())
    assert "C 1" not in repr(caught.value)
    assert set(place.customers()) == {"C 1", "C 2"}


@pytest.mark.parametrize("place", ["customerio", "iterable"], indirect=True)
def test_an_id_that_is_too_long_for_a_vendor_was_never_there(place):
    before = len(place.state.requests)
    assert place.transport.erase(leaver(customer_id="C" * 200)).status == "absent"
    assert len(place.state.requests) == before


def test_braze_that_queued_nobody_does_not_know_the_person():
    counted = [Response(201, {"message": "success", "deleted": count}) for count in (0, 1)]
    vendor = catalog.HTTP["braze"]
    assert [vendor.erase_request(leaver(), [one]).status for one in counted] == [
        "absent",
        "requested",
    ]


@at("hubspot")
def test_hubspot_deletes_for_good_and_by_its_own_id(place):
    answer = place.transport.erase(leaver())
    assert "30 days" in answer.detail
    assert [one.path for one in place.state.requests][-1].endswith("/gdpr-delete")
    assert set(place.customers()) == {"C 2"}


# ---- audiences -----------------------------------------------------------------------------


@pytest.fixture(params=["google_ads", "meta"])
def audiences(request, servers) -> HttpPlace:
    """A platform with two audiences and five members in each."""
    server = servers[request.param]
    server.state = STATES[request.param]()
    made = http_place(request.param, server)
    items = [
        Item(f"key-{n}", f"C {n}", "d", {"customer_id": f"C {n}", LABEL: label, **hashes(n)})
        for n, label in enumerate(["Champions", "Lost"] * 5)
    ]
    made.transport.send(items)
    return made


def hashes(number: int) -> dict[str, str]:
    return {EMAIL: hashed(f"person-{number}@example.com"), PHONE: hashed(f"+1212555010{number}")}


def test_a_platform_erases_many_people_in_as_many_requests_as_one(audiences):
    people = [leaver(n, traces=(":".join(hashes(n).values()),)) for n in (1, 2, 3)]
    before = len(audiences.state.requests)
    answers = [answer.status for _, answer in erase_people(audiences.transport, people)]
    assert answers == ["requested"] * 3
    assert len(audiences.state.requests) - before == 3  # the list, and one for each audience
    assert len(audiences.customers()) == 7


def test_a_platform_knows_people_by_their_addresses_too(audiences):
    person = leaver(4, contacts=(Contact("EMAIL", "person-4@example.com"),))
    assert audiences.transport.erase(person).status == "requested"
    assert "C 4" not in audiences.customers()
    nobody = leaver(4, contacts=(Contact("SMS", "030 901820"), Contact("PUSH", "token")))
    before = len(audiences.state.requests)
    assert audiences.transport.erase(nobody).status == "absent"
    assert len(audiences.state.requests) == before


def test_a_platform_without_our_audiences_has_nobody(audiences):
    audiences.state.audiences.clear()
    person = leaver(1, traces=(":".join(hashes(1).values()),))
    assert audiences.transport.erase(person).status == "absent"


@pytest.mark.parametrize("audiences", ["meta"], indirect=True)
def test_meta_that_calls_a_hash_invalid_leaves_it_to_people(audiences):
    people = [leaver(1, traces=("no-hash:",)), leaver(2, traces=(f"{hashes(2)[EMAIL]}:",))]
    answers = [answer.status for _, answer in erase_people(audiences.transport, people)]
    assert answers == ["by hand", "requested"]
