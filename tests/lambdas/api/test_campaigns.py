"""Campaigns through the API: saved on their version, activated, ended, copied, ready ones."""

from __future__ import annotations

import dataclasses

import pytest

from lambdas.api.app import create_app
from tessera.api.campaign_routes import CAMPAIGN_ROUTES
from tests.api_function import ApiFunction
from tests.lambdas.api.campaign_world import SPRING
from tests.lambdas.api.requests import request_for

ONCE = {"idempotency-key": "first-one"}
WHERE = "/v1/campaigns/spring"
MAIL = {"channel": {"kind": "email"}}


@pytest.fixture
def token(world):
    return world.keys["acme", "marketer"]


def get(world, token, path):
    return world.call("GET", path, token=token)


def put(world, token, path, version, **changes):
    body = {"version": version, "definition": SPRING | changes}
    return world.call("PUT", path, token=token, body=body)


def post(world, token, path, body=None, headers=None):
    return world.call("POST", path, token=token, body=body, headers=headers)


# ---- saving --------------------------------------------------------------------------------------


def test_a_new_campaign_is_version_0_changed(world, token):
    made = put(world, token, "/v1/campaigns/summer", 0, id="summer").json
    assert (made["id"], made["version"], made["state"]) == ("summer", 1, "draft")
    assert (made["last_run"], made["last_run_state"], made["problems"]) == (None, None, [])
    assert made["changed_by"].startswith("key:")
    assert made["definition"]["schedule"]["hours"] == {"from": "09:00", "until": "20:00"}
    listed = get(world, token, "/v1/campaigns").json["items"]
    assert [one["id"] for one in listed] == ["acme-own", "spring", "summer"]
    assert get(world, token, "/v1/campaigns/summer").json == made


def test_a_definition_on_an_older_version_is_a_conflict_that_names_the_newer_one(world, token):
    assert put(world, token, WHERE, 1, name="Early").json["version"] == 2
    late = put(world, token, WHERE, 1, name="Late")
    assert late.status == 409
    assert "based on version 1, and version 2 is in use" in late.json["detail"]
    assert get(world, token, WHERE).json["name"] == "Early"


@pytest.mark.parametrize("version", [0, 3])
def test_a_new_campaign_takes_no_place_of_another_and_needs_version_0(world, token, version):
    assert put(world, token, WHERE, version).status == 409
    assert put(world, token, "/v1/campaigns/new", 1, id="new").status == 409
    assert get(world, token, "/v1/campaigns/new").status == 404


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"id": "other"}, "calls itself 'other', not 'spring'"),
        ({"audience": {"segment": ["At Risk"]}}, "body.definition.audience: unknown member"),
        ({"holdout": {"share": 2}}, "body.definition.holdout: share is 2"),
        ({"schedule": {"kind": "daily", "first_day": "2026-12-01"}}, "again_after_days"),
        (MAIL, "variant 'a': template is null"),
        ({"audience": {"conditions": {"all": 3}}}, "conditions"),
    ],
)
def test_a_definition_that_is_wrong_by_itself_is_refused_with_its_place(
    world, token, changes, says
):
    reply = put(world, token, WHERE, 1, **changes)
    assert reply.status == 422
    assert says in reply.json["detail"]


def test_what_fits_nobody_here_is_saved_with_its_problems_and_cannot_be_activated(world, token):
    saved = put(
        world, token, WHERE, 1, **MAIL, audience={"segments": ["At Rsik"]},
        variants=[{"name": "a", "template": {"id": "welcome", "version": 1}}],
    )  # fmt: skip
    assert saved.status == 200
    labels, template = saved.json["problems"]
    assert "'At Rsik', expected one of" in labels
    assert "version 1 of the template 'welcome', which is not published" in template
    refused = post(world, token, f"{WHERE}/activate", {"version": 2})
    assert refused.status == 409
    assert [one["what"] for one in refused.json["errors"]] == [labels, template]


def test_a_published_template_is_no_problem(world, token):
    post(world, token, "/v1/templates/welcome/publish", {"version": 1})
    variants = [{"name": "a", "template": {"id": "welcome", "version": 1}}]
    assert put(world, token, WHERE, 1, **MAIL, variants=variants).json["problems"] == []


def test_what_would_move_people_out_of_the_holdout_is_refused_after_a_run(world, token):
    reply = put(world, token, WHERE, 1, holdout={"share": 0.3})
    assert reply.status == 422
    assert "Copy the campaign to change it" in reply.json["detail"]
    assert put(world, token, WHERE, 1, name="New").status == 200
    new = "/v1/campaigns/new"
    put(world, token, new, 0, id="new")
    assert put(world, token, new, 1, id="new", holdout={"share": 0.3}).status == 200


# ---- states --------------------------------------------------------------------------------------


def test_an_active_campaign_that_is_changed_is_a_draft_again(world, token):
    active = post(world, token, f"{WHERE}/activate", {"version": 1}).json
    assert (active["state"], active["version"]) == ("active", 2)
    again = post(world, token, f"{WHERE}/activate", {"version": 2}).json
    assert again == active
    changed = put(world, token, WHERE, 2, name="Other").json
    assert (changed["state"], changed["version"]) == ("draft", 3)


def test_a_version_that_nobody_looked_at_is_not_activated(world, token):
    put(world, token, WHERE, 1, name="Changed meanwhile")
    assert post(world, token, f"{WHERE}/activate", {"version": 1}).status == 409
    assert get(world, token, WHERE).json["state"] == "draft"


