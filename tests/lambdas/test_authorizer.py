"""The authorizer's replies, the API's principal, and the search function's log."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from lambdas.api import handler as api
from lambdas.authorizer import handler as authorizer
from lambdas.find_customer import handler as search
from steps.serve.access import Authority
from tessera.api.keys import NewApiKey
from tessera.api.roles import Principal

NOW = dt.datetime(2026, 11, 30, tzinfo=dt.UTC)


class Keys:
    def __init__(self, *keys):
        self.keys = {key.key_id: key for key in keys}

    def find(self, key_id):
        return self.keys.get(key_id)


@pytest.fixture
def made(monkeypatch):
    viewer, admin = (
        NewApiKey.of("acme", role=role, label="x", by="user:1", now=NOW, days=9)
        for role in ("viewer", "admin")
    )
    authority = Authority(
        Keys(viewer.key, admin.key), claims=lambda _: None, issuer="", client_id="",
        clock=lambda: NOW,
    )  # fmt: skip
    monkeypatch.setattr(authorizer, "_authority", lambda: authority)
    return viewer, admin


def asked(header=None, key=None):
    event = {"headers": {"authorization": header} if header else {}}
    return authorizer.handler(
        event | ({"queryStringParameters": {"key": key}} if key else {}), None
    )


def test_a_valid_key_is_authorized_with_what_it_stands_for(made):
    viewer, admin = made
    context = {"tenant": "acme", "role": "admin", "subject": f"key:{admin.key.key_id}"}
    assert asked(f"Bearer {admin.text}") == {"isAuthorized": True, "context": context}
    assert asked(key=viewer.text)["isAuthorized"] is True


def test_nothing_else_is_authorized_and_no_credential_is_logged(made, capsys):
    viewer, admin = made
    refused = {"isAuthorized": False}
    assert asked() == asked("Bearer x") == asked(viewer.text) == asked(key=admin.text) == refused
    assert asked(f"Bearer {admin.text}x") == refused
    assert admin.text not in capsys.readouterr().out


def test_the_api_trusts_the_authorizers_context_alone(made):
    class Request:
        def __init__(self, context):
            self.scope = {"aws.event": {"requestContext": context}}

    context = {"tenant": "acme", "role": "admin", "subject": "user:1"}
    given = api._authorized(Request({"authorizer": {"lambda": context}}))
    assert given == Principal(tenant="acme", role="admin", subject="user:1")
    for wrong in ({}, {"authorizer": {}}, {"authorizer": {"lambda": {"tenant": "acme"}}}):
        assert api._authorized(Request(wrong)) is None
    for name in context:
        assert api._authorized(Request({"authorizer": {"lambda": {**context, name: ""}}})) is None


def test_the_search_is_logged_with_who_and_without_the_term(monkeypatch, capsys):
    class Finder:
        def find(self, tenant, term):
            return ("k1", "k2")

    monkeypatch.setattr(search, "_finder", Finder)
    event = {"tenant": "acme", "term": "ann@example.com", "by": "user:1"}
    assert search.handler(event, None)["customer_keys"] == ["k1", "k2"]
    line = capsys.readouterr().out
    logged = json.loads(line)
    assert (logged["tenant"], logged["by"], logged["customer_keys"]) == ("acme", "user:1", 2)
    assert "ann" not in line
    assert "k1" not in line


def test_a_search_without_an_index_is_not_an_empty_one(monkeypatch):
    class Finder:
        def find(self, tenant, term):
            return None

    monkeypatch.setattr(search, "_finder", Finder)
    assert search.handler({"tenant": "a", "term": "b", "by": "c"}, None)["customer_keys"] is None
