"""Customer.io: exactly what its calls say, and how its answers are read."""

from __future__ import annotations

import base64
import dataclasses
import datetime as dt
import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.services.customerio import CustomerIo, CustomerIoServer
from local.services.frame.http_service import ReceivedRequest, Rejected
from tessera.destinations import content
from tessera.destinations.planning.load import batches
from tessera.destinations.port import BY_HAND, Contact, Item, compact
from tessera.destinations.requests import Malformed, Response
from tessera.destinations.vendors.customerio import destination as customerio
from tessera.errors import InvalidInput, Refused
from tessera.records.loads.segment import Segment
from tests.destinations.places import TYPED, HttpPlace

CONTACTS = (Contact("EMAIL", "ann@example.com"), Contact("SMS", "+12125550100"))
KEYS = {"site_id": "made-up-site", "api_key": "made-up-key"}


def item(number: int, **fields: str) -> Item:
    values = {"customer_id": f"C {number}", "rfm_segment": "Lost", **fields}
    return Item(f"key-{number}", f"C {number}", "d" * 32, values)


def partly(*errors: object) -> Response:
    return Response(207, {"errors": list(errors)})


def error(index: int, **fields: str) -> dict[str, object]:
    return {"batch_index": index, "reason": "invalid", "field": "", "message": "bad", **fields}


@pytest.fixture
def place():
    server = CustomerIoServer()
    server.start()
    yield HttpPlace("customerio", server)
    server.stop()


# ---- people --------------------------------------------------------------------------------


def test_a_person_has_numbers_as_numbers_and_nothing_for_what_is_not(customer):
    fields = {"clv_365d": Decimal("99.5"), "next_order_at": dt.date(2026, 6, 1)}
    made = customerio.person(customerio.render(customer(1, **fields)))
    attributes = made.pop("attributes")
    assert made == {"type": "person", "identifiers": {"id": "C 1"}, "action": "identify"}
    assert {name: value for name, value in attributes.items() if value != ""} == TYPED
    assert "rfm_set_value_tier" in attributes


def test_no_address_is_sent_because_it_may_merge_two_people(customer):
    assert customerio.render(customer(1, contacts=CONTACTS)) == customerio.render(customer(1))
    made = customerio.person(item(1, email="ann@example.com", phone="+12125550100").content)
    assert made["identifiers"] == {"id": "C 1"}
    assert not {"email", "phone"} & set(made["attributes"])


def test_a_customer_who_left_loses_each_of_our_attributes():
    made = customerio.person(customerio.cleared("C 1"))
    assert made["attributes"] == dict.fromkeys(content.NAMES, "")


def test_batches_keep_both_limits():
    sizes = [len(one) for one in batches(map(item, range(240)), vendor=customerio)]
    assert sizes == [100, 100, 40]
    large = [item(number, rfm_segment="☂" * 6_000) for number in range(60)]
    bodies = [
        customerio.next_request(batch, []).body for batch in batches(large, vendor=customerio)
    ]
    lengths = [len(compact(body).encode()) for body in bodies]
    assert [400_000 < length < 500_000 for length in lengths[:-1]] == [True, True]


@given(st.text(max_size=customerio.CAPABILITIES.item_characters), st.text(max_size=50))
def test_no_operation_that_is_sent_is_larger_than_32_kb(label, customer_id):
    one = dataclasses.replace(item(1), content={"customer_id": customer_id, "rfm_segment": label})
    if len(one.text) <= customerio.CAPABILITIES.item_characters:
        operation = compact(customerio.person(one.content)).encode()
        overhead = customerio.CAPABILITIES.item_overhead_bytes
        assert len(operation) <= min(32_000, len(one.text.encode()) + overhead)


def test_one_call_has_the_batch():
    request = customerio.next_request([item(1), item(2)], [])
    assert (request.method, request.path) == ("POST", "/api/v2/batch")
    assert [one["identifiers"]["id"] for one in request.body["batch"]] == ["C 1", "C 2"]
    assert customerio.next_request([item(1)], [Response(200, {})]) is None


# ---- answers -------------------------------------------------------------------------------


def test_a_success_acknowledges_everybody():
    outcome = customerio.outcome([item(1), item(2)], [Response(200, {})])
    assert len(outcome.acknowledged) == 2


