"""Consents and lists of receivers through the API: where a file goes, and what is known."""

from __future__ import annotations

import datetime as dt

import pytest

from tessera import naming
from tessera.campaigns.consent.row import ConsentRow
from tessera.records.codec import encode
from tests.campaigns.fakes import hexes
from tests.lambdas.api.campaign_world import IMPORTS, NOW

ONCE = {"idempotency-key": "first-one"}
START = f"/v1/consent/imports/{IMPORTS['acme']}/start"


@pytest.fixture
def token(world):
    return world.keys["acme", "marketer"]


def get(world, token, path):
    return world.call("GET", path, token=token)


def post(world, token, path, body=None, headers=None):
    return world.call("POST", path, token=token, body=body, headers=headers)


# ---- receivers -----------------------------------------------------------------------------------


def test_a_list_is_sent_past_the_api_and_then_listed_by_name(world, token):
    target = post(world, token, "/v1/receivers/vip", {"bytes": 30}).json
    key = naming.receivers_key("acme", "vip")
    assert target["url"] == f"https://bucket.example/{key}?size=30"
    assert target["expires_at"] == "2026-11-30T09:00:00+00:00"
    world.campaigns.identities.write(key, b"address\nann@shop.example\n")
    listed = get(world, token, "/v1/receivers").json["items"]
    assert [(one["name"], one["bytes"]) for one in listed] == [("acme-list", 8), ("vip", 25)]


@pytest.mark.parametrize(
    ("name", "size"), [("VIP", 1), ("..", 1), ("vip", 0), ("vip", 600 * 1024**2)]
)
def test_a_list_has_an_exact_name_and_a_size_that_can_be_read(world, token, name, size):
    assert post(world, token, f"/v1/receivers/{name}", {"bytes": size}).status == 422


def test_a_campaign_says_that_its_list_is_missing(world, token):
    where = "/v1/campaigns/spring"
    definition = get(world, token, where).json["definition"]
    for name, problems in (("vip", 1), ("acme-list", 0)):
        definition["audience"] = {"receivers": name}
        version = get(world, token, where).json["version"]
        body = {"version": version, "definition": definition}
        saved = world.call("PUT", where, token=token, body=body).json
        assert len(saved["problems"]) == problems
    assert "There is no list of receivers" not in str(saved)


# ---- imports -------------------------------------------------------------------------------------


def test_an_import_has_its_own_place_and_a_repeated_request_no_second_one(world, token):
    first, again = (post(world, token, "/v1/consent/imports", {"bytes": 9}, ONCE) for _ in range(2))
    assert (first.status, first.json) == (201, again.json)
    key = naming.consent_import_key("acme", first.json["name"])
    assert key in first.json["url"]
    other = {"idempotency-key": "second-one"}
    assert post(world, token, "/v1/consent/imports", {"bytes": 9}, other).json != first.json


def test_an_import_reports_lines_without_their_cells_and_is_done_once(world, token):
    report = post(world, token, START).json
    assert (report["added"], report["refused"]) == (2, 1)
    assert report["refusals"] == [{"line": 3, "column": "at", "expected": "a day or an instant"}]
    asked = world.campaigns.functions.asked
    assert asked.pop("import_consent") == ("acme", IMPORTS["acme"])
    done = world.campaigns.functions.import_consent("acme", IMPORTS["acme"])
    asked.clear()
    world.data.write_json(naming.consent_report_key("acme", IMPORTS["acme"]), encode(done))
    assert post(world, token, START).json == report
    assert asked == {}


def test_a_file_that_was_not_sent_cannot_be_imported(world, token):
    assert post(world, token, f"/v1/consent/imports/{'f' * 16}/start").status == 404
    assert world.campaigns.functions.asked == {}


# ---- counts --------------------------------------------------------------------------------------


def test_consents_are_counted_by_person_state_and_basis(world, token):
    day = dt.timedelta(days=1)
    granted = {"state": "granted", "source": "import", "basis": "express", "at": NOW - day}
    world.campaigns.consents["acme"] = [
        ConsentRow(recipient=hexes(1), **granted),
        ConsentRow(recipient=hexes(2), **granted),
        ConsentRow(recipient=hexes(2), state="withdrawn", source="unsubscribe_link", at=NOW),
    ]
    counts = get(world, world.keys["acme", "viewer"], "/v1/consent").json
    assert counts == {
        "people": 2,
        "marketing": {"granted": 1, "withdrawn": 1},
        "tracking": {"none": 2},
        "by_basis": {"express": 1},
        "legal_basis": {},
    }
    assert get(world, world.keys["zenith", "viewer"], "/v1/consent").json["people"] == 0


def test_what_the_tenant_declares_stands_beside_the_counts(world, token):
    settings = {"campaigns": {"legal_basis": {"US": "opt_out"}}}
    admin = world.keys["acme", "admin"]
    body = {"version": 0, "settings": settings}
    assert world.call("PUT", "/v1/settings", token=admin, body=body).status == 200
    assert get(world, token, "/v1/consent").json["legal_basis"] == {"US": "opt_out"}


# ---- Gmail's spam rate ---------------------------------------------------------------------------


def test_a_spam_rate_is_absent_until_somebody_enters_it(world, token):
    nothing = {"share": None, "day": None, "counts_until": None}
    assert get(world, token, "/v1/postmaster").json == nothing
    day = NOW.date() - dt.timedelta(days=1)
    figure = {"share": 0.0021, "day": day.isoformat()}
    entered = world.call("PUT", "/v1/postmaster", token=token, body=figure)
    until = (day + dt.timedelta(days=7)).isoformat()
    assert (
        entered.json
        == get(world, token, "/v1/postmaster").json
        == {**figure, "counts_until": until}
    )
    other = world.keys["zenith", "marketer"]
    assert get(world, other, "/v1/postmaster").json == nothing


@pytest.mark.parametrize(
    ("share", "days_ago", "names"), [(0.3, -1, "day"), (0.001, 8, "day"), (30, 1, "share")]
)
def test_a_wrong_spam_rate_is_refused(world, token, share, days_ago, names):
    figure = {"share": share, "day": (NOW.date() - dt.timedelta(days=days_ago)).isoformat()}
    refused = world.call("PUT", "/v1/postmaster", token=token, body=figure)
    assert refused.status == 422
    assert names in refused.json["detail"]
