"""Meta: exactly what its calls say, and how its answers are read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from local.services.frame.http_service import ReceivedRequest
from local.services.meta import Meta, MetaServer
from tessera.destinations.port import Item
from tessera.destinations.requests import Malformed, Response
from tessera.destinations.vendors.meta import destination as meta
from tessera.errors import InvalidInput, Refused, Retryable
from tessera.records.loads.segment import Segment
from tests.destinations.audience_place import AudiencePlace
from tests.destinations.places import KEY

ONE, TWO = "a" * 64, "b" * 64
LOST = Segment("Lost", "_RFM_Lost", "segment", "Lost", "Long gone", 1)


def item(number: int, email: str = ONE) -> Item:
    fields = {"customer_id": f"C {number}", "rfm_segment": "Lost", "email_sha256": email}
    return Item(f"key-{number}", f"C {number}", "d" * 32, fields)


@pytest.fixture
def place() -> Iterator[AudiencePlace]:
    server = MetaServer()
    server.start()
    yield AudiencePlace("meta", server)
    server.stop()


def test_a_batch_comes_into_its_audience_and_goes_out_of_the_others(place):
    place.state.make("_RFM_Champions")
    place.transport.send([item(1)])
    listed, out, into = list(place.state.requests)[-3:]
    assert listed.path == "/v25.0/act_pk_made_up_for_tests/customaudiences"
    assert (out.method, out.path) == ("DELETE", "/v25.0/1000/users")
    assert (into.method, into.path) == ("POST", "/v25.0/1001/users")
    assert out.body == into.body == {
        "payload": {"schema": ["EMAIL", "PHONE"], "data": [[ONE, ""]]}
    }  # fmt: skip
    assert into.headers["authorization"] == f"Bearer {KEY}"


def test_a_check_makes_the_audiences_of_segments_and_of_nothing_else(place):
    cluster = Segment("Cluster 1", "_RFM_Cluster_1", "cluster", "1", "Loud", 1)
    place.transport.check([LOST, cluster])
    place.transport.check([LOST, cluster])
    (made,) = place.state.audiences.values()
    assert (made.name, made.description) == ("_RFM_Lost", 'rfm_segment equals "Lost"')
    body = next(one.body for one in place.state.requests if one.method == "POST")
    assert body["customer_file_source"] == "USER_PROVIDED_ONLY"


@pytest.mark.parametrize(
    ("code", "error", "words"),
    [("17", Retryable, "busy"), ("80003", Retryable, "busy"), ("2", Retryable, "failed"),
     ("190", Refused, "rejected the key"), ("200", Refused, "rejected the key")],
)  # fmt: skip
def test_an_error_means_what_its_code_says_though_the_status_is_400(place, code, error, words):
    place.state.faults.fail_item(ONE, code=code, message="in Meta's words")
    with pytest.raises(error, match=words):
        place.transport.send([item(1)])


def test_only_the_hashes_that_a_response_calls_invalid_are_refused(place):
    place.transport.check([LOST])
    outcome = place.transport.send([item(1, "no hash"), item(2, TWO)])
    assert [one.customer_id for one in outcome.acknowledged] == ["C 2"]
    assert [(one.customer_id, one.code) for one in outcome.refused] == [("C 1", "invalid")]


def responses(**fields: Any) -> list[Response]:
    page = {"data": [{"id": "7", "name": "_RFM_Lost", "subtype": "CUSTOM"}]}
    change = {"num_received": 1, "num_invalid_entries": 0, **fields}
    return [Response(200, page), Response(200, change)]


def test_an_answer_that_names_nobody_lets_nobody_pass():
    outcome = meta.outcome([item(1)], responses(num_invalid_entries=1))
    assert [one.code for one in outcome.refused] == ["invalid"]
    with pytest.raises(Malformed):
        meta.next_request([item(1)], responses(num_received=0))


def test_audiences_that_find_their_members_themselves_are_none_of_ours():
    page = {"data": [{"id": "8", "name": "_RFM_Lost", "subtype": "LOOKALIKE"}]}
    assert meta.next_request([item(1)], [Response(200, page)]) is None
    (refusal,) = meta.outcome([item(1)], [Response(200, page)]).refused
    assert refusal.code == "no-audience"


@pytest.mark.parametrize("given", ["act_123", "123"])
def test_the_account_is_the_secrets(given):
    secret = {"ad_account_id": given}
    assert meta.in_account(secret, meta.check_request([]).path).startswith("/v25.0/act_123/custom")


def test_an_account_that_is_none_is_refused():
    with pytest.raises(InvalidInput, match="ad_account_id"):
        meta.in_account({"ad_account_id": "1/../2"}, "/x")


@pytest.mark.parametrize(
    "body",
    [
        {"payload": {"schema": ["EMAIL"], "data": [[ONE]]}},
        {"payload": {"schema": ["EMAIL", "PHONE"], "data": []}},
        {"payload": {"schema": ["EMAIL", "PHONE"], "data": [[ONE, "", "C 1"]]}},
        {"data": [[ONE, ""]]},
    ],
)
def test_the_stand_in_is_strict(body):
    from local.services.frame.http_service import Rejected
    from tessera.destinations.port import compact

    state = Meta()
    state.make("_RFM_Lost")
    headers = {"authorization": "Bearer x", "content-type": "application/json"}
    received = ReceivedRequest(
        method="POST", path="/v25.0/1000/users", query={}, headers=headers,
        text=compact(body).encode(),
    )  # fmt: skip
    with pytest.raises(Rejected):
        state.handle(received)