@pytest.mark.parametrize("status", [200, 207])
def test_errors_refuse_the_named_items(status):
    response = Response(status, {"errors": [error(1, reason="required", message="bad day")]})
    outcome = customerio.outcome([item(1), item(2), item(3)], [response])
    assert [one.key for one in outcome.acknowledged] == ["key-1", "key-3"]
    (refusal,) = outcome.refused
    assert (refusal.customer_id, refusal.code, refusal.message) == ("C 2", "required", "bad day")


@pytest.mark.parametrize(
    ("fields", "code", "message"),
    [
        ({"field": "id"}, "invalid", "bad (id)"),
        ({"field": "id", "message": "id is bad"}, "invalid", "id is bad"),
        ({"message": ""}, "invalid", "invalid"),
        ({"message": "", "reason": ""}, "400", "no reason given"),
    ],
)
def test_an_error_has_its_reason_and_its_field(fields, code, message):
    (refusal,) = customerio.outcome([item(1)], [partly(error(0, **fields))]).refused
    assert (refusal.code, refusal.message) == (code, message)


@pytest.mark.parametrize(
    "response",
    [
        partly(),
        partly(error(7)),
        partly(error(-1)),
        partly({"reason": "bad"}),
        partly("bad"),
        Response(207, {}),
        Response(200, {"errors": [{"message": "bad"}]}),
    ],
)
def test_where_nobody_says_who_it_is_all_are_sent_again(response):
    outcome = customerio.outcome([item(1), item(2)], [response])
    assert len(outcome.again) == 2
    assert not outcome.acknowledged + outcome.refused


def test_the_first_error_of_a_customer_is_its_own():
    response = partly(error(0, message="first"), error(0, message="second"))
    (refusal,) = customerio.outcome([item(1), item(2)], [response]).refused
    assert refusal.message == "first"


def test_a_request_that_is_refused_refuses_those_it_names_and_sends_the_rest_again():
    outcome = customerio.outcome([item(1), item(2)], [Response(400, {"errors": [error(0)]})])
    assert [one.customer_id for one in outcome.refused] == ["C 1"]
    assert [(one.key, why.message) for one, why in outcome.again] == [("key-2", "bad")]


@pytest.mark.parametrize("body", [None, [], "success", 1])
def test_a_success_that_is_no_object_is_none(body):
    with pytest.raises(Malformed):
        customerio.outcome([item(1)], [Response(200, body)])


@pytest.mark.parametrize("body", [None, [], "no", {"errors": "no"}, {"meta": "no"}])
def test_any_error_has_words(body):
    assert customerio.words(Response(400, body)) == ("400", "no reason given")


def test_an_error_of_version_1_has_its_words():
    body = {"meta": {"error": "name cannot be blank"}}
    assert customerio.words(Response(400, body)) == ("400", "name cannot be blank")


def test_customers_are_refused_one_by_one(place):
    place.state.faults.fail_item("C 11", code="invalid", message="no")
    outcome = place.transport.send([item(number) for number in range(16)])
    assert [(one.customer_id, one.message) for one in outcome.refused] == [("C 11", "no")]
    assert len(outcome.acknowledged) == 15
    assert len(place.state.requests) == 1


# ---- where, and with what -------------------------------------------------------------------


def test_the_key_is_basic():
    header = customerio.auth(KEYS)["Authorization"]
    assert base64.b64decode(header.removeprefix("Basic ")) == b"made-up-site:made-up-key"


@pytest.mark.parametrize("field", ["site_id", "api_key"])
@pytest.mark.parametrize("value", ["made up", "made-up\n", "a:b", "schlüssel"])
def test_a_key_that_cannot_be_one_is_named_but_not_shown(field, value):
    with pytest.raises(InvalidInput, match=f"field '{field}'") as refused:
        customerio.auth(KEYS | {field: value})
    assert value not in str(refused.value)


def test_an_account_is_in_america_unless_the_secret_says_europe():
    assert customerio.base_url(KEYS) == "https://track.customer.io"
    secret = KEYS | {"endpoint": "https://track-eu.customer.io/"}
    assert customerio.base_url(secret) == "https://track-eu.customer.io"


@pytest.mark.parametrize(
    "host",
    [
        "http://track.customer.io",
        "track-eu.customer.io",
        "https://track.customer.io.example.com",
        "https://track.customer.io@example.com",
        "https://track.customer.io:444",
        "https://track.customer.io/api",
        "https://track.customer.io\n",
        "https://api.customer.io",
        "https://track-us.customer.io",
    ],
)
def test_a_key_goes_to_no_other_host(host):
    with pytest.raises(InvalidInput, match="region") as refused:
        customerio.base_url(KEYS | {"endpoint": host})
    assert "example" not in str(refused.value)


