"""HubSpot: exactly what its calls say, and how its answers are read."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.services.hubspot.rules import wrong_value
from local.services.hubspot.server import HubSpotServer
from tessera.contracts.hubspot import KEY
from tessera.destinations import content
from tessera.destinations.planning.load import batches
from tessera.destinations.port import Contact, Item, compact
from tessera.destinations.requests import Malformed, Response
from tessera.destinations.vendors.hubspot import destination as hubspot
from tessera.errors import InvalidInput, Refused
from tessera.records.loads.segment import Segment
from tessera.segments.sets.catalog import SHIPPED
from tests.destinations.places import HttpPlace

EMAIL, SMS = Contact("EMAIL", "ann@example.com"), Contact("SMS", "+12125550100")
AT_RISK = Segment("At Risk", "_RFM_At_Risk", "segment", "At Risk", "Spent much.", 7)
QUIET = Segment("Quiet", "_RFM_Voice_Quiet", "set", "Quiet", "Quiet.", 7, set="loudness")


NOBODY = Response(207, {"results": [], "numErrors": 1, "errors": [{"message": "not there"}]})


def item(number: int, **content: str) -> Item:
    fields = {"customer_id": f"C {number}", "rfm_segment": "Lost", **content}
    return Item(f"key-{number}", f"C {number}", "d" * 32, fields)


@pytest.fixture
def place():
    server = HubSpotServer()
    server.start()
    yield HttpPlace("hubspot", server)
    server.stop()


@pytest.fixture
def prepared(place):
    """An account whose properties are there."""
    place.transport.check([])
    place.state.requests.clear()
    return place


def posted(place) -> list[str]:
    return [one.path for one in place.state.requests if one.method != "GET"]


# ---- contacts ------------------------------------------------------------------------------


def test_a_contact_goes_by_our_id_and_says_what_to_empty(customer):
    record = hubspot.contact(hubspot.render(customer(1, contacts=(EMAIL, SMS))), trace="7")
    properties = record.pop("properties")
    assert record == {"idProperty": "tessera_customer_id", "id": "C 1", "objectWriteTraceId": "7"}
    assert (properties["email"], properties["phone"]) == ("ann@example.com", "+12125550100")
    assert (properties["rfm_segment"], properties["rfm_monetary"]) == ("Champions", "12.50")
    assert {name for name, value in properties.items() if not value} == {
        "rfm_clv_365d", "rfm_next_order", "rfm_next_products",
        *map(content.set_attribute, SHIPPED),
    }  # fmt: skip
    left = hubspot.contact(hubspot.cleared("C 1"), trace="7")
    assert left["properties"] == dict.fromkeys(content.NAMES, "")


def test_every_value_fits_its_property(customer):
    labels = json.dumps(dict.fromkeys(SHIPPED, "High"))
    forecast = {"clv_365d": Decimal("99.5"), "next_order_at": dt.date(2026, 6, 1)}
    forecast["next_products"] = '["M1"]'
    values = hubspot.render(customer(1, contacts=(EMAIL, SMS), labels=labels, **forecast))
    kinds = {one["name"]: one for one in hubspot.missing([], [])}
    ours = {name: value for name, value in values.items() if name in content.NAMES}
    assert set(ours) == set(content.NAMES)
    assert wrong_value(ours, kinds) is None
    assert {one["type"] for one in kinds.values()} == {"string", "number", "date"}
    assert [one["name"] for one in kinds.values() if one["hasUniqueValue"]] == [KEY]


@given(st.lists(st.text(max_size=300), min_size=1, max_size=100))
def test_a_body_is_never_longer_than_is_reckoned(texts):
    items = [item(number, email=text) for number, text in enumerate(texts)]
    for batch in batches(items, vendor=hubspot):
        reckoned = sum(
            len(one.text.encode()) + hubspot.CAPABILITIES.item_overhead_bytes for one in batch
        )
        body = compact(hubspot.next_request(batch, [NOBODY]).body).encode()
        assert len(body) <= reckoned + 100
        assert len(batch) <= 100


def test_the_others_are_taken_when_some_are_refused():
    items = [item(1), item(2), item(3)]
    context = {"objectWriteTraceId": ["1"], "existingId": ["101"]}
    error = {"category": "CONFLICT", "message": "Contact already exists.", "context": context}
    body = {"results": [{"id": "101"}, {"id": "103"}], "numErrors": 1, "errors": [error]}
    outcome = hubspot.outcome(items, [Response(207, body)])
    assert outcome.acknowledged == (items[0], items[2])
    assert [(one.customer_id, one.code, one.message) for one in outcome.refused] == [
        ("C 2", "CONFLICT", "Contact already exists.")
    ]


@pytest.mark.parametrize(
    "errors",
    [
        {"numErrors": 1, "errors": [{"category": "X", "message": "no"}]},
        {"numErrors": 1, "errors": []},
        {"numErrors": 1},
        {},
    ],
)
def test_an_item_that_the_response_does_not_account_for_is_sent_again(errors):
    items = [item(1), item(2)]
    body = {"results": [{"id": "1", "objectWriteTraceId": "1"}], **errors}
    outcome = hubspot.outcome(items, [Response(207, body)])
    assert outcome.acknowledged == (items[1],)
    assert [one for one, _ in outcome.again] == [items[0]]
    assert not outcome.refused


@pytest.mark.parametrize("body", [None, {}, [], {"results": "x"}, {"results": [1, 2, 3]}])
def test_a_success_of_another_shape_acknowledges_nobody(body):
    try:
        outcome = hubspot.outcome([item(1)], [Response(200, body)])
    except (Malformed, AttributeError):
        return
    assert not outcome.acknowledged


def test_a_contact_with_the_address_and_no_customer_id_is_adopted_and_keeps_what_it_has(prepared):
    prepared.state.contacts["7"] = {"email": "Ann@example.com", "phone": "+12125550199"}
    people = [item(1, email="ann@example.com", phone="+12125550100"), item(2, email="b@a.example")]
    assert prepared.transport.send(people).acknowledged == tuple(people)
    mine = {"email": "Ann@example.com", "phone": "+12125550199", "rfm_segment": "Lost"}
    assert prepared.state.contacts["7"] == mine
    assert prepared.customers()["C 1"] == mine
    assert prepared.customers()["C 2"]["email"] == "b@a.example"
    assert [one.rpartition("/")[2] for one in posted(prepared)] == [
        "read", "read", "update", "upsert",
    ]  # fmt: skip
    prepared.state.requests.clear()
    assert prepared.transport.send(people).acknowledged == tuple(people)
    assert [one.rpartition("/")[2] for one in posted(prepared)] == ["read", "upsert"]


def test_a_contact_that_belongs_to_another_customer_is_left_alone_and_who_asks_is_refused(prepared):
    first = item(1, email="ann@example.com")
    prepared.transport.send([first])
    outcome = prepared.transport.send([item(2, email="ann@example.com"), item(3)])
    assert [one.customer_id for one in outcome.acknowledged] == ["C 3"]
    assert [(one.customer_id, one.code) for one in outcome.refused] == [("C 2", "CONFLICT")]
    assert prepared.customers()["C 1"]["email"] == "ann@example.com"


def test_an_address_is_given_and_never_changed(prepared):
    first = [item(1, email="old@a.example"), item(2)]
    assert prepared.transport.send(first).acknowledged == tuple(first)
    moved = item(1, email="new@a.example", phone="+12125550100", rfm_segment="Champions")
    late = item(2, email="late@a.example")
    assert prepared.transport.send([moved, late]).acknowledged == (moved, late)
    held = prepared.customers()
    assert (held["C 1"]["email"], held["C 1"]["phone"]) == ("old@a.example", "+12125550100")
    assert held["C 1"]["rfm_segment"] == "Champions"
    assert held["C 2"]["email"] == "late@a.example"


def test_an_upsert_whose_answer_is_lost_makes_nobody_twice(prepared):
    prepared.lost(1)
    assert len(prepared.transport.send([item(1), item(2)]).acknowledged) == 2
    assert len(prepared.state.contacts) == 2


def test_without_an_address_to_send_none_is_read(prepared):
    prepared.transport.send([item(1), item(2)])
    assert posted(prepared) == ["/crm/objects/2026-09/contacts/batch/upsert"]


def test_a_read_that_is_refused_ends_the_exchange():
    items = [item(1, email="a@b.example")]
    responses = [Response(400, {"category": "VALIDATION_ERROR", "message": "no"})]
    assert hubspot.next_request(items, responses) is None
    outcome = hubspot.outcome(items, responses)
    assert [(why.code, why.message) for _, why in outcome.again] == [("VALIDATION_ERROR", "no")]


def test_a_batch_that_is_refused_as_a_whole_is_halved_until_it_is_clear_who_is_meant(prepared):
    prepared.state.traces = False
    items = [
        item(number, email="x" if number == 5 else f"{number}@a.example") for number in range(8)
    ]
    outcome = prepared.transport.send(items)
    assert len(outcome.acknowledged) == 7
    assert [(one.customer_id, one.message) for one in outcome.refused] == [
        ("C 5", "the email address is invalid")
    ]


# ---- properties ----------------------------------------------------------------------------


def test_the_first_check_makes_the_group_and_every_property_and_the_next_none(place):
    place.transport.check([AT_RISK])
    assert posted(place) == [
        "/crm/properties/2026-09/contacts/groups",
        "/crm/properties/2026-09/contacts/batch/create",
    ]
    assert set(place.state.properties) >= {"tessera_customer_id", *content.NAMES}
    assert place.state.properties["tessera_customer_id"]["hasUniqueValue"] is True
    place.state.requests.clear()
    place.transport.check([AT_RISK])
    assert posted(place) == []


def test_a_set_of_the_users_own_gets_its_property_once(prepared):
    prepared.transport.check([AT_RISK, QUIET])
    (request,) = [one for one in prepared.state.requests if one.method == "POST"]
    assert [one["name"] for one in request.body["inputs"]] == ["rfm_set_loudness"]
    prepared.transport.check([AT_RISK, QUIET])
    assert len(posted(prepared)) == 1


def test_what_went_wrong_halfway_is_made_up_for(place):
    place.lost(1)  # the group is made, its answer lost
    place.transport.check([])
    assert set(place.state.properties) >= set(content.NAMES)
    assert posted(place).count("/crm/properties/2026-09/contacts/groups") == 1


@pytest.mark.parametrize(
    ("name", "other"),
    [("rfm_segment", {"type": "enumeration"}), ("tessera_customer_id", {"hasUniqueValue": False})],
)
def test_a_property_of_somebody_else_is_left_alone_and_named(prepared, name, other):
    prepared.state.properties[name] = prepared.state.properties[name] | other
    with pytest.raises(InvalidInput, match=f"contact property {name} that Tessera did not create"):
        prepared.transport.check([])
    assert posted(prepared) == []


def test_properties_that_hubspot_does_not_make_stop_the_run():
    there = [Response(200, {"results": []}), Response(200, {"name": "tessera"})]
    error = {"category": "LIMIT", "message": "too many properties"}
    with pytest.raises(Refused, match="LIMIT too many properties"):
        hubspot.prepare_request([], [*there, Response(207, {"results": [], "errors": [error]})])
    with pytest.raises(Malformed):
        hubspot.prepare_request([], [*there, Response(409, {})])


# ---- lists ---------------------------------------------------------------------------------


def test_a_list_asks_for_the_label_and_in_a_set_for_being_here_too():
    (branch,) = hubspot.definition(AT_RISK)["filterBranches"]
    (equals,) = branch["filters"]
    assert equals["property"] == "rfm_segment"
    assert equals["operation"]["values"] == ["At Risk"]
    (branch,) = hubspot.definition(QUIET)["filterBranches"]
    assert [one["property"] for one in branch["filters"]] == ["rfm_set_loudness", "rfm_segment"]


def test_what_the_service_adds_to_a_list_does_not_change_it():
    extended = hubspot.definition(AT_RISK) | {"filterBranches": [
        one | {"filters": [inner | {"new": 1} for inner in one["filters"]], "id": "x"}
        for one in hubspot.definition(AT_RISK)["filterBranches"]
    ]}  # fmt: skip
    kept = {"listId": "9", "processingType": "DYNAMIC", "filterBranch": extended}
    assert hubspot.segment_request(AT_RISK, [Response(200, {"list": kept})]) == "kept"
    for other in (hubspot.definition(QUIET), None, {}):
        existing = Response(200, {"list": kept | {"filterBranch": other}})
        request = hubspot.segment_request(AT_RISK, [existing])
        assert (request.method, request.path) == ("PUT", "/crm/lists/2026-09/9/update-list-filters")


def test_a_list_that_is_not_active_is_left_alone_and_named():
    other = {"listId": "9", "processingType": "MANUAL"}
    with pytest.raises(Refused, match="a list _RFM_At_Risk that is not active"):
        hubspot.segment_request(AT_RISK, [Response(200, {"list": other})])


def test_a_list_that_somebody_makes_meanwhile_is_looked_at_again(prepared):
    prepared.lost(1)
    assert prepared.transport.ensure(AT_RISK) == "kept"
    assert len(prepared.state.lists) == 1


@pytest.mark.parametrize(
    ("response", "size"),
    [
        (Response(404, {}), None),
        (Response(200, {"list": {"processingStatus": "PROCESSING", "size": 3}}), None),
        (Response(200, {"list": {"processingStatus": "COMPLETE"}}), None),
        (Response(200, {"list": {"processingStatus": "COMPLETE", "size": 0}}), 0),
    ],
)
def test_a_size_is_known_once_the_list_is_worked_out(response, size):
    assert hubspot.size_request(AT_RISK, [response]) == size


def test_nobody_is_put_on_a_list(prepared):
    prepared.transport.send([item(1)])
    prepared.transport.ensure(AT_RISK)
    prepared.transport.size(AT_RISK)
    assert not [one for one in prepared.state.requests if "memberships" in one.path]
