"""The live smoke test, against the stand-ins: nobody's account is called here."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from local.commands.live import snowflake
from local.commands.live.command import SECRET, LiveTest, live
from local.commands.live.smoke import IDS, SMOKE
from local.loopback.held import seen
from local.services.frame import http_service
from local.services.frame.http_service import HttpServer
from local.services.snowflake.server import Snowflake, SnowflakeServer
from local.terminal import Terminal
from tessera.destinations import catalog
from tessera.errors import InvalidInput
from tests.destinations.places import DOMAIN, KEY, SERVERS, STATES, Clock
from tests.destinations.snowflake_place import key_pair


@pytest.fixture(params=sorted(catalog.HTTP))
def server(request, monkeypatch) -> Iterator[HttpServer]:
    """A stand-in that takes a vendor's place."""
    yield from running(request.param, monkeypatch)


@pytest.fixture
def klaviyo(monkeypatch) -> Iterator[HttpServer]:
    yield from running("klaviyo", monkeypatch)


def running(name: str, monkeypatch) -> Iterator[HttpServer]:
    made = SERVERS[name]()
    made.state = STATES[name]()
    made.name = name
    monkeypatch.setenv(f"TESSERA_ENDPOINT_{name.upper()}", made.start())
    yield made
    made.stop()


def secret(name: str) -> dict[str, str]:
    fields = json.dumps(dict.fromkeys(catalog.HTTP[name].SECRET_FIELDS, KEY))
    return {SECRET: fields}


def endpoints() -> dict[str, str]:
    """Return where the stand-ins are."""
    return {name: url for name, url in os.environ.items() if name.startswith("TESSERA_ENDPOINT_")}


def tried(name: str, *, environ: dict[str, str] | None = None, **wanted: Any) -> tuple[bool, str]:
    """Return whether it went well, and what was printed."""
    out, clock = io.StringIO(), Clock()
    request = LiveTest(**{"destination": name, "sure": True, **wanted})
    given = secret(name) if environ is None else environ
    environ = endpoints() | given
    well = live(request, terminal=Terminal(out), environ=environ, clock=clock, pause=clock.pause)
    return well, out.getvalue()


def test_a_vendor_gets_two_customers_who_are_cleared_again(server, capsys):
    well, text = tried(server.name)
    assert (well, capsys.readouterr().err) == (True, "")
    assert text.count("✓") == 6
    assert server.url in text
    held = seen(server.held(), most=9)
    assert set(held["held"]) <= set(IDS)
    assert "rfm_segment" not in held["labels"]
    assert KEY not in text
    sent = "\n".join(one.text.decode() for one in server.state.requests)
    assert '"email"' not in sent.replace('"properties":["tessera_customer_id","email"', "")
    if catalog.HTTP[server.name].CAPABILITIES.segments:
        assert held["segments"] == {SMOKE.name: 0}


def test_without_yes_it_only_says_what_it_would_do(klaviyo):
    out = io.StringIO()
    with pytest.raises(InvalidInput, match="--yes"):
        live(
            LiveTest(destination="klaviyo"),
            terminal=Terminal(out),
            environ=endpoints() | secret("klaviyo"),
        )
    assert klaviyo.url in out.getvalue()
    assert SMOKE.name in out.getvalue()
    assert not klaviyo.state.requests


def test_the_real_host_is_named_where_no_stand_in_takes_its_place():
    out = io.StringIO()
    with pytest.raises(InvalidInput, match="nothing was sent"):
        live(
            LiveTest(destination="klaviyo"),
            terminal=Terminal(out),
            environ=endpoints() | secret("klaviyo"),
        )
    assert "https://a.klaviyo.com" in out.getvalue()


@pytest.mark.parametrize("ci", ["true", "1", "yes"])
def test_it_is_refused_in_ci(klaviyo, ci):
    with pytest.raises(InvalidInput, match="CI"):
        tried("klaviyo", environ={**secret("klaviyo"), "CI": ci})
    assert not klaviyo.state.requests


@pytest.mark.parametrize(
    "text", ["", "not JSON sk_made_up", '{"key": "sk_made_up"}', '["sk_made_up"]']
)
def test_a_secret_that_is_none_is_refused_and_not_repeated(text):
    with pytest.raises(InvalidInput, match="api_key") as caught:
        tried("klaviyo", environ={SECRET: text})
    assert "sk_made_up" not in str(caught.value)


def test_the_secret_may_lie_in_a_file(klaviyo, tmp_path: Path):
    file = tmp_path / "secret.json"
    file.write_text(secret("klaviyo")[SECRET])
    assert tried("klaviyo", environ={}, secret=file)[0]
    with pytest.raises(InvalidInput, match="cannot be read"):
        tried("klaviyo", environ={}, secret=tmp_path / "none.json")


def test_a_key_that_is_not_taken_ends_it_with_the_vendor_s_words(klaviyo, capsys):
    klaviyo.state.faults.fail_next(1, http_service.DENIED)
    well, text = tried("klaviyo")
    assert not well
    assert text.count("✓") == 0
    errors = capsys.readouterr().err
    assert "rejected the key" in errors
    assert "Its response: 401 not_authenticated 401 was asked for" in errors


def test_a_refused_customer_is_printed_with_the_reason_and_the_other_is_cleared(klaviyo, capsys):
    klaviyo.state.faults.fail_item(IDS[0], code="invalid", message=f"no such thing as {KEY}")
    well, _ = tried("klaviyo")
    assert not well
    errors = capsys.readouterr().err
    assert "1 of 2 refused: invalid no such thing as …" in errors
    assert KEY not in errors
    assert seen(klaviyo.held(), customer=IDS[1])["held"] == {IDS[1]: {}}


def test_customer_profiles_is_tested_through_a_domain(profiles):
    well, text = tried("customer_profiles", environ={}, domain=DOMAIN)
    assert well
    assert DOMAIN in text
    held = seen(profiles.held(), most=9)
    assert set(held["held"]) == set(IDS)
    assert held["segments"] == {SMOKE.name: 0}


def test_what_cannot_be_tested_is_an_error():
    with pytest.raises(InvalidInput, match="--domain"):
        tried("customer_profiles", environ={})
    with pytest.raises(InvalidInput, match="there are braze"):
        tried("export", environ={})


def test_snowflake_is_tried_with_a_key_in_the_users_own_account(monkeypatch):
    keys: list[str] = []
    monkeypatch.setattr(snowflake, "KmsSigner", lambda key: keys.append(key) or key_pair())
    made = SnowflakeServer(Snowflake(lambda: key_pair().public_key))
    given = made.secret(tenant="default") | {"key": "alias/mine"}
    monkeypatch.setenv("TESSERA_ENDPOINT_SNOWFLAKE", made.start())
    well, text = tried("snowflake", environ={SECRET: json.dumps(given)})
    held = made.held()
    made.stop()
    assert (well, keys) == (True, ["alias/mine"])
    assert held["segments"] == {SMOKE.name: 2}
    assert {name: set(row) for name, row in held["customers"].items()} == {
        name: {"customer_key", "left_at"} for name in IDS
    }
    assert "tessera-laptop" not in text