def test_the_check_proves_the_key_and_changes_nothing(place):
    place.transport.check([])
    assert [(one.method, one.path) for one in place.state.requests] == [
        ("GET", "/api/v1/accounts/region")
    ]
    place.denied()
    with pytest.raises(Refused, match="rejected the key"):
        place.transport.check([])


def test_a_region_that_is_refused_is_about_the_key_and_a_batch_is_not():
    for body, empty, status in (
        (None, True, 401),
        ({"meta": {"error": "not valid"}}, False, 401),
        ({"errors": [error(0)]}, False, 400),
        (None, False, 400),
    ):
        assert customerio.status(Response(400, body, empty=empty)) == status
    assert customerio.status(partly()) == 207


def test_an_invalid_key_is_reported(place, monkeypatch):
    monkeypatch.setattr(customerio, "auth", lambda _secret: {"Authorization": "Basic azo="})
    with pytest.raises(Refused, match="rejected the key in secret"):
        place.transport.check([])


# ---- segments ------------------------------------------------------------------------------


def test_people_make_the_segments_and_nothing_is_asked(place):
    fields = {"label": "At Risk", "name": "_RFM_At_Risk", "kind": "segment", "value": "At Risk"}
    segment = Segment(**fields, meaning="", customers=1)
    assert place.transport.ensure(segment) == BY_HAND
    assert place.transport.size(segment) is None
    assert not place.state.requests


# ---- the local service ---------------------------------------------------------------------


GOOD = customerio.person(item(1).content)
HEADERS = {
    "authorization": customerio.auth(KEYS)["Authorization"],
    "content-type": "application/json",
}


def received(body: object, **changes: Any) -> ReceivedRequest:
    request = ReceivedRequest(
        method="POST", path=customerio.BATCH, query={}, headers=HEADERS,
        text=json.dumps(body).encode(),
    )  # fmt: skip
    return dataclasses.replace(request, **changes)


@pytest.mark.parametrize(
    ("body", "changes", "status"),
    [
        ({"batch": []}, {}, 400),
        ({"batch": GOOD}, {}, 400),
        ([GOOD], {}, 400),
        ({"batch": [GOOD], "api_key": "k"}, {}, 400),
        ({"batch": [GOOD]}, {"path": "/api/v2/entity"}, 404),
        ({"batch": [GOOD]}, {"headers": {}}, 401),
        ({"batch": [GOOD]}, {"headers": HEADERS | {"authorization": "Bearer k"}}, 401),
        ({"batch": [GOOD]}, {"headers": HEADERS | {"authorization": "Basic azo="}}, 401),
        ({"batch": [GOOD]}, {"headers": HEADERS | {"content-type": "text/plain"}}, 400),
        ({"batch": [GOOD]}, {"text": b" " * 500_000}, 400),
    ],
)
def test_the_local_service_refuses_other_requests(body, changes, status):
    with pytest.raises(Rejected) as refused:
        CustomerIo().handle(received(body, **changes))
    assert refused.value.status == status


@pytest.mark.parametrize(
    "change",
    [
        {"type": "object"},
        {"action": "merge"},
        {"action": "unsuppress"},
        {"identifiers": {"email": "ann@example.com"}},
        {"identifiers": {"id": ""}},
        {"identifiers": {"id": 1}},
        {"identifiers": {"id": "☂" * 51}},
        {"cio_relationships": []},
        {"attributes": {"email": "ann@example.com"}},
        {"attributes": {"unsubscribed": False}},
        {"attributes": {"cio_subscription_preferences": {}}},
        {"attributes": {"rfm_segment": ["Lost"]}},
        {"attributes": {"rfm_segment": None}},
        {"attributes": {"rfm_segment": "☂" * 334}},
        {"attributes": {f"rfm_{number}": 1 for number in range(301)}},
        {"attributes": {"rfm_segment": "x" * 32_000}},
    ],
)
def test_the_local_service_takes_no_other_operation(change):
    state = CustomerIo()
    status, body = state.handle(received({"batch": [GOOD | change, GOOD]}))
    assert status == 207
    assert [one["batch_index"] for one in body["errors"]] == [0]
    assert set(state.people) == {"C 1"}
