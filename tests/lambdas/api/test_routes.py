"""Every route × tenant × role, derived from the table of routes."""

from __future__ import annotations

import pytest

from tessera.api.roles import ROLES
from tessera.api.routes import ROUTES
from tests.lambdas.api.requests import request_for
from tests.lambdas.api.world import TENANTS

BY_NAME = {route.name: route for route in ROUTES}
OF_TENANTS = [route for route in ROUTES if not route.is_operators]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", BY_NAME)
def test_a_role_may_call_exactly_the_routes_of_the_table(world, name, role):
    route = BY_NAME[name]
    request = request_for(route, "acme", key_id=world.key_id("acme", "viewer"))
    reply = world.call(**request, token=world.token_of("acme", role))
    refused = 404 if route.is_operators else 403
    assert reply.status == (route.status if role in route.roles else refused), reply.text


@pytest.mark.parametrize("name", [route.name for route in ROUTES if route.is_operators])
def test_a_route_of_operators_is_nowhere_for_users_of_a_tenant(world, name):
    token = world.keys["acme", "admin"]
    request = request_for(BY_NAME[name], "acme")
    nowhere = world.call("GET", "/v1/no-such-address", token=token)
    assert world.call(**request, token=token).json == nowhere.json


def test_an_operator_is_let_in_by_no_route_with_data_of_a_tenant():
    theirs = {route.name for route in ROUTES if "operator" in route.roles}
    assert theirs == {route.name for route in ROUTES if route.is_operators} | {"me"}


@pytest.mark.parametrize("name", BY_NAME)
def test_no_route_answers_without_a_credential(world, name):
    reply = world.call(**request_for(BY_NAME[name], "acme"))
    assert (reply.status, reply.headers["content-type"]) == (401, "application/problem+json")
    assert reply.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("other", TENANTS)
@pytest.mark.parametrize("name", [one.name for one in OF_TENANTS if one.status == 200])
def test_no_answer_names_another_tenant(world, name, other):
    mine = next(tenant for tenant in TENANTS if tenant != other)
    reply = world.call(**request_for(BY_NAME[name], mine), token=world.keys[mine, "admin"])
    assert reply.status == 200
    assert other not in reply.text


@pytest.mark.parametrize(
    "name",
    [
        route.name
        for route in ROUTES
        if route.name in {"start_run", "revoke_key", "revoke_write_key"}
        or "{run_id}" in route.path
        or "{import_id}" in route.path
        or "{campaign_run}" in route.path
        or "{case}" in route.path
        or ("{campaign_id}" in route.path and route.name != "save_campaign")
        or (
            "{template_id}" in route.path and route.name not in {"import_template", "save_template"}
        )
    ],
)
def test_another_tenants_thing_is_the_same_404_as_one_that_is_nowhere(world, name):
    token = world.keys["acme", "admin"]
    theirs = world.call(
        **request_for(
            BY_NAME[name], "zenith", theirs=True, key_id=world.key_id("zenith", "viewer")
        ),
        token=token,
    )
    nowhere = world.call(**request_for(BY_NAME[name], "nowhere", theirs=True), token=token)
    assert theirs.status == nowhere.status == 404
    assert theirs.json == nowhere.json


@pytest.mark.parametrize("name", ["insights", "customers", "segment_statistics", "customer"])
def test_another_tenants_run_is_not_there(world, name):
    request = request_for(BY_NAME[name], "acme") | {"query": {"run": "b" * 16}}
    assert world.call(**request, token=world.keys["acme", "admin"]).status == 404


def test_another_tenants_cursor_reads_nothing(world):
    query = {"cursor": f"{'b' * 16}~00000001-0000-8000-8000-000000000000"}
    token = world.keys["acme", "admin"]
    assert world.call("GET", "/v1/customers", token=token, query=query).status == 404
