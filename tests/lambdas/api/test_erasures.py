"""Erasures by the API: started once, listed by state, and shown with what was signed."""

from __future__ import annotations

import dataclasses

import pytest

from tessera import naming
from tests.lambdas.api.world import signed_receipt

ANN = "ann@example.com"
STATE = {"requested_at": "2026-11-30T00:00:00+00:00", "requested_by": "key:1", "customers": 3}


@pytest.fixture
def admin(world):
    return world.keys["acme", "admin"]


def ask(world, token, body, key="first-one"):
    return world.call(
        "POST", "/v1/erasures", token=token, body=body, headers={"idempotency-key": key}
    )


def test_an_erasure_is_started_and_answers_without_anybody(world, admin):
    reply = ask(world, admin, {"customers": ["12346", ANN], "case": "dsr-9"})
    assert reply.status == 202
    assert reply.json | {"requested_at": ""} == {
        "case": "dsr-9", "state": "waiting", "customers": 2, "requested_at": "", "why": "",
        "open_until": None, "requested_by": f"key:{world.key_id('acme', 'admin')}",
    }  # fmt: skip
    [event] = world.erasing.started.values()
    assert event == {"tenant": "acme", "case": "dsr-9"}
    assert ANN not in reply.text + str(world.erasing.started) + str(world.lines)
    [(key, body)] = world.erased.objects.items()
    assert key == "tenants/acme/erasures/dsr-9/request.json"
    assert ANN in body.decode()
    assert ANN not in str(world.data.objects) + str(world.documents.items)


def test_a_repeated_request_is_one_erasure_with_the_same_number(world, admin):
    first, second = (ask(world, admin, {"customers": [ANN]}) for _ in range(2))
    assert first.json == second.json
    assert len(world.erasing.started) == 1
    other = ask(world, admin, {"customers": [ANN]}, key="another-one")
    assert other.json["case"] != first.json["case"]


def test_an_answer_that_got_lost_is_given_again(world, admin, monkeypatch):
    """The machine was away after the request was kept: the same request goes on with it."""
    fails = [ConnectionError("away")]

    def start(name, event):
        if fails:
            raise fails.pop()
        world.erasing.started[name] = event

    monkeypatch.setattr(world.erasing, "start", start)
    monkeypatch.setattr(world.erasing, "is_running", lambda name: name in world.erasing.started)
    assert ask(world, admin, {"customers": [ANN]}).status == 500
    assert ask(world, admin, {"customers": [ANN]}).status == 202
    assert len(world.erased.objects) == 1
    assert ask(world, admin, {"customers": ["bo"]}, key="another-one").status == 202


def test_a_case_number_that_is_taken_is_a_conflict(world, admin):
    assert ask(world, admin, {"customers": [ANN], "case": "dsr-1"}).status == 409
    assert world.erasing.started == {}
    assert ask(world, world.keys["zenith", "admin"], {"customers": [ANN], "case": "dsr-3"})
    assert ask(world, admin, {"customers": [ANN], "case": "dsr-3"}, key="another-one").status == 202


@pytest.mark.parametrize(
    "body",
    [
        {"customers": []},
        {"customers": [""]},
        {"customers": [" x"]},
        {"customers": ["a\nb"]},
        {"customers": ["x\n"]},
        {"customers": ["x" * 321]},
        {"customers": ["x"] * 1001},
        {"customers": ["x"], "case": "DSR 1"},
        {"customers": ["x"], "case": "a" * 65},
        {"customers": ["x"], "tenant": "zenith"},
        {"customers": "12346"},
    ],
)
def test_an_order_that_names_nobody_is_refused_and_quotes_nothing(world, admin, body):
    reply = ask(world, admin, body)
    assert reply.status == 422
    assert world.erased.objects == {}


def write_case(world, case, **state):
    key = f"{naming.erasures_prefix('acme')}{case}/state.json"
    world.data.write_json(key, {**STATE, **state})


@pytest.mark.parametrize(
    ("state", "expected", "why"),
    [
        ({}, "waiting", ""),
        ({"steps": ["resolved"]}, "working", ""),
        ({"steps": ["searched"], "open": True}, "open", ""),
        ({"failed": "Retryable: S3 was busy"}, "open", "Retryable: S3 was busy"),
        ({"refused": "nobody has this id"}, "refused", "nobody has this id"),
        ({"steps": ["searched", "done"], "failed": ""}, "complete", ""),
    ],
)
def test_a_case_says_how_far_it_is(world, admin, state, expected, why):
    write_case(world, "dsr-5", **state)
    shown = world.call("GET", "/v1/erasures/dsr-5", token=admin).json
    assert (shown["state"], shown["why"], shown["receipt"]) == (expected, why, None)


def test_a_case_that_only_waits_says_until_when(world, admin):
    waits = {"steps": ["searched"], "open": True, "look_again_at": "2026-11-30T04:00:00+00:00"}
    write_case(world, "dsr-5", **waits, only_waits=True)
    write_case(world, "dsr-6", **waits, only_waits=False)
    items = world.call("GET", "/v1/erasures", token=admin).json["items"]
    until = {one["case"]: one["open_until"] for one in items}
    assert (until["dsr-5"], until["dsr-6"]) == ("2026-11-30T04:00:00+00:00", None)


def test_the_receipt_is_what_was_signed_to_the_letter(world, admin):
    shown = world.call("GET", "/v1/erasures/dsr-1", token=admin).json
    assert shown["receipt"] == signed_receipt("acme", "dsr-1")


def test_cases_come_a_page_at_a_time_and_the_last_first(world, admin):
    for number in range(3, 8):
        write_case(world, f"dsr-{number}")
    seen, cursor = [], None
    while True:
        query = {"limit": 3} | ({"cursor": cursor} if cursor else {})
        page = world.call("GET", "/v1/erasures", token=admin, query=query).json
        seen += [one["case"] for one in page["items"]]
        if (cursor := page["next"]) is None:
            break
    assert seen == ["dsr-7", "dsr-6", "dsr-5", "dsr-4", "dsr-3", "dsr-1", "acme-own"]


def test_a_case_without_a_state_is_not_there(world, admin):
    world.data.write_json(f"{naming.erasures_prefix('acme')}dsr-8/journal/x.json", {})
    assert world.call("GET", "/v1/erasures/dsr-8", token=admin).status == 404
    listed = world.call("GET", "/v1/erasures", token=admin).json["items"]
    assert "dsr-8" not in {one["case"] for one in listed}


def test_a_viewer_and_a_marketer_see_nothing_of_it(world):
    for role in ("viewer", "marketer"):
        assert ask(world, world.keys["acme", role], {"customers": [ANN]}).status == 403


def test_an_order_shows_nobody_in_its_repr():
    from tessera.api.documents.erasures import ErasureOrder

    order = ErasureOrder(customers=(ANN,))
    assert ANN not in repr(order)
    assert dataclasses.replace(order, case="dsr-1").case == "dsr-1"
