"""Klaviyo: exactly what its calls say, and how its answers are read."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.services.klaviyo.rules import check_definition, check_import
from local.services.klaviyo.server import Klaviyo, KlaviyoServer
from tessera.destinations.planning.load import batches
from tessera.destinations.port import Contact, Item, compact
from tessera.destinations.requests import Malformed, Request, Response
from tessera.destinations.vendors.klaviyo import destination as klaviyo
from tessera.destinations.vendors.klaviyo import imports
from tessera.records.loads.segment import Segment
from tests.destinations.places import TYPED, HttpPlace

EMAIL, SMS = Contact("EMAIL", "ann@example.com"), Contact("SMS", "+12125550100")


def item(number: int, **content: str) -> Item:
    fields = {"customer_id": f"C {number}", "rfm_segment": "Lost", **content}
    return Item(f"key-{number}", f"C {number}", "d" * 32, fields)


def job(status: str, **attributes: object) -> Response:
    fields = {"status": status, "created_at": "x", "total_count": 2, **attributes}
    return Response(200, {"data": {"id": "j/1", "attributes": fields}})


STARTED = Response(202, job("queued").body)


def errors(*listed: dict, following: str = "") -> Response:
    links = {"self": "x"} | ({"next": following} if following else {})
    return Response(200, {"data": [{"attributes": one} for one in listed], "links": links})


@pytest.fixture
def place():
    server = KlaviyoServer()
    server.start()
    yield HttpPlace("klaviyo", server)
    server.stop()


# ---- profiles ------------------------------------------------------------------------------


def test_a_profile_has_its_numbers_as_numbers_and_says_what_to_remove(customer):
    fields = {"clv_365d": Decimal("99.5"), "next_order_at": dt.date(2026, 6, 1)}
    content = klaviyo.render(customer(1, contacts=(EMAIL, SMS), **fields))
    profile = imports.profile(content)
    attributes = profile["attributes"]
    assert {name: attributes[name] for name in attributes if name != "properties"} == {
        "external_id": "C 1",
        "email": "ann@example.com",
        "phone_number": "+12125550100",
    }
    assert attributes["properties"] == TYPED
    assert profile["meta"]["patch_properties"]["unset"] == [
        "rfm_next_products",
        "rfm_set_value_tier",
        "rfm_set_churn_band",
        "rfm_set_cancel_band",
        "rfm_set_cluster",
        "rfm_set_value_at_risk",
        "rfm_set_loyalty_3",
    ]


def test_a_customer_who_left_keeps_the_profile_and_loses_our_properties(place, customer):
    content = klaviyo.render(customer(1, contacts=(EMAIL,), labels='{"value_tier": "High"}'))
    place.transport.send([Item("k", "C 1", "d", content)])
    place.state.profiles["C 1"]["properties"]["colour"] = "blue"
    place.transport.send([Item("k", "C 1", "", klaviyo.cleared("C 1"))])
    assert place.state.profiles["C 1"]["properties"] == {"colour": "blue"}
    assert place.state.profiles["C 1"]["email"] == "ann@example.com"


@given(st.integers(1, 40), st.integers(0, 19_000), st.sampled_from("aé☂"))
def test_a_batch_is_never_larger_than_the_service_takes(number, length, letter):
    items = [item(index, rfm_segment=letter * length) for index in range(number)]
    split = list(batches(items, vendor=klaviyo))
    assert [one for batch in split for one in batch] == items
    for batch in split:
        body = compact(klaviyo.next_request(batch, []).body).encode()
        assert len(body) < 5_000_000
        assert len(check_import(json.loads(body))) == len(batch)


def test_a_thousand_who_left_fit_too():
    items = [Item(f"k{n}", "C" * 50 + str(n), "", klaviyo.cleared("C" * 50)) for n in range(9_000)]
    sizes = [len(compact(klaviyo.next_request(b, []).body)) for b in batches(items, vendor=klaviyo)]
    assert max(sizes) < 5_000_000


# ---- the exchange --------------------------------------------------------------------------


def test_a_job_is_started_looked_at_and_its_errors_read_page_by_page():
    items = [item(1), item(2)]
    responses: list[Response] = []
    start = klaviyo.next_request(items, responses)
    assert (start.method, start.path) == ("POST", "/api/profile-bulk-import-jobs")
    responses.append(STARTED)
    waits = []
    for _ in range(6):
        look = klaviyo.next_request(items, responses)
        assert look.path == "/api/profile-bulk-import-jobs/j%2F1"
        waits.append(look.wait_seconds)
        responses.append(job("processing"))
    assert waits == [1, 2, 4, 8, 8, 8]
    responses.append(job("complete", failed_count=1))
    first = klaviyo.next_request(items, responses)
    assert first.path.endswith("/j%2F1/import-errors?page%5Bsize%5D=100")
    responses.append(errors(following="https://elsewhere.example/api/x?page%5Bcursor%5D=7"))
    second = klaviyo.next_request(items, responses)
    assert second.path.endswith("/j%2F1/import-errors?page%5Bcursor%5D=7")
    responses.append(errors({"code": "bad", "detail": "no", "source": {"pointer": _place(1)}}))
    assert klaviyo.next_request(items, responses) is None
    outcome = klaviyo.outcome(items, responses)
    assert outcome.acknowledged == (items[0],)
    assert [(one.key, one.code, one.message) for one in outcome.refused] == [("key-2", "bad", "no")]


def _place(index: int) -> str:
    return f"/data/attributes/profiles/data/{index}/attributes/email"


def test_an_error_is_about_the_profile_it_quotes_or_else_points_at():
    items = [item(1), item(2), item(3, email="c@example.com")]
    quoted = {"original_payload": {"external_id": "C 2"}, "source": {"pointer": _place(0)}}
    nested = {"original_payload": {"attributes": {"email": "c@example.com"}}, "source": None}
    responses = [STARTED, job("complete", failed_count=2), errors(quoted, nested)]
    outcome = klaviyo.outcome(items, responses)
    assert [one.customer_id for one in outcome.refused] == ["C 2", "C 3"]
    assert outcome.acknowledged == (items[0],)


@pytest.mark.parametrize(
    "last",
    [
        [job("cancelled")],
        [job("complete", failed_count=1), errors({"detail": "x", "source": {"pointer": "/data"}})],
        [job("complete", failed_count=1), errors()],
    ],
)
def test_items_that_the_job_does_not_account_for_are_not_acknowledged(last):
    items = [item(1), item(2)]
    outcome = klaviyo.outcome(items, [STARTED, *last])
    assert not outcome.acknowledged
    assert [one for one, _ in outcome.again] == items


@pytest.mark.parametrize(
    "response",
    [Response(202), Response(202, []), Response(202, {"data": {"id": 1}}), Response(202, "x")],
)
def test_an_answer_without_a_job_is_malformed(response):
    with pytest.raises(Malformed):
        klaviyo.next_request([item(1)], [response])


def test_a_status_that_nobody_knows_is_malformed():
    with pytest.raises(Malformed):
        klaviyo.next_request([item(1)], [STARTED, job("resting")])


def test_a_batch_with_wrong_profiles_is_sent_again_without_them(place, customer):
    contacts = {3: Contact("EMAIL", "no address"), 7: Contact("EMAIL", "nor this")}
    items = [
        Item(f"key-{n}", f"C {n}", "d", klaviyo.render(customer(n, contacts=(contacts[n],))))
        if n in contacts
        else item(n)
        for n in range(10)
    ]
    outcome = place.transport.send(items)
    assert len(outcome.acknowledged) == 8
    assert [one.customer_id for one in outcome.refused] == ["C 3", "C 7"]
    assert len(place.state.profiles) == 8
    assert place.state.calls["POST /api/profile-bulk-import-jobs"] == 3


def test_hundreds_of_errors_are_all_read(place):
    items = [item(number) for number in range(300)]
    for number in range(250):
        place.state.faults.fail_item(f"C {number}", code="bad", message=f"no {number}")
    outcome = place.transport.send(items)
    assert (len(outcome.acknowledged), len(outcome.refused)) == (50, 250)
    assert outcome.refused[249].message == "no 249"


# ---- segments ------------------------------------------------------------------------------


def segment(**changes: object) -> Segment:
    fields = {"label": "At Risk", "name": "_RFM_At_Risk", "kind": "segment", "value": "At Risk"}
    return Segment(**{**fields, "meaning": "", "customers": 1, **changes})


def test_a_segment_asks_for_its_label_and_in_a_set_for_being_with_us():
    plain = klaviyo.definition(segment())
    (group,) = plain["condition_groups"]
    assert group["conditions"] == [
        {
            "type": "profile-property",
            "property": "properties['rfm_segment']",
            "filter": {"type": "string", "operator": "equals", "value": "At Risk"},
        }
    ]
    in_set = klaviyo.definition(segment(kind="set", set="value_tier", value="High"))
    assert len(in_set["condition_groups"]) == 2
    for definition in (plain, in_set):
        check_definition(definition)


def test_a_segment_is_found_by_its_name_and_changed_where_it_stands(place):
    place.transport.ensure(segment())
    place.transport.ensure(segment(name="_RFM_Other", value="Other"))
    ((segment_id, _), _) = place.state.segments.items()
    assert place.transport.ensure(segment(value="Changed")) == "recreated"
    assert next(iter(place.state.segments)) == segment_id
    assert len(place.state.segments) == 2


def test_what_the_service_adds_to_a_definition_makes_no_difference():
    definition = klaviyo.definition(segment())
    echoed = json.loads(json.dumps(definition))
    echoed["condition_groups"][0]["conditions"][0]["filter"]["extra"] = None
    existing = {"id": "S", "attributes": {"name": "_RFM_At_Risk", "definition": echoed}}
    assert klaviyo.segment_request(segment(), [Response(200, {"data": [existing]})]) == "kept"


def test_a_lost_answer_makes_no_segment_twice(place):
    place.lost(1)
    assert place.transport.ensure(segment()) == "kept"
    assert len(place.state.segments) == 1


def test_a_size_that_is_being_worked_out_is_unknown(place):
    assert place.transport.size(segment()) is None
    place.transport.ensure(segment())
    (stored,) = place.state.segments.values()
    assert place.transport.size(segment()) == 0
    stored["attributes"]["is_processing"] = True
    assert place.transport.size(segment()) is None


# ---- the stand-in --------------------------------------------------------------------------


def ask(account: Klaviyo, request: Request, **headers: str) -> int:
    from werkzeug.test import Client
    from werkzeug.wrappers import Request

    sent = {**request.headers, "Authorization": "Klaviyo-API-Key x", **headers}
    text = None if request.body is None else json.dumps(request.body)
    client = Client(Request.application(account.respond))
    return client.open(request.path, method=request.method, data=text, headers=sent).status_code


def spoilt(path: str, value: object) -> Request:
    """Return an import with one thing changed, named by its path in the body."""
    request = klaviyo.next_request([item(1)], [])
    body = json.loads(json.dumps(request.body))
    place = body
    *steps, last = path.split(".")
    for step in steps:
        place = place[int(step)] if step.isdigit() else place[step]
    place[last] = value
    return Request(request.method, request.path, body, request.headers)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("data.type", "profile"),
        ("data.relationships", {"lists": {"data": []}}),
        ("data.attributes.profiles.data", []),
        ("data.attributes.profiles.data.0.attributes.external_id", 1),
        ("data.attributes.profiles.data.0.attributes.colour", "x"),
        ("data.attributes.profiles.data.0.attributes.email", "x"),
        ("data.attributes.profiles.data.0.attributes.phone_number", "12"),
        ("data.attributes.profiles.data.0.attributes.properties", {"a": None}),
        ("data.attributes.profiles.data.0.attributes.properties", {"a": "x" * 100_000}),
        ("data.attributes.profiles.data.0.meta", {"unset": []}),
    ],
)
def test_the_stand_in_refuses_what_the_description_does_not_allow(path, value):
    assert ask(Klaviyo(), klaviyo.next_request([item(1)], [])) == 202
    assert ask(Klaviyo(), spoilt(path, value)) == 400


def test_the_stand_in_asks_for_every_header():
    request = klaviyo.next_request([item(1)], [])
    assert ask(Klaviyo(), request, Authorization="Bearer x") == 401
    assert ask(Klaviyo(), request, revision="2023-12-15") == 400
    assert ask(Klaviyo(), request, **{"Content-Type": "application/json"}) == 415
    assert ask(Klaviyo(), Request("DELETE", "/api/segments/1", None, request.headers)) == 404
    assert ask(Klaviyo(), Request("POST", "/api/profile-subscription-bulk-create-jobs", {})) == 400
