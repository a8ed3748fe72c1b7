"""Braze: exactly what its calls say, and how its answers are read."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from decimal import Decimal
from typing import Any

import pytest

from local.services.braze import Braze, BrazeServer
from local.services.frame.http_service import ReceivedRequest, Rejected
from tessera.destinations import content
from tessera.destinations.planning.load import batches
from tessera.destinations.port import BY_HAND, Contact, Item
from tessera.destinations.requests import Malformed, Request, Response
from tessera.destinations.vendors.braze import destination as braze
from tessera.errors import InvalidInput
from tessera.records.loads.segment import Segment
from tests.destinations.places import TYPED, HttpPlace

CONTACTS = (Contact("EMAIL", "ann@example.com"), Contact("SMS", "+12125550100"))
HOST = "https://rest.fra-02.braze.eu"


def item(number: int, **fields: str) -> Item:
    values = {"customer_id": f"C {number}", "rfm_segment": "Lost", **fields}
    return Item(f"key-{number}", f"C {number}", "d" * 32, values)


def success(processed: int, *errors: object) -> Response:
    fields = {"errors": list(errors)} if errors else {}
    return Response(201, {"message": "success", "attributes_processed": processed, **fields})


def error(index: int, message: str = "bad", array: str = "attributes") -> dict[str, object]:
    return {"type": message, "input_array": array, "index": index}


@pytest.fixture
def place():
    server = BrazeServer()
    server.start()
    yield HttpPlace("braze", server)
    server.stop()


# ---- users ---------------------------------------------------------------------------------


def test_a_user_has_numbers_as_numbers_and_null_for_what_is_not(customer):
    fields = {"clv_365d": Decimal("99.5"), "next_order_at": dt.date(2026, 6, 1)}
    made = braze.attributes(braze.render(customer(1, **fields)))
    assert {name: value for name, value in made.items() if value is not None} == {
        "external_id": "C 1",
        "_update_existing_only": False,
        **TYPED,
    }
    assert "rfm_set_value_tier" in made


def test_no_address_is_sent_because_a_new_one_subscribes(customer):
    assert braze.render(customer(1, contacts=CONTACTS)) == braze.render(customer(1))


def test_a_customer_who_left_loses_each_of_our_attributes():
    made = braze.attributes(braze.cleared("C 1"))
    assert {name for name, value in made.items() if value is None} == set(content.NAMES)


def test_batches_are_as_small_as_the_smallest_contract_asks_for():
    assert [len(one) for one in batches(map(item, range(120)), vendor=braze)] == [50, 50, 20]


def test_one_call_has_the_batch():
    request = braze.next_request([item(1)], [])
    assert (request.method, request.path) == ("POST", "/users/track")
    assert request.body["attributes"][0]["external_id"] == "C 1"
    assert braze.next_request([item(1)], [success(1)]) is None


# ---- answers -------------------------------------------------------------------------------


def test_a_success_with_errors_refuses_those_it_names():
    outcome = braze.outcome([item(1), item(2), item(3)], [success(2, error(1, "bad day"))])
    assert [one.key for one in outcome.acknowledged] == ["key-1", "key-3"]
    (refusal,) = outcome.refused
    assert (refusal.customer_id, refusal.code, refusal.message) == ("C 2", "400", "bad day")


@pytest.mark.parametrize(
    "response",
    [
        success(1),
        success(2, error(7)),
        success(2, error(0, array="events")),
        success(2, {"type": "bad"}),
        success(2, "bad"),
    ],
)
def test_an_item_that_the_response_does_not_account_for_is_sent_again(response):
    outcome = braze.outcome([item(1), item(2)], [response])
    assert len(outcome.again) == 2
    assert not outcome.acknowledged + outcome.refused


def test_two_errors_about_one_customer_are_one_refusal_with_the_first_words():
    outcome = braze.outcome([item(1), item(2)], [success(1, error(0, "first"), error(0, "second"))])
    assert [one.key for one in outcome.acknowledged] == ["key-2"]
    assert [one.message for one in outcome.refused] == ["first"]


def test_a_refused_request_refuses_the_named_items_and_the_rest_is_sent_again():
    response = Response(400, {"message": "Valid data must be provided.", "errors": [error(0)]})
    outcome = braze.outcome([item(1), item(2)], [response])
    assert [one.customer_id for one in outcome.refused] == ["C 1"]
    assert [(one.key, why.message) for one, why in outcome.again] == [("key-2", "bad")]


@pytest.mark.parametrize("body", [None, [], {}, {"message": 1}, "success"])
def test_a_success_without_its_word_is_none(body):
    with pytest.raises(Malformed):
        braze.outcome([item(1)], [Response(201, body)])


@pytest.mark.parametrize("body", [None, [], "no", {"errors": "no"}, {"errors": [None]}])
def test_any_error_has_words(body):
    assert braze.words(Response(400, body))[0] == "400"


# ---- where, and with what -------------------------------------------------------------------


@pytest.mark.parametrize(
    "host", [HOST, "https://rest.iad-01.braze.com", "https://rest.us-10.braze.com/"]
)
def test_a_key_goes_to_the_instance_that_the_secret_names(host):
    assert braze.base_url({"api_key": "k", "endpoint": host}) == host.rstrip("/")


@pytest.mark.parametrize(
    "host",
    [
        "http://rest.iad-01.braze.com",
        "rest.iad-01.braze.com",
        "https://rest.iad-01.braze.com.example.com",
        "https://rest.iad-01.braze.com@example.com",
        "https://rest.iad-01.braze.com:444",
        "https://rest.iad-01.braze.com/users",
        "https://rest.iad-01.braze.com\n",
        "https://example.com/rest.iad-01.braze.com",
        "https://sdk.iad-01.braze.com",
        "https://rest.iad-01-braze.com",
        "",
    ],
)
def test_a_key_goes_to_no_other_host(host):
    with pytest.raises(InvalidInput, match="REST endpoint") as refused:
        braze.base_url({"api_key": "k", "endpoint": host})
    assert "example" not in str(refused.value)


def test_the_key_is_a_bearers():
    assert braze.auth({"api_key": "k", "endpoint": HOST}) == {"Authorization": "Bearer k"}


# ---- segments ------------------------------------------------------------------------------


def segment(**changes: Any) -> Segment:
    fields = {"label": "At Risk", "name": "_RFM_At_Risk", "kind": "segment", "value": "At Risk"}
    return Segment(**{**fields, "meaning": "", "customers": 1, **changes})


def test_people_make_the_segments_and_nothing_is_asked(place):
    assert place.transport.ensure(segment()) == BY_HAND
    assert place.transport.size(segment()) is None
    place.transport.check([segment()])
    assert not place.state.requests


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({}, 'rfm_segment equals "At Risk"'),
        ({"kind": "cluster", "value": "2"}, 'rfm_cluster equals "2"'),
        (
            {"kind": "set", "set": "mine", "value": "Loud"},
            'rfm_set_mine equals "Loud" and rfm_segment is set',
        ),
    ],
)
def test_a_rule_says_what_to_filter_by(changes, rule):
    assert content.rule(segment(**changes)) == rule


# ---- the local service ---------------------------------------------------------------------


def received(body: object, **changes: Any) -> ReceivedRequest:
    headers = {"authorization": "Bearer k", "content-type": "application/json"}
    request = ReceivedRequest(
        method="POST", path="/users/track", query={}, headers=headers,
        text=json.dumps(body).encode(),
    )  # fmt: skip
    return dataclasses.replace(request, **changes)


@pytest.mark.parametrize(
    ("body", "changes", "status"),
    [
        ({"attributes": []}, {}, 400),
        ({"attributes": [{}] * 51}, {}, 400),
        ({"events": []}, {}, 400),
        ({"attributes": [{}], "purchases": []}, {}, 400),
        ({"attributes": [{}]}, {"path": "/users/export/ids"}, 404),
        ({"attributes": [{}]}, {"path": "/users/delete"}, 400),
        ({"external_ids": []}, {"path": "/users/delete"}, 400),
        ({"external_ids": ["C 1"] * 51}, {"path": "/users/delete"}, 400),
        ({"external_ids": ["C 1"], "braze_ids": ["b"]}, {"path": "/users/delete"}, 400),
        ({"attributes": [{}]}, {"headers": {}}, 401),
        ({"attributes": [{}]}, {"headers": {"authorization": "Bearer k"}}, 400),
    ],
)
def test_the_local_service_refuses_other_requests(body, changes, status):
    with pytest.raises(Rejected) as refused:
        Braze().handle(received(body, **changes))
    assert refused.value.status == status


@pytest.mark.parametrize(
    "change",
    [
        {"external_id": ""},
        {"external_id": None},
        {"_update_existing_only": True},
        {"email": "ann@example.com"},
        {"email_subscribe": "opted_in"},
        {"subscription_groups": []},
        {"rfm_segment": ["Lost"]},
        {"rfm_segment": "x" * 256},
    ],
)
def test_the_local_service_takes_no_other_object(change):
    state, good = Braze(), braze.attributes(item(1).content)
    status, body = state.handle(received({"attributes": [good | change, good]}))
    assert (status, body["attributes_processed"]) == (201, 1)
    assert [one["index"] for one in body["errors"]] == [0]
    assert state.handle(received({"attributes": [good | change]}))[0] == 400


def test_every_call_of_ours_is_of_the_form(place):
    request = braze.next_request([item(1)], [])
    assert isinstance(request, Request)
    assert Braze().handle(received(request.body))[0] == 201
