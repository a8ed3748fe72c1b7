"""The public page of unsubscribe links."""

from __future__ import annotations

import base64
import datetime as dt
import json

import boto3
import pytest

from adapters.campaigns.consent_rows import ConsentRows
from adapters.campaigns.link_keys import read_link_keys
from lambdas.unsubscribe.handler import handler
from tessera.campaigns.unsubscribing.tokens import LinkClaims, LinkKeys, sign
from tests.adapters.campaigns.table import campaigns_table
from tests.campaigns.fakes import hexes

KEYS = LinkKeys(current="k1", keys={"k1": b"x" * 64})
CLAIMS = LinkClaims(tenant="acme", run="news-r001", recipient=hexes(1), purpose="marketing")
TOKEN = sign(CLAIMS, keys=KEYS)
ONE_CLICK = "List-Unsubscribe=One-Click"


@pytest.fixture
def consent(shared_clients, monkeypatch):
    read_link_keys.cache_clear()
    with campaigns_table() as table:
        monkeypatch.setenv("CAMPAIGNS_TABLE", table)
        monkeypatch.setenv("LINK_KEYS_SECRET", "links")
        boto3.client("secretsmanager").create_secret(
            Name="links", SecretString=json.dumps({"current": "k1", "k1": "x" * 64})
        )
        yield ConsentRows(table)
    read_link_keys.cache_clear()


def ask(token=TOKEN, *, body=None, encoded=False):
    event = {
        "pathParameters": {"token": token}, "body": body, "isBase64Encoded": encoded,
        "requestContext": {"http": {"method": "GET" if body is None else "POST"}},
    }  # fmt: skip
    return handler(event, None)


def states(consent):
    return [row.state for row in consent.of_recipient("acme", hexes(1))]


def test_a_visit_shows_the_page_and_decides_nothing(consent):
    answer = ask()
    assert answer["statusCode"] == 200
    assert answer["headers"]["cache-control"] == "no-store"
    assert "<form" in answer["body"]
    assert states(consent) == []


def test_one_click_unsubscribes_at_once_and_again_changes_nothing(consent):
    for _ in range(2):
        answer = ask(body=ONE_CLICK)
        assert answer["statusCode"] == 200
        assert 'role="status"' in answer["body"]
    assert states(consent) == ["withdrawn"]


def test_a_body_in_base64_is_read(consent):
    assert (
        ask(body=base64.b64encode(ONE_CLICK.encode()).decode(), encoded=True)["statusCode"] == 200
    )
    assert states(consent) == ["withdrawn"]


@pytest.mark.parametrize(
    "token",
    [
        "",
        "nonsense",
        TOKEN[:-1] + ("0" if TOKEN[-1] != "0" else "1"),
        TOKEN.replace("acme", "evil"),
    ],
)
def test_a_link_that_we_did_not_sign_is_unknown(consent, token):
    assert ask(token)["statusCode"] == 404
    assert ask(token, body=ONE_CLICK)["statusCode"] == 404
    assert states(consent) == []


@pytest.mark.parametrize("body", ["", "anything=1", "&".join("a=1" for _ in range(50))])
def test_a_form_that_is_not_ours_is_refused(consent, body):
    assert ask(body=body)["statusCode"] == 400
    assert states(consent) == []


def test_the_log_has_no_recipient(consent, capsys):
    ask(body=ONE_CLICK)
    written = capsys.readouterr().out
    assert "Unsubscribe" in written
    assert hexes(1) not in written
    assert TOKEN not in written


def test_rows_have_the_moment_of_the_request(consent):
    before = dt.datetime.now(dt.UTC)
    ask(body=ONE_CLICK)
    [row] = consent.of_recipient("acme", hexes(1))
    assert before <= row.at <= dt.datetime.now(dt.UTC)
