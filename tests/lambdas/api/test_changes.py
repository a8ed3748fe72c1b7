"""What changes something: uploads, runs, decisions, settings, segment sets and keys."""

from __future__ import annotations

import dataclasses
import tomllib

import pytest

from steps.serve.settings import reinstate_settings
from tessera import naming
from tessera.records.codec import encode
from tests.lambdas.api.requests import SET
from tests.lambdas.api.run_of_two import TIERS, insights, score
from tests.lambdas.api.world import RUNS, WAITING

ONCE = {"idempotency-key": "first-one"}


@pytest.fixture
def admin(world):
    return world.keys["acme", "admin"]


def post(world, path, body, token, headers=None):
    return world.call("POST", path, token=token, body=body, headers=headers)


def put(world, path, body, token):
    return world.call("PUT", path, token=token, body=body)


# ---- once ----------------------------------------------------------------------------------------


def test_a_repeated_request_gets_the_first_answer(world, admin):
    first = post(world, "/v1/runs", {}, admin, ONCE)
    second = post(world, "/v1/runs", {}, admin, ONCE)
    assert (first.status, first.json) == (202, second.json)
    assert len(world.machine.started) == 1


def test_the_same_key_with_another_body_or_route_is_a_conflict(world, admin):
    post(world, "/v1/runs", {}, admin, ONCE)
    other = {"upload": "uploads/acme/orders.csv"}
    assert post(world, "/v1/runs", other, admin, ONCE).status == 409
    upload = {"name": "orders.csv", "bytes": 3}
    assert post(world, "/v1/uploads", upload, admin, ONCE).status == 409


def test_a_key_belongs_to_its_tenant(world, admin):
    mine = post(world, "/v1/runs", {}, admin, ONCE).json
    theirs = post(world, "/v1/runs", {}, world.keys["zenith", "admin"], ONCE).json
    assert mine != theirs


def test_what_was_refused_may_be_asked_again(world, admin):
    body = {"upload": "uploads/acme/later.csv"}
    assert post(world, "/v1/runs", body, admin, ONCE).status == 404
    world.data.write("uploads/acme/later.csv", b"x")
    assert post(world, "/v1/runs", body, admin, ONCE).status == 202


def test_without_a_key_nothing_is_made(world, admin):
    assert post(world, "/v1/runs", {}, admin).status == 422
    assert world.machine.started == {}


def test_an_api_keys_text_is_shown_once_and_stored_nowhere(world, admin):
    wanted = {"label": "Tableau", "role": "viewer", "days": 30}
    made = post(world, "/v1/keys", wanted, admin, ONCE)
    text = made.json["text"]
    assert (made.status, made.json["role"]) == (201, "viewer")
    assert world.call("GET", "/v1/me", token=text).json["tenant"] == "acme"
    assert post(world, "/v1/keys", wanted, admin, ONCE).status == 409
    assert text.split("_", 2)[2] not in str(world.documents.items)  # a secret may have _ in it
    listed = world.call("GET", "/v1/keys", token=admin)
    assert made.json["key_id"] in {key["key_id"] for key in listed.json["items"]}
    assert "digest" not in listed.text


# ---- bodies --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("{", 400),
        ('{"role": NaN}', 400),
        ("[" * 100_000, 400),
        ('{"label": "\\ud800", "role": "viewer"}', 400),
        ("[]", 422),
        ('{"label": "x"}', 422),
        ('{"label": "x", "role": "owner"}', 422),
        ('{"label": "", "role": "viewer"}', 422),
        ('{"label": "x", "role": "viewer", "days": 0}', 422),
        ('{"label": "x", "role": "viewer", "tenant": "zenith"}', 422),
        ('{"label": "' + "x" * (1 << 20) + '", "role": "viewer"}', 413),
    ],
)
def test_a_body_that_is_not_understood_is_refused(world, admin, body, status):
    reply = post(world, "/v1/keys", body, admin, ONCE)
    assert (reply.status, reply.headers["content-type"]) == (status, "application/problem+json")


# ---- uploads and runs ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "name", "status"),
    [
        ("events", "orders.csv.gz", 201),
        ("attributes", "people.csv", 201),
        ("attributes", "people.xlsx", 422),
        ("events", "../zenith/orders.csv", 422),
        ("events", "orders.exe", 422),
        ("events", "_SUCCESS", 422),
    ],
)
def test_an_upload_goes_to_the_tenants_folder_alone(world, admin, kind, name, status):
    reply = post(world, "/v1/uploads", {"name": name, "bytes": 9, "kind": kind}, admin, ONCE)
    assert reply.status == status
    if status == 201:
        folder = "uploads/acme/attributes/" if kind == "attributes" else "uploads/acme/"
        assert reply.json["key"] == folder + name


