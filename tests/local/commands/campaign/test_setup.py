"""The example's settings, brand kit and templates reach a console once."""

from __future__ import annotations

from local.commands.campaign.setup import set_up
from tests.local.commands.campaign.fake_api import FakeConsoleApi


def test_what_is_missing_is_brought():
    api = FakeConsoleApi()
    sent = []
    lines = list(set_up(api, put=lambda url, content: sent.append((url, content))))
    assert len(lines) == 5
    ((url, content),) = sent
    assert url == "http://127.0.0.1/put"
    assert content.startswith(b"address,state,at,")
    assert lines[-1] == "consents: 12 of simulated_consents.csv, which nobody really gave"
    calls = {path: body for _, path, body in api.sent}
    settings = calls["/v1/settings"]
    assert settings["version"] == 4
    assert settings["settings"]["time_zone"] == "Europe/London"  # what was there stays
    assert settings["settings"]["campaigns"]["from_address"] == "news@shop.example"
    assert calls["/v1/brand"]["brand"]["address"]
    for name in ("win-back", "newsletter"):
        assert calls[f"/v1/templates/{name}/import"]["format"] == "tessera-template"
        assert calls[f"/v1/templates/{name}/publish"] == {"version": 1}


def test_what_is_there_stays():
    known = [{"id": name, "version": 3, "published": {"number": 1}}
             for name in ("win-back", "newsletter")]  # fmt: skip
    api = FakeConsoleApi(
        **{
            "/v1/settings": {"version": 1, "settings": {"campaigns": {}}},
            "/v1/brand": {"version": 2},
            "/v1/consent": {"people": 1},
            "/v1/templates": {"items": known},
        }
    )
    assert all("stay" in line for line in set_up(api))
    assert api.sent == []


def test_a_draft_of_the_name_is_published_and_not_replaced():
    draft = {"id": "win-back", "version": 5, "published": None}
    api = FakeConsoleApi(**{"/v1/templates": {"items": [draft]}})
    list(set_up(api, put=lambda *_: None))
    assert ("POST", "/v1/templates/win-back/publish", {"version": 5}) in api.sent
    assert "/v1/templates/win-back/import" not in [path for _, path, _ in api.sent]
