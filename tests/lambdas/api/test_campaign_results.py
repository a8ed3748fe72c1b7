"""Results, figures, messages and tests through the API."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from adapters.campaigns.message_history import SentMessage
from tessera import naming
from tessera.campaigns.events.reading import MessageEvent
from tessera.records.codec import encode
from tests.campaigns.fakes import hexes
from tests.lambdas.api.campaign_world import AWAITING, NOW, SENDING
from tests.lambdas.api.measured import RESULTS as RESULTS_RECORD
from tests.lambdas.api.measured import TARGETS
from tests.lambdas.api.run_of_two import KEYS

ONCE = {"idempotency-key": "first-one"}
RESULTS = "/v1/campaigns/spring/results"
FIGURES = f"/v1/campaign-runs/{SENDING}/figures"
TESTS = "/v1/templates/welcome/test-sends"
MESSAGES = f"/v1/customers/{KEYS[0]}/messages"


@pytest.fixture
def token(world):
    return world.keys["acme", "marketer"]


def get(world, token, path):
    return world.call("GET", path, token=token)


def test_results_are_shown_as_they_were_measured(world):
    viewer = world.keys["acme", "viewer"]
    measured = get(world, viewer, RESULTS)
    assert measured.status == 200
    assert (measured.json["campaign"], measured.json["simulated"]) == ("spring", True)
    [everybody] = measured.json["slices"]
    assert everybody["conversion"]["verdict"] == "inconclusive"
    assert everybody["revenue"] is None


def test_an_outlook_begins_with_what_held_out_people_bought_so_far(world, token):
    def ask(**query):
        return world.call("GET", "/v1/effect-outlook", token=token, query=query)

    outlook = ask(people=500, weekly=True, conversion=0.05).json
    assert (outlook["conversion_from"], outlook["inference"]) == ("given", "always_valid")
    assert len(outlook["rows"]) == 5
    few = ask().json
    assert (few["conversion_from"], few["conversion"]) == ("assumed", 0.03)  # 1 was held out
    everybody = RESULTS_RECORD.slices[0]
    bought = dataclasses.replace(everybody.conversion, held_out=400, held_out_buyers=20)
    slices = (dataclasses.replace(everybody, conversion=bought),)
    real = dataclasses.replace(RESULTS_RECORD, slices=slices, simulated=False)
    lost = dataclasses.replace(real.sizes, is_mismatch=True)

    def measured(results):
        world.data.write_json(naming.campaign_results_key("acme", "spring"), encode(results))
        return ask().json["conversion_from"]

    assert measured(dataclasses.replace(real, simulated=True)) == "assumed"
    assert measured(dataclasses.replace(real, sizes=lost)) == "assumed"
    assert measured(real) == "measured"
    assert ask().json["conversion"] == 0.05
    assert ask(result_days=14).json["conversion_from"] == "assumed"
    assert ask(people=0).status == 422
    assert 0.17 in [row["share"] for row in ask(holdout=0.17).json["rows"]]
    assert ask(holdout=1).status == 422


def test_figures_are_shown_by_hour_band_and_variant_with_a_note_on_opens(world):
    figures = get(world, world.keys["acme", "viewer"], f"/v1/campaign-runs/{AWAITING}/figures").json
    assert figures["total"]["events"]["delivered"] == 2
    assert [one["group"] for one in figures["by_variant"]] == ["a"]
    assert "unreliable" in figures["notes"][0]


@pytest.mark.parametrize(
    ("path", "says"),
    [
        (FIGURES, "This run has no figures yet"),
        ("/v1/campaigns/acme-new/results", "no campaign of this id"),
        ("/v1/campaign-runs/spring-r099/figures", "no run of this id"),
    ],
)
def test_what_was_not_measured_is_not_there(world, token, path, says):
    reply = get(world, token, path)
    assert reply.status == 404
    assert says in reply.json["detail"]


def test_a_campaign_without_a_result_says_when_it_comes(world, token):
    del world.data.objects[naming.campaign_results_key("acme", "spring")]
    assert "the day after its first run" in get(world, token, RESULTS).json["detail"]


# ---- who to write to next ------------------------------------------------------------------------


def test_who_reacts_is_shown_as_it_was_learnt(world):
    targets = get(world, world.keys["acme", "viewer"], "/v1/campaigns/spring/targets").json
    assert targets["decision"] == "publish"
    assert targets["groups"][0]["customers"] == 120


def test_an_offer_comes_with_a_set_that_can_be_saved_as_it_is(world, token):
    offer = {"cost": 0.5, "margin": 0.4, "budget": 100}
    plan = world.call("POST", "/v1/campaigns/spring/offer", token=token, body=offer).json
    assert (plan["customers"], plan["spent"]) == (120, 60.0)
    assert plan["groups"][0]["label"] == "First"
    body = {"version": 0, "definition": plan["set"], "in_use": True}
    name = plan["set"]["name"]
    saved = world.call("PUT", f"/v1/segment-sets/{name}", token=token, body=body)
    assert saved.status == 200, saved.json
    assert saved.json["set"]["in_use"]
    assert get(world, token, f"/v1/segment-sets/{name}").json["set"]["warning"] == ""
    assert plan["audience"]["conditions"] is not None
    withheld = dataclasses.replace(TARGETS, decision="withhold", groups=())
    world.data.write_json(naming.campaign_targets_key("acme", "spring"), encode(withheld))
    plan = world.call("POST", "/v1/campaigns/spring/offer", token=token, body=offer).json
    assert f"{name} is still in use" in plan["verdict"]
    assert plan["audience"] is None
    read = get(world, token, f"/v1/segment-sets/{name}").json["set"]
    assert f"{name} is still in use" in read["warning"]
    listed = {one["name"]: one for one in get(world, token, "/v1/segment-sets").json["items"]}
    assert listed[name]["warning"] == read["warning"]
    assert listed["value_tier"]["warning"] == ""


def test_an_offer_with_an_impossible_margin_is_refused(world, token):
    offer = {"cost": 0.5, "margin": 40, "budget": None}
    refused = world.call("POST", "/v1/campaigns/spring/offer", token=token, body=offer)
    assert refused.status == 422
    assert "margin is 40" in refused.text


def test_chances_and_hours_are_shown_with_their_reasons(world):
    viewer = world.keys["acme", "viewer"]
    engagement = get(world, viewer, "/v1/campaigns/spring/engagement").json
    assert engagement["chances"][0]["prior"]["mean"] == 0.1
    assert engagement["hours"]["shop_hour"] == 9


@pytest.mark.parametrize("what", ["targets", "engagement"])
def test_before_the_first_look_the_answer_says_when_it_comes(world, token, what):
    del world.data.objects[f"tenants/acme/campaigns/spring/{what}.json"]
    reply = get(world, token, f"/v1/campaigns/spring/{what}")
    assert (reply.status, "day after the first run" in reply.json["detail"]) == (404, True)


# ---- messages ------------------------------------------------------------------------------------


def test_a_customer_has_the_messages_with_what_happened_the_earliest_first(world, token):
    minute = dt.timedelta(minutes=1)
    world.campaigns.sent["acme", KEYS[0]] = [
        SentMessage(run_id=SENDING, variant="a", recipient=hexes(1), message_id="m-1", sent_at=NOW)
    ]
    world.campaigns.happened["acme", SENDING, hexes(1)] = [
        MessageEvent(
            kind=kind, tenant="acme", run=SENDING, recipient=hexes(1), message_id="m-1",
            at=NOW + after * minute, domain="shop.example", link="https://shop.example/a",
        )
        for kind, after in (("CLICKED", 9), ("DELIVERED", 1))
    ]  # fmt: skip
    [message] = get(world, token, MESSAGES).json["items"]
    assert (message["campaign"], message["run_id"]) == ("spring", SENDING)
    assert [one["kind"] for one in message["events"]] == ["DELIVERED", "CLICKED"]
    assert "shop.example" not in str(message)
    assert hexes(1) not in str(message)
    other = world.keys["zenith", "marketer"]
    assert get(world, other, MESSAGES).json == {"items": []}


# ---- tests of a template -------------------------------------------------------------------------


def send(world, token, headers=ONCE, **changes):
    body = {"version": 1, "to": "ann@shop.example"} | changes
    return world.call("POST", TESTS, token=token, body=body, headers=headers)


@pytest.fixture
def published(world, token):
    where = "/v1/templates/welcome/publish"
    assert world.call("POST", where, token=token, body={"version": 1}).status == 200
    world.lines.clear()


def test_a_published_template_is_sent_once_however_often_it_is_asked_for(world, token, published):
    first = send(world, token)
    asked = world.campaigns.functions.asked
    tenant, template, to, fields = asked.pop("send_test")
    assert (tenant, template.id, template.version) == ("acme", "welcome", 1)
    assert to == "ann@shop.example"
    assert fields["segment"], "a made-up customer has values too"
    assert (first.status, first.json) == (201, {"message_id": "m-1", "problem": ""})
    assert send(world, token).json == first.json
    assert asked == {}
    assert "ann@" not in str(world.documents.items)
    assert "ann@" not in str(world.lines)


def test_a_test_shows_the_values_of_a_real_customer(world, token, published):
    send(world, token, customer_key=KEYS[1])
    *_, fields = world.campaigns.functions.asked["send_test"]
    assert (fields["segment"], fields["monetary"]) == ("Lost", "40.00")
    other = {"idempotency-key": "second-one"}
    assert send(world, token, other, customer_key="nobody").status == 404


def test_what_is_not_published_is_not_sent(world, token):
    assert send(world, token).status == 404
    assert world.campaigns.functions.asked == {}


@pytest.mark.parametrize("to", ["ann", "ann@", "a b@shop.example", "Ann <ann@shop.example>", ""])
def test_what_is_no_address_gets_no_test(world, token, published, to):
    reply = send(world, token, to=to)
    assert reply.status == 422
    assert "to: expected an e-mail address" in reply.json["detail"]
