"""Roles, keys and cursors: what the API needs of them without a web framework."""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools

import pytest

from tessera.api.cursors import Cursor
from tessera.api.keys import MOST_DAYS, NewApiKey, parse_key
from tessera.api.roles import ROLES, TENANT_ROLES, group_of, membership, roles_with
from tessera.api.routes import ROUTES, methods_of
from tessera.errors import InvalidInput
from tessera.records.schema import schema

NOW = dt.datetime(2026, 11, 30, tzinfo=dt.UTC)


def new(days: int = 30) -> NewApiKey:
    return NewApiKey.of("acme", role="viewer", label="x", by="user:1", now=NOW, days=days)


def test_each_role_may_do_what_the_one_before_it_may():
    held = [set(scopes) for scopes in TENANT_ROLES.values()]
    assert all(less < more for less, more in itertools.pairwise(held))
    assert roles_with("insights:read") == ("viewer", "marketer", "admin")
    assert roles_with("keys:write") == ("admin",)


def test_an_operator_keeps_tenants_and_reads_no_data():
    assert ROLES["operator"] == ("self:read", "tenants:write")
    assert roles_with("tenants:write") == ("operator",)
    assert group_of("", "operator") == "operators"
    assert group_of("acme", "admin") == "acme:admin"


@pytest.mark.parametrize(
    ("groups", "member"),
    [
        (["acme:admin"], ("acme", "admin")),
        (["acme:admin", "staff"], ("acme", "admin")),
        (["acme:admin", "acme:viewer"], None),
        (["acme:root"], None),
        (["a/b:admin"], None),
        ([":admin"], None),
        (["operators"], ("", "operator")),
        (["operators", "acme:admin"], None),
        (["acme:operator"], None),
        ([], None),
    ],
)
def test_exactly_one_group_says_the_tenant_and_the_role(groups, member):
    assert membership(groups) == member


def test_a_keys_secret_is_kept_as_its_digest_and_checked_until_its_end():
    made = new()
    key_id, secret = parse_key(made.text)
    assert key_id == made.key.key_id
    assert secret not in repr(made) + repr(dataclasses.asdict(made.key))
    assert made.key.principal(secret, now=NOW).tenant == "acme"
    assert made.key.principal(secret[:-1] + "!", now=NOW) is None
    assert made.key.principal(secret, now=made.key.expires_at) is None


@pytest.mark.parametrize("days", [0, -1, MOST_DAYS + 1])
def test_a_key_works_for_a_while_and_not_for_ever(days):
    with pytest.raises(InvalidInput, match="expected from 1"):
        new(days)


def test_a_cursor_reads_back_as_it_was_written():
    text = f"{'a' * 16}~00000001-0000-8000-8000-000000000000"
    assert str(Cursor.parse(text)) == text
    for wrong in (text[1:], text + "0", text.upper(), text.replace("~", "-"), text + "\n"):
        with pytest.raises(InvalidInput):
            Cursor.parse(wrong)


def test_an_address_has_the_methods_of_its_own_route():
    assert methods_of("/v1/runs") == {"GET", "POST"}
    assert methods_of("/v1/segment-sets/count") == {"POST"}
    assert methods_of("/v1/segment-sets/value_tier") == {"GET", "PUT"}
    assert methods_of("/v1/customersXcsv") == methods_of("/v2/runs") == frozenset()


def test_routes_differ_and_each_document_has_a_schema():
    assert len({(route.method, route.path) for route in ROUTES}) == len(ROUTES)
    assert len({route.name for route in ROUTES}) == len(ROUTES)
    for route in ROUTES:
        for kind in (route.answers, route.takes):
            if kind not in (None, str):
                assert schema(kind)["title"] == kind.__name__