def test_a_file_above_five_gigabytes_comes_in_parts(world, admin):
    wanted = {"name": "orders.csv", "bytes": 5 * 1024**3 + 1}
    reply = post(world, "/v1/uploads", wanted, admin, ONCE).json
    assert reply["url"] is None
    assert sum(part["bytes"] for part in reply["parts"]) == wanted["bytes"]


def test_a_run_that_waits_for_its_turn_says_why(world, admin):
    key = ("acme", WAITING["acme"])
    queued = dataclasses.replace(
        world.runs.items[key], waits_for="", waits_until="", queued="2 runs come first"
    )
    world.runs.items[key] = queued
    [newest] = [
        run
        for run in world.call("GET", "/v1/runs", token=admin).json["items"]
        if run["run_id"] == queued.run_id
    ]
    assert (newest["status"], newest["queued"]) == ("QUEUED", "2 runs come first")


def test_a_run_that_waits_shows_each_segment_before_and_after(world, admin):
    folder = naming.run_prefix("acme", WAITING["acme"])
    scored = dataclasses.replace(
        score(insights("acme", WAITING["acme"])),
        movement=TIERS, set_movements={"value_tier": TIERS},
    )  # fmt: skip
    world.data.write_json(folder + naming.SCORE_RECORD, encode(scored))
    reply = world.call("GET", f"/v1/runs/{WAITING['acme']}", token=admin).json
    assert reply["status"] == "WAITING"
    assert {*reply["changes"]} == {"rfm", "value_tier"}
    high, low = reply["changes"]["rfm"]
    assert (high["label"], high["before"], high["after"]) == ("High", 0, 3)
    assert high["in_by_cause"] == low["out_by_cause"] == {"own_behaviour": 3}


def test_a_decision_is_recorded_with_who_made_it_and_made_once(world, admin):
    path = f"/v1/runs/{WAITING['acme']}"
    assert world.call("GET", path, token=admin).json["status"] == "WAITING"
    assert world.call("GET", path, token=admin).json["changes"] == {}, "nothing is scored"
    done = post(world, f"{path}/reject", {"why": "a wrong file"}, admin)
    assert (done.json["decision"], done.json["decided_by"]) == (
        "reject", f"key:{world.key_id('acme', 'admin')}",
    )  # fmt: skip
    assert "a wrong file" in str(world.tasks.answers[WAITING["acme"]])
    assert post(world, f"{path}/approve", {}, admin).status == 409


def test_a_run_that_does_not_wait_cannot_be_approved(world, admin):
    assert post(world, f"/v1/runs/{RUNS['acme']}/approve", {}, admin).status == 409


# ---- settings and segment sets -------------------------------------------------------------------


def test_settings_are_versioned_with_who_saved_them(world, admin):
    first = put(world, "/v1/settings", {"version": 0, "settings": {"currency": "EUR"}}, admin).json
    assert (first["version"], first["saved_by"]) == (1, f"key:{world.key_id('acme', 'admin')}")
    stored = world.data.read("tenants/acme/settings.toml").decode()
    assert tomllib.loads(stored) == tomllib.loads(first["toml"]) == {"currency": "EUR"}
    assert first["effective"]["preset"] == "classic-11"
    late = put(world, "/v1/settings", {"version": 0, "settings": {}}, admin)
    assert (late.status, "version 1" in late.json["detail"]) == (409, True)


@pytest.mark.parametrize(
    "settings",
    [
        {"currency": "euro"},
        {"currencies": "EUR"},
        {"destinations": ["nowhere"]},
        {"currency": None},
        {"sets": {"own": {"name": "own"}}, "segment_sets": ["own"]},
    ],
)
def test_settings_that_no_run_could_use_are_refused_and_not_saved(world, admin, settings):
    reply = put(world, "/v1/settings", {"version": 0, "settings": settings}, admin)
    assert reply.status == 422
    assert world.call("GET", "/v1/settings", token=admin).json["version"] == 0


def test_a_file_that_was_written_past_the_api_is_nobodys_version(world, admin):
    put(world, "/v1/settings", {"version": 0, "settings": {"currency": "EUR"}}, admin)
    world.data.write("tenants/acme/settings.toml", b'currency = "USD"\n')
    current = world.call("GET", "/v1/settings", token=admin).json
    assert (current["settings"], current["saved_by"]) == ({"currency": "USD"}, None)


