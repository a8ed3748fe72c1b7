"""The API's rights end at a tenant: each route's calls, judged by the policies of the template."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings

from tessera import naming
from tessera.api.routes import ROUTES
from tessera.environments.api import ApiEnvironment
from tests.infra.console.api_on_aws import FUNCTION, api_on_aws
from tests.infra.policies import allows, holds
from tests.infra.template import listed
from tests.lambdas.api.requests import request_for
from tests.lambdas.api.world import World
from tests.test_isolation import PLACES, TENANT, made

OF_TENANTS = [route for route in ROUTES if not route.is_operators]
OF_OPERATORS = [route for route in ROUTES if route.is_operators]
TAG = "aws:PrincipalTag/tenant"
KINDS = ("s3:GetObject", "s3:PutObject", "s3:DeleteObject")
TABLE = "arn:aws:dynamodb:us-east-1:111122223333:table/"


@pytest.fixture(scope="module")
def env(campaigns):
    """The environment of the API in a stage with campaigns, and with pages as another one has."""
    [made_] = [
        one["Environment"]["Variables"]
        for one in campaigns.resources("AWS::Lambda::Function")
        if one["Handler"] == "lambdas.api.handler.handler"
    ]
    more = {
        "WRITE_KEYS_TABLE": naming.write_keys_table("shop"),
        "AVAILABLE_DESTINATIONS": "export,customer_profiles",  # which the requests name
    }
    return ApiEnvironment.from_env(campaigns.resolve(made_) | more)


@pytest.fixture(scope="module")
def rights(campaigns, own_domain):
    """What the tenant's role may do there, and with the keys of pages."""

    def of(owner):
        pages = f":table/{naming.write_keys_table('shop')}"
        return campaigns.statements(owner) + [
            statement | {"Resource": TABLE + naming.write_keys_table("shop")}
            for statement in own_domain.statements(owner)
            if any(pages in str(one) for one in listed(statement["Resource"]))
        ]

    return {"tenant": of("FunctionsTenantRole"), "function": of("FunctionsApiRole")}


@pytest.fixture(scope="module")
def on_aws(env):
    """By route, its status, who asked and the calls that were made.

    Some routes answer a tenant that another one has not changed before.
    """
    world = World()
    with api_on_aws(env, world) as api:

        def ask(route, tenant):
            request = request_for(route, tenant, key_id=world.key_id(tenant, "viewer"))
            if route.name == "save_settings":
                request["body"] = request["body"] | {"version": 1}
            reply, calls = api.ask(tenant, **request)
            return reply.status, tenant, calls

        first = {route: ask(route, "acme") for route in OF_TENANTS}
        again = {route: ask(route, "zenith") for route, made_ in first.items() if made_[0] == 409}
        operators = {}
        for route in OF_OPERATORS:
            reply, calls = api.ask("operator", **request_for(route, "acme"))
            operators[route] = (reply.status, "operator", calls)
        return {**first, **again, **operators}


@pytest.fixture(scope="module")
def asked(on_aws):
    """The routes of tenants."""
    return {route: made_ for route, made_ in on_aws.items() if not route.is_operators}


@pytest.fixture(scope="module")
def own_calls(asked):
    """The calls with the session of the tenant that asked."""
    return [
        (tenant, call)
        for _, tenant, calls in asked.values()
        for call in calls
        if call.by != FUNCTION
    ]


def test_every_route_works_with_the_session_of_its_tenant(asked, own_calls, rights):
    assert {route.name: status for route, (status, *_) in asked.items()} == {
        route.name: route.status for route in OF_TENANTS
    }
    assert {call.action for _, call in own_calls} >= {
        "s3:GetObject", "s3:ListBucket", "s3:PutObject", "dynamodb:BatchGetItem",
        "dynamodb:DeleteItem", "dynamodb:Query", "dynamodb:UpdateItem",
    }  # fmt: skip
    for tenant, call in own_calls:
        assert call.by == tenant
        context = call.context | {TAG: [tenant]}
        assert allows(rights["tenant"], call.action, call.resource, context), call


def test_no_call_would_work_with_the_session_of_another_tenant_or_without_one(own_calls, rights):
    for tenant, call in own_calls:
        for other in ({"acme", "zenith"} - {tenant}, {"acm"}, {"acme-2"}):
            context = call.context | {TAG: list(other)}
            assert not allows(rights["tenant"], call.action, call.resource, context), call
        for statements in rights.values():
            assert not allows(statements, call.action, call.resource, call.context), call


def test_the_functions_own_role_reads_who_is_a_tenant_and_keeps_keys_by_id(asked, rights):
    calls = [call for *_, calls in asked.values() for call in calls if call.by == FUNCTION]
    assert {call.action for call in calls} == {
        "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:DeleteItem",
    }  # fmt: skip
    for call in calls:
        assert allows(rights["function"], call.action, call.resource, call.context), call
        [key] = call.context["dynamodb:LeadingKeys"]
        assert key.startswith("KEY#") == (call.action != "dynamodb:GetItem")


