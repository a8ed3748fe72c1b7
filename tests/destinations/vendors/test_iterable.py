"""Iterable: exactly what its calls say, and how its answers are read."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from decimal import Decimal
from typing import Any

import pytest

from local.services.frame.http_service import ReceivedRequest, Rejected
from local.services.iterable import Iterable, IterableServer
from tessera.destinations import content
from tessera.destinations.planning.load import batches
from tessera.destinations.port import BY_HAND, Contact, Item
from tessera.destinations.requests import Malformed, Response
from tessera.destinations.vendors.iterable import destination as iterable
from tessera.errors import InvalidInput, Refused
from tessera.records.loads.segment import Segment
from tests.destinations.places import TYPED, HttpPlace

CONTACTS = (Contact("EMAIL", "ann@example.com"), Contact("SMS", "+12125550100"))


def item(number: int, **fields: str) -> Item:
    values = {"customer_id": f"C {number}", "rfm_segment": "Lost", **fields}
    return Item(f"key-{number}", f"C {number}", "d" * 32, values)


def success(count: int, **fields: Any) -> Response:
    body = {"successCount": count, "failCount": 0, "filteredOutFields": [], "createdFields": []}
    return Response(200, {**body, **fields})


@pytest.fixture
def place():
    server = IterableServer()
    server.start()
    yield HttpPlace("iterable", server)
    server.stop()


# ---- users ---------------------------------------------------------------------------------


def test_a_user_has_numbers_as_numbers_and_null_for_what_is_not(customer):
    values = {"clv_365d": Decimal("99.5"), "next_order_at": dt.date(2026, 6, 1)}
    made = iterable.user(iterable.render(customer(1, **values)))
    fields = made.pop("dataFields")
    assert made == {"userId": "C 1", "preferUserId": True}
    assert {name: value for name, value in fields.items() if value is not None} == TYPED
    assert "rfm_set_value_tier" in fields


def test_no_address_is_sent_because_the_id_alone_says_whose_profile_it_is(customer):
    assert iterable.render(customer(1, contacts=CONTACTS)) == iterable.render(customer(1))
    assert "email" not in iterable.user(item(1, email="ann@example.com").content)["dataFields"]


def test_a_customer_who_left_loses_each_of_our_fields():
    made = iterable.user(iterable.cleared("C 1"))
    assert made["dataFields"] == dict.fromkeys(content.NAMES)


def test_a_field_stays_of_one_kind_whatever_the_amount(place):
    amounts = [item(1, rfm_monetary="12.00"), item(2, rfm_monetary="12.50")]
    outcome = place.transport.send(amounts)
    assert len(outcome.acknowledged) == 2
    assert place.state.fields["rfm_monetary"] == "double"


def test_batches_keep_both_limits():
    sizes = [len(one) for one in batches(map(item, range(2_400)), vendor=iterable)]
    assert sizes == [1_000, 1_000, 400]
    large = [item(number, rfm_segment="☂" * 6_000) for number in range(300)]
    for batch in batches(large, vendor=iterable):
        body = json.dumps(iterable.next_request(batch, []).body, ensure_ascii=False)
        assert len(body.encode()) < 4_000_000


# ---- answers -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["conflict", "forgotten", "invalidData", "invalid", "notFound"])
def test_failures_refuse_the_items_in_their_lists(name):
    response = success(1, failCount=1, failedUpdates={f"{name}UserIds": ["C 2"]})
    outcome = iterable.outcome([item(1), item(2)], [response])
    assert [one.key for one in outcome.acknowledged] == ["key-1"]
    (refusal,) = outcome.refused
    assert (refusal.customer_id, refusal.code) == ("C 2", name)
    assert f"{name}UserIds" in refusal.message


def test_the_list_of_earlier_versions_refuses_too():
    response = success(1, failCount=1, invalidUserIds=["C 1"], invalidEmails=[])
    outcome = iterable.outcome([item(1), item(2)], [response])
    assert [one.customer_id for one in outcome.refused] == ["C 1"]


@pytest.mark.parametrize(
    "response",
    [
        success(1, failCount=1),
        success(1, failCount=1, failedUpdates={"conflictUserIds": ["C 9"]}),
        success(1, failCount=1, failedUpdates={"conflictEmails": ["C 1"]}),
    ],
)
def test_an_item_that_the_response_does_not_account_for_is_sent_again(response):
    outcome = iterable.outcome([item(1), item(2)], [response])
    assert len(outcome.again) == 2
    assert not outcome.acknowledged + outcome.refused


def test_a_project_that_drops_our_fields_acknowledges_nobody_and_says_which(place):
    place.state.takes_new_fields = False
    outcome = place.transport.send([item(1), item(2)])
    assert not outcome.acknowledged
    assert {why.message for _, why in outcome.again} == {
        "the project accepts no new fields and lacks rfm_segment: add them there"
    }


def test_a_field_that_was_dropped_without_a_value_is_no_matter():
    response = success(1, filteredOutFields=["rfm_clv_365d"])
    assert len(iterable.outcome([item(1)], [response]).acknowledged) == 1


@pytest.mark.parametrize("body", [None, [], {}, {"successCount": "1"}, {"failedUpdates": []}])
def test_a_success_without_its_count_is_none(body):
    with pytest.raises(Malformed):
        iterable.outcome([item(1)], [Response(200, body)])


def test_a_refused_request_has_iterables_words():
    response = Response(400, {"code": "BadParams", "msg": "no", "params": None})
    ((_, why),) = iterable.outcome([item(1)], [response]).again
    assert (why.code, why.message) == ("BadParams", "no")


@pytest.mark.parametrize("body", [None, [], "no", {"msg": None}])
def test_any_error_has_words(body):
    assert iterable.words(Response(400, body)) == ("400", "no reason given")


def test_a_customer_who_is_refused_is_found_among_many(place):
    place.state.faults.fail_item("C 11", code="BadParams", message="no")
    outcome = place.transport.send([item(number) for number in range(16)])
    assert [(one.customer_id, one.message) for one in outcome.refused] == [("C 11", "no")]
    assert len(outcome.acknowledged) == 15


def test_a_field_of_another_kind_refuses_everybody_and_stops(place):
    place.state.fields["rfm_segment"] = "long"
    with pytest.raises(Refused, match="rejected every customer"):
        place.transport.send([item(number) for number in range(16)])
    assert not place.state.users


# ---- where, and with what -------------------------------------------------------------------


def test_a_project_is_in_america_unless_the_secret_says_europe():
    assert iterable.base_url({"api_key": "k"}) == "https://api.iterable.com"
    fields = {"api_key": "k", "endpoint": "https://api.eu.iterable.com/"}
    assert iterable.base_url(fields) == "https://api.eu.iterable.com"


@pytest.mark.parametrize(
    "host",
    [
        "http://api.iterable.com",
        "https://api.iterable.com.example.com",
        "https://api.iterable.com@example.com",
        "https://api.iterable.com/api",
        "https://app.iterable.com",
        "api.eu.iterable.com",
    ],
)
def test_a_key_goes_to_no_other_host(host):
    with pytest.raises(InvalidInput, match="data centre") as refused:
        iterable.base_url({"api_key": "k", "endpoint": host})
    assert "example" not in str(refused.value)


def test_the_check_proves_the_key_and_changes_nothing(place):
    place.transport.check([])
    assert [(one.method, one.path) for one in place.state.requests] == [
        ("GET", "/api/users/getFields")
    ]
    place.denied()
    with pytest.raises(Refused, match="rejected the key"):
        place.transport.check([])


# ---- segments ------------------------------------------------------------------------------


def test_people_make_the_dynamic_lists_and_nothing_is_asked(place):
    fields = {"label": "At Risk", "name": "_RFM_At_Risk", "kind": "segment", "value": "At Risk"}
    segment = Segment(**fields, meaning="", customers=1)
    assert place.transport.ensure(segment) == BY_HAND
    assert place.transport.size(segment) is None
    assert not place.state.requests


# ---- the local service ---------------------------------------------------------------------


def received(body: object, **changes: Any) -> ReceivedRequest:
    headers = {"api-key": "k", "content-type": "application/json"}
    request = ReceivedRequest(
        method="POST", path=iterable.UPDATE, query={}, headers=headers,
        text=json.dumps(body).encode(),
    )  # fmt: skip
    return dataclasses.replace(request, **changes)


GOOD = iterable.user(item(1).content)


@pytest.mark.parametrize(
    ("body", "changes", "status"),
    [
        ({"users": []}, {}, 400),
        ({"users": [GOOD] * 1_001}, {}, 400),
        ({"users": [GOOD], "createNewFields": True}, {}, 400),
        ({"users": [GOOD]}, {"path": "/api/lists/subscribe"}, 404),
        ({"users": [GOOD]}, {"headers": {}}, 401),
        ({"users": [GOOD]}, {"headers": {"api-key": "k"}}, 400),
        ({"users": [GOOD]}, {"text": b" " * 4_000_001}, 413),
        ({"users": [GOOD | {"email": "ann@example.com"}]}, {}, 400),
        ({"users": [GOOD | {"preferUserId": False}]}, {}, 400),
        ({"users": [GOOD | {"userId": 1}]}, {}, 400),
        ({"users": [GOOD | {"dataFields": {"emailListIds": [1]}}]}, {}, 400),
        ({"users": [GOOD | {"dataFields": {"rfm_segment": ["Lost"]}}]}, {}, 400),
        ({"users": [GOOD | {"dataFields": {"rfm_segment": "x" * 32_001}}]}, {}, 400),
    ],
)
def test_the_local_service_refuses_other_requests(body, changes, status):
    with pytest.raises(Rejected) as refused:
        Iterable().handle(received(body, **changes))
    assert refused.value.status == status


@pytest.mark.parametrize("user_id", ["", " ", "x" * 53])
def test_the_local_service_takes_no_other_id(user_id):
    status, body = Iterable().handle(received({"users": [GOOD, GOOD | {"userId": user_id}]}))
    assert (status, body["successCount"], body["failCount"]) == (200, 1, 1)
    assert body["failedUpdates"] == {"invalidUserIds": [user_id]}