def test_an_ended_campaign_stays_as_it_is(world, token):
    ended = post(world, token, f"{WHERE}/end").json
    assert (ended["state"], ended["version"]) == ("ended", 2)
    assert post(world, token, f"{WHERE}/end").json == ended
    for reply in (
        put(world, token, WHERE, 2, name="Again"),
        post(world, token, f"{WHERE}/activate", {"version": 2}),
    ):
        assert reply.status == 409
        assert "has ended: duplicate it" in reply.json["detail"]


# ---- copies --------------------------------------------------------------------------------------


def test_a_copy_has_the_definition_and_no_run_and_is_made_once(world, token):
    assert get(world, token, WHERE).json["last_run"] == "spring-r003"
    body = {"id": "copy", "name": "A copy"}
    first = post(world, token, f"{WHERE}/duplicate", body, ONCE)
    again = post(world, token, f"{WHERE}/duplicate", body, ONCE)
    assert (first.status, first.json) == (201, again.json)
    assert (first.json["state"], first.json["last_run"]) == ("draft", None)
    same = {"id": "spring", "name": "Spring"}
    original = get(world, token, WHERE).json["definition"]
    assert first.json["definition"] | same == original
    other = post(world, token, f"{WHERE}/duplicate", body, {"idempotency-key": "second-one"})
    assert other.status == 409
    assert "choose another id" in other.json["detail"]


def test_an_id_that_a_run_could_have_is_refused(world, token):
    body = {"id": "copy-r001", "name": "A copy"}
    reply = post(world, token, f"{WHERE}/duplicate", body, ONCE)
    assert reply.status == 422
    assert "not ending as a run's does" in reply.json["detail"]


# ---- ready definitions ---------------------------------------------------------------------------


def test_a_ready_definition_needs_only_templates(world, token):
    post(world, token, "/v1/templates/welcome/publish", {"version": 1})
    ready = get(world, token, "/v1/ready-campaigns").json["items"]
    assert [one["name"] for one in ready] == ["at_risk", "left_champions", "rising_risk"]
    for one in ready:
        definition = one["definition"]
        assert definition["schedule"]["first_day"] == "2026-11-30"
        assert {variant["template"] for variant in definition["variants"]} == {None}
        for variant in definition["variants"]:
            variant["template"] = {"id": "welcome", "version": 1}
        body = {"version": 0, "definition": definition}
        where = f"/v1/campaigns/{definition['id']}"
        saved = world.call("PUT", where, token=token, body=body)
        assert (saved.status, saved.json["definition"]) == (200, definition)


def test_its_first_day_is_today_in_the_shops_time_zone(world, token):
    admin = world.keys["acme", "admin"]
    settings = {"version": 0, "settings": {"time_zone": "Pacific/Kiritimati"}}
    world.call("PUT", "/v1/settings", token=admin, body=settings)
    world.now = world.now.replace(hour=12)  # 02:00 of the next day there
    ready = get(world, token, "/v1/ready-campaigns").json["items"]
    assert ready[0]["definition"]["schedule"]["first_day"] == "2026-12-01"


# ---- where campaigns are off ---------------------------------------------------------------------


@pytest.mark.parametrize("route", CAMPAIGN_ROUTES, ids=lambda route: route.name)
def test_where_campaigns_are_off_every_route_says_how_to_enable_them(world, token, route):
    off = create_app(
        dataclasses.replace(world.services, campaigns=None),
        principal=world.app.state.api.principal,
        log=lambda _: None,
        one_at_a_time=True,
    )
    reply = world.call(**request_for(route, "acme"), token=token, function=ApiFunction(off))
    assert reply.status == 409
    assert "set campaigns.enabled to true" in reply.json["detail"]


# ---- isolation -----------------------------------------------------------------------------------


def test_another_tenants_campaign_of_the_same_id_stays_as_it_is(world, token):
    put(world, token, WHERE, 1, name="Mine")
    theirs = get(world, world.keys["zenith", "marketer"], WHERE).json
    assert (theirs["name"], theirs["version"]) == ("Spring", 1)


# ---- audiences -----------------------------------------------------------------------------------


def count(world, token, **changes):
    body = {"definition": SPRING | changes}
    return post(world, token, "/v1/audiences/count", body)


def test_a_count_says_who_is_omitted_and_why_in_words(world, token):
    made = count(world, token, **MAIL).json
    asked_for, definition = world.campaigns.functions.asked["count_audience"]
    assert (asked_for, definition["variants"][0]["template"]["version"]) == ("acme", 1)
    audience = made["audience"]
    assert (audience["selected"], audience["eligible"], audience["held_out"]) == (6, 3, 1)
    assert [(one["reason"], one["people"]) for one in audience["omitted"]] == [
        ("no_consent", 1), ("unsubscribed", 1),
    ]  # fmt: skip
    assert audience["omitted"][0]["meaning"] == "no consent, or it has expired"
    assert "declare your legal basis" in audience["note"]


def test_a_count_of_what_fits_nobody_has_the_problems_in_its_place(world, token):
    world.campaigns.functions.counted |= {"counts": None, "problems": ("No such segment.",)}
    made = count(world, token).json
    assert (made["audience"], made["problems"]) == (None, ["No such segment."])


def test_what_is_no_definition_is_not_counted(world, token):
    reply = count(world, token, audience={"segment": ["At Risk"]})
    assert reply.status == 422
    assert "unknown member 'segment'" in reply.json["detail"]
    assert world.campaigns.functions.asked == {}