def test_operators_are_served_by_the_functions_own_role_and_reach_no_tenants_data(
    on_aws, env, rights
):
    assert {route.name: on_aws[route][0] for route in OF_OPERATORS} == {
        route.name: route.status for route in OF_OPERATORS
    }
    calls = [call for route in OF_OPERATORS for call in on_aws[route][2]]
    places = {(call.action, call.resource.rpartition(":")[2].split("/")[-1]) for call in calls}
    tenants = env.tenants_table
    assert {action for action, place in places if place == tenants} == {
        "dynamodb:GetItem", "dynamodb:Scan", "dynamodb:UpdateItem",
    }  # fmt: skip
    for call in calls:
        assert call.by == FUNCTION
        assert allows(rights["function"], call.action, call.resource, call.context), call
        assert "/tenants/" not in call.resource
        assert not call.context.get("s3:prefix", ["removals/"])[0].startswith("tenants/")


@settings(max_examples=6)
@given(one=TENANT, other=TENANT)
def test_no_session_reaches_a_place_of_another_tenant(rights, campaigns, one, other):
    assume(other not in {one, naming.DEFAULT_TENANT} and one != naming.DEFAULT_TENANT)
    outputs, context = campaigns.outputs(), {TAG: [one]}
    for function in PLACES.values():
        for key in made(function, other):
            for bucket in (outputs["DataBucket"], outputs["IdentitiesBucket"]):
                arn = f"arn:aws:s3:::{bucket}"
                assert not any(
                    allows(rights["tenant"], kind, f"{arn}/{key}", context) for kind in KINDS
                )
                listing = context | {"s3:prefix": [key]}
                assert not allows(rights["tenant"], "s3:ListBucket", arn, listing)
    for pk in (other, f"{other}#KEYS", f"{other}#CAMPAIGN", "KEY#1", "PACE"):
        keys = context | {"dynamodb:LeadingKeys": [f"{one}#KEYS", pk]}
        for table in ("ApiTable", "RunsTable", "CampaignsTable"):
            arn = TABLE + outputs[table]
            assert not allows(rights["tenant"], "dynamodb:GetItem", arn, keys)
            assert not allows(rights["tenant"], "dynamodb:Scan", arn, context)


def test_the_default_tenant_lists_what_is_beside_the_other_folders(rights, campaigns):
    arn = f"arn:aws:s3:::{campaigns.outputs()['DataBucket']}"

    def lists(tenant, prefix, **more):
        context = {TAG: [tenant], "s3:prefix": [prefix], **more}
        return allows(rights["tenant"], "s3:ListBucket", arn, context)

    flat = {"s3:delimiter": ["/"]}
    assert lists("default", "uploads/", **flat)
    assert lists("default", "uploads/attributes/")
    assert not lists("default", "uploads/")
    assert not lists("default", "uploads/acme/", **flat)
    assert not lists("acme", "uploads/", **flat)
    for key, who in (("uploads/a.csv", {"default"}), ("uploads/acme/a.csv", {"default", "acme"})):
        may_put = {
            tenant
            for tenant in ("default", "acme", "zenith")
            if allows(rights["tenant"], "s3:PutObject", f"{arn}/{key}", {TAG: [tenant]})
        }
        assert may_put == who
        assert not allows(rights["tenant"], "s3:GetObject", f"{arn}/{key}", {TAG: ["default"]})


def test_the_api_alone_may_assume_it_and_only_for_exactly_one_tenant(console):
    roles = console.named("AWS::IAM::Role")
    [(name, role)] = [one for one in roles.items() if "FunctionsTenantRole" in one[0]]
    [trust] = console.resolve(role["Properties"]["AssumeRolePolicyDocument"]["Statement"])
    [api] = [one for one in roles if "FunctionsApiRole" in one]
    assert trust["Principal"] == {"AWS": f"arn:aws:iam::111122223333:role/{api}"}
    assert set(trust["Action"]) == {"sts:AssumeRole", "sts:TagSession"}
    for tags, is_let_in in (
        ({"tenant": "acme"}, True), ({}, False), ({"tenant": ""}, False),
        ({"tenant": "acme", "role": "admin"}, False), ({"other": "acme"}, False),
    ):  # fmt: skip
        context = {f"aws:RequestTag/{key}": [value] for key, value in tags.items()}
        assert holds(trust["Condition"], context | {"aws:TagKeys": list(tags)}) == is_let_in
    arn = f"arn:aws:iam::111122223333:role/{name}"
    may_assume = {
        owner
        for owner, statement in console.all_statements()
        if arn in listed(statement["Resource"]) and "sts:TagSession" in listed(statement["Action"])
    }
    assert may_assume == {api}