def test_days_of_a_file_are_texts(world, admin):
    text = b"[sets.own]\nsince = 2026-06-30\n"
    world.data.write("tenants/acme/settings.toml", text)
    current = world.call("GET", "/v1/settings", token=admin).json
    assert current["settings"] == {"sets": {"own": {"since": "2026-06-30"}}}
    assert tomllib.loads(current["toml"]) == current["settings"]


def test_a_segment_set_reads_back_as_it_was_saved_in_both_forms(world, admin):
    saved = put(world, "/v1/segment-sets/spend", {"version": 0, "definition": SET}, admin).json
    assert saved["set"]["definition"] == {"name": "spend", **SET}
    assert tomllib.loads(saved["set"]["toml"]) == saved["set"]["definition"]
    again = world.call("GET", "/v1/segment-sets/spend", token=admin).json
    assert (again["set"], again["version"], again["set"]["in_use"]) == (saved["set"], 1, True)
    settings = world.call("GET", "/v1/settings", token=admin).json
    assert settings["effective"]["segment_sets"][-1] == "spend"
    unused = {"version": 1, "in_use": False, "definition": SET}
    assert put(world, "/v1/segment-sets/spend", unused, admin).json["set"]["in_use"] is False


def test_a_definition_that_no_run_could_use_is_refused(world, admin):
    wrong = SET | {"rule": [{"column": "shoe_size", "ranges": {"Much": {}}}]}
    reply = put(world, "/v1/segment-sets/spend", {"version": 0, "definition": wrong}, admin)
    assert reply.status == 422
    other = SET | {"name": "other"}
    assert (
        put(world, "/v1/segment-sets/spend", {"version": 0, "definition": other}, admin).status
        == 422
    )


def test_a_set_goes_to_the_destinations_that_were_chosen(world, admin):
    path = "/v1/segment-sets/value_tier/destinations"
    before = world.call("GET", path, token=admin).json
    assert [(one["destination"], one["gets"]) for one in before["items"]] == [
        ("export", True), ("customer_profiles", True),
    ]  # fmt: skip
    saved = put(world, path, {"version": 0, "destinations": ["export"]}, admin).json
    assert [one["gets"] for one in saved["items"]] == [True, False]
    settings = world.call("GET", "/v1/settings", token=admin).json["settings"]
    assert settings == {"omitted_sets": {"customer_profiles": ["value_tier"]}}
    both = {"version": 1, "destinations": ["customer_profiles", "export"]}
    assert put(world, path, both, admin).json["items"] == before["items"]
    settings = world.call("GET", "/v1/settings", token=admin).json["settings"]
    assert settings == {"omitted_sets": {}}


@pytest.mark.parametrize(
    ("name", "destinations", "refusal"),
    [
        ("value_tier", ["klaviyo"], "'klaviyo' is no destination of the shop"),
        ("rfm", ["export"], "Customer Profiles cannot be changed for the set 'rfm'"),
        ("cancel_band", [], "segment set that the next run computes"),
    ],
)
def test_a_set_cannot_go_where_it_does_not_fit(world, admin, name, destinations, refusal):
    body = {"version": 0, "destinations": destinations}
    reply = put(world, f"/v1/segment-sets/{name}/destinations", body, admin)
    assert reply.status in {404, 422}
    assert refusal in reply.text


def test_a_choice_that_is_based_on_an_older_version_is_a_conflict(world, admin):
    put(world, "/v1/settings", {"version": 0, "settings": {"currency": "EUR"}}, admin)
    path = "/v1/segment-sets/value_tier/destinations"
    assert put(world, path, {"version": 0, "destinations": []}, admin).status == 409


def test_a_definition_is_counted_with_money_and_segments(world, admin):
    reply = post(world, "/v1/segment-sets/count", {"definition": SET}, admin).json
    counted = {one["label"]: one for one in reply["labels"]}
    assert counted["Little"] | {"label": ""} == {
        "label": "", "customers": 3, "monetary": "120.00",
        "segments": {"Champions": 1, "Lost": 2},
    }  # fmt: skip
    assert counted["Much"]["customers"] == counted["None"]["customers"] == 0


def test_the_last_saved_settings_are_put_in_use_again_where_the_file_is_gone(world, admin):
    put(world, "/v1/settings", {"version": 0, "settings": {"currency": "EUR"}}, admin)
    saved = put(world, "/v1/settings", {"version": 1, "settings": {"currency": "USD"}}, admin)
    assert reinstate_settings("acme", services=world.services) is False
    del world.data.objects["tenants/acme/settings.toml"]
    assert reinstate_settings("acme", services=world.services) is True
    assert world.call("GET", "/v1/settings", token=admin).json == saved.json
    assert reinstate_settings("zenith", services=world.services) is False
