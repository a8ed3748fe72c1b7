"""Runs of campaigns through the API: asked for once, watched, and decided about."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from tessera.campaigns.definitions.channel import CampaignChannel
from tessera.campaigns.definitions.variants import TemplateChoice, Variant
from tests.lambdas.api.campaign_world import (
    AWAITING,
    DOUBT,
    HOUR,
    PAUSED,
    SENDING,
    SENT_TO,
    UNTRIED,
)

ONCE = {"idempotency-key": "first-one"}
RUNS = "/v1/campaigns/spring/runs"
NEXT = "spring-r004"


@pytest.fixture
def token(world):
    return world.keys["acme", "marketer"]


@pytest.fixture
def machine(world):
    return world.campaigns.machine


def get(world, token, path):
    return world.call("GET", path, token=token)


def post(world, token, path, body=None, headers=None):
    return world.call("POST", path, token=token, body=body, headers=headers)


def ask(world, token, body=None, key="first-one"):
    return post(world, token, RUNS, body or {}, {"idempotency-key": key})


def run(world, token, run_id):
    return get(world, token, f"/v1/campaign-runs/{run_id}").json


# ---- asking --------------------------------------------------------------------------------------


def test_a_run_is_planned_once_however_often_it_is_asked_for(world, token, machine):
    first, again = ask(world, token), ask(world, token)
    assert (first.status, first.json) == (202, again.json)
    made = first.json
    assert (made["run_id"], made["state"], made["day"]) == (NEXT, "PLANNING", "2026-11-30")
    assert (made["recipients"], made["starts_at"], made["is_approved"]) == (None, None, False)
    assert made["asked_by"].startswith("key:")
    assert machine.tasks == [(NEXT, "plan")]
    other = ask(world, token, key="another-one")
    assert other.json["run_id"] == "spring-r005"


def test_a_run_reuses_the_definition_with_another_audience_and_schedule(world, token):
    body = {
        "audience": {"churn_bands": ["High"]},
        "schedule": {"kind": "once", "first_day": "2026-12-24"},
    }
    assert ask(world, token, body).status == 202
    used = run(world, token, NEXT)["definition"]
    assert used["audience"]["churn_bands"] == ["High"]
    assert used["schedule"]["first_day"] == "2026-12-24"
    campaign = get(world, token, "/v1/campaigns/spring").json
    assert campaign["definition"]["audience"]["segments"] == ["At Risk"]
    assert (campaign["last_run"], campaign["last_run_state"]) == (NEXT, "PLANNING")


def test_what_does_not_fit_the_definition_is_refused_and_nothing_starts(world, token, machine):
    reply = ask(world, token, {"audience": {"receivers": "vip", "segments": ["At Risk"]}})
    assert reply.status == 422
    wrong = ask(world, token, {"audience": {"segments": ["At Rsik"]}}, key="another-one")
    assert wrong.status == 409
    assert "'At Rsik', expected one of" in wrong.json["errors"][0]["what"]
    assert machine.started == {}
    assert get(world, token, "/v1/campaigns/spring").json["last_run"] == PAUSED


def test_an_ended_campaign_has_no_further_run(world, token, machine):
    post(world, token, "/v1/campaigns/spring/end")
    reply = ask(world, token)
    assert reply.status == 409
    assert "has ended" in reply.json["detail"]
    assert machine.started == {}


# ---- watching ------------------------------------------------------------------------------------


def test_the_runs_of_a_campaign_come_the_newest_first(world, token):
    listed = get(world, token, RUNS).json["items"]
    assert [one["run_id"] for one in listed] == [PAUSED, SENDING, AWAITING]
    assert {one["campaign"] for one in listed} == {"spring"}


def test_a_run_before_its_plan_has_neither_counts_nor_moments(world, token):
    ask(world, token)
    made = run(world, token, NEXT)
    assert [made[name] for name in ("audience", "tally", "planned_at", "zone_unknown")] == [
        None
    ] * 4
    assert made["stuck"] == ""


def test_a_run_that_failed_before_its_plan_says_why_and_has_no_moments(world, token):
    ask(world, token)
    world.campaigns.move(NEXT, state="FAILED", reason="the list of receivers is empty")
    made = run(world, token, NEXT)
    assert (made["state"], made["reason"]) == ("FAILED", "the list of receivers is empty")
    assert [made[name] for name in ("recipients", "starts_at", "deadline", "tally")] == [None] * 4


def test_a_planned_run_says_who_gets_it_and_who_does_not(world, token):
    made = run(world, token, AWAITING)
    assert (made["state"], made["recipients"]) == ("AWAITING_APPROVAL", 3)
    assert made["audience"]["held_out"] == 1
    assert made["zone_unknown"] == 2
    assert (made["tally"]["waiting"], made["tally"]["sent"]) == (3, 0)


def test_a_run_that_makes_the_domain_a_bulk_sender_says_so_before_its_approval(world, token):
    assert run(world, token, AWAITING)["notes"] == []
    by_mail = CampaignChannel(kind="email")
    variants = (Variant(name="a", template=TemplateChoice(id="welcome", version=1)),)
    kept = world.campaigns.manifests["acme", AWAITING]
    definition = dataclasses.replace(kept.definition, channel=by_mail, variants=variants)
    world.campaigns.manifests["acme", AWAITING] = dataclasses.replace(
        kept, definition=definition, to_gmail=5_000
    )
    [note] = run(world, token, AWAITING)["notes"]
    assert "5000 messages to Gmail on one day" in note


def test_a_run_that_another_tool_sends_has_an_audience_and_no_messages(world, token):
    def handing_over(request):
        channel = CampaignChannel(kind="audience", to="klaviyo")
        definition = dataclasses.replace(request.definition, channel=channel)
        return dataclasses.replace(request, definition=definition)

    world.campaigns.services.requests("acme").change(AWAITING, handing_over)
    made = run(world, token, AWAITING)
    assert made["definition"]["channel"] == {"kind": "audience", "to": "klaviyo"}
    assert (made["audience"]["held_out"], made["tally"]) == (1, None)


def test_a_run_under_way_has_its_messages_by_state(world, token):
    made = run(world, token, SENDING)
    tally = made["tally"]
    assert {one["part"]: one["units"] for one in made["cost"]["parts"]} == {
        "mails": 0, "writes": 6, "reads": 2,
    }  # fmt: skip
    assert (tally["planned"], tally["waiting"], tally["sent"], tally["doubts"]) == (3, 1, 1, 1)


def test_a_run_that_stands_still_says_why(world, token):
    assert run(world, token, PAUSED)["stuck"] == ""
    world.now += dt.timedelta(hours=2)
    made = run(world, token, PAUSED)
    assert (made["reason"], made["stuck"].partition(" since")[0]) == (
        "paused by user:1", "it is paused",
    )  # fmt: skip


def test_a_run_that_nothing_executes_any_longer_says_so(world, token, machine):
    decide(world, token, PAUSED, "resume")
    run(world, token, PAUSED)
    world.now += dt.timedelta(hours=2)
    assert "no refusal is recorded" in run(world, token, PAUSED)["stuck"]
    machine.started.clear()
    assert "nothing executes it: resume it" in run(world, token, PAUSED)["stuck"]


def test_a_run_whose_result_is_awaited_is_not_stuck(world, token):
    world.campaigns.move(PAUSED, state="MEASURING")
    world.now += dt.timedelta(days=5)
    assert run(world, token, PAUSED)["stuck"] == ""


# ---- deciding ------------------------------------------------------------------------------------


def decide(world, token, run_id, what, body=None):
    return post(world, token, f"/v1/campaign-runs/{run_id}/{what}", body)


def test_an_approved_run_goes_on_to_send(world, token, machine):
    approved = decide(world, token, AWAITING, "approve")
    assert (approved.status, approved.json["state"]) == (200, "SCHEDULED")
    assert machine.tasks == [(AWAITING, "send")]
    again = decide(world, token, AWAITING, "approve")
    assert again.status == 409
    assert "approve needs AWAITING_APPROVAL" in again.json["detail"]


def test_a_run_is_paused_with_who_and_why_and_resumed(world, token, machine):
    paused = decide(world, token, SENDING, "pause", {"why": "a wrong price"}).json
    assert paused["state"] == "PAUSED"
    assert paused["reason"].startswith("paused by key:")
    assert paused["reason"].endswith(": a wrong price")
    assert machine.started == {}
    resumed = decide(world, token, SENDING, "resume").json
    assert (resumed["state"], resumed["reason"]) == ("SENDING", "")
    assert machine.tasks == [(SENDING, "send")]


def test_a_run_whose_deadline_has_passed_is_not_resumed(world, token, machine):
    world.now += 80 * HOUR
    assert decide(world, token, PAUSED, "resume").status == 409
    assert machine.started == {}


@pytest.mark.parametrize(("run_id", "state"), [(AWAITING, "CANCELLED"), (SENDING, "SETTLING")])
def test_a_cancelled_run_settles_what_it_has_sent(world, token, run_id, state):
    cancelled = decide(world, token, run_id, "cancel", {}).json
    assert cancelled["state"] == state
    assert cancelled["reason"].startswith("cancelled by key:")


def test_a_planned_run_cannot_be_paused(world, token):
    assert decide(world, token, AWAITING, "pause", {}).status == 409


# ---- doubts --------------------------------------------------------------------------------------


def test_doubts_are_listed_without_addresses_and_released_by_a_person(world, token, machine):
    where = f"/v1/campaign-runs/{PAUSED}/doubts"
    listed = get(world, token, where).json
    assert (listed["doubts"], [one["recipient"] for one in listed["items"]]) == (1, [DOUBT])
    assert "@" not in str(listed)
    released = post(world, token, f"{where}/release", {"recipients": [DOUBT]})
    assert (released.status, released.json["state"]) == (200, "PAUSED")
    assert get(world, token, where).json == {"doubts": 0, "items": []}
    assert run(world, token, PAUSED)["tally"]["deferred"] == 1
    assert machine.started == {}


@pytest.mark.parametrize(("recipient", "says"), [(SENT_TO, "is SENT"), (UNTRIED, "not in the run")])
def test_only_a_doubt_can_be_released(world, token, recipient, says):
    where = f"/v1/campaign-runs/{SENDING}/doubts/release"
    reply = post(world, token, where, {"recipients": [recipient]})
    assert reply.status == 409
    assert says in reply.json["detail"]


@pytest.mark.parametrize("recipients", [[], ["ann@shop.example"], ["0" * 31], [DOUBT] * 1001])
def test_what_names_no_recipient_is_refused(world, token, recipients):
    where = f"/v1/campaign-runs/{SENDING}/doubts/release"
    assert post(world, token, where, {"recipients": recipients}).status == 422


# ---- isolation -----------------------------------------------------------------------------------


def test_another_tenants_run_of_the_same_id_goes_on(world, token):
    decide(world, token, SENDING, "cancel", {})
    other = world.keys["zenith", "marketer"]
    assert run(world, other, SENDING)["state"] == "SENDING"
