"""What operators do with tenants: make, stop, limit and remove them, and read no data of any."""

from __future__ import annotations

import itertools

import pytest

from tessera.records.tenant import Tenant
from tests.lambdas.api.world import REMOVED

KEYS = itertools.count(1)


@pytest.fixture
def ask(world):
    """Ask as an operator. Each creating request has a new key unless one is given."""
    token = world.token_of("", "operator")

    def ask(method, path, body=None, *, key=""):
        headers = {"idempotency-key": key or f"request-{next(KEYS):04}"}
        return world.call(method, path, token=token, body=body, headers=headers)

    return ask


def test_a_tenant_is_made_once_however_often_it_is_asked_for(ask, world):
    body = {"tenant": "new-shop", "limits": {"max_runs": 4}, "destinations": ["export"]}
    first = ask("POST", "/v1/tenants", body, key="once-0001")
    again = ask("POST", "/v1/tenants", body, key="once-0001")
    assert (first.status, again.status) == (201, 201)
    assert first.json == again.json
    made = world.registry.records["new-shop"]
    assert (made.limits.max_runs, made.destinations, made.made_at) == (4, ("export",), world.now)
    assert made.made_by.startswith("key:")
    assert ask("POST", "/v1/tenants", body).status == 409
    assert ask("POST", "/v1/tenants", body | {"daily_run": False}, key="once-0001").status == 409


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"tenant": "attributes"}, "body.tenant"),
        ({"tenant": "shop", "destinations": ["klaviyo"]}, "body.destinations"),
    ],
)
def test_a_tenant_that_cannot_be_is_refused_with_the_part_that_is_wrong(ask, body, where):
    reply = ask("POST", "/v1/tenants", body)
    assert (reply.status, reply.headers["content-type"]) == (422, "application/problem+json")
    assert [part["where"] for part in reply.json["errors"]] == [where]


@pytest.mark.parametrize("limits", [{"max_runs": 0}, {"requests_per_minute": 60_001}])
def test_a_limit_that_nobody_could_keep_is_refused(ask, limits):
    assert ask("POST", "/v1/tenants", {"tenant": "shop", "limits": limits}).status == 422


def test_the_list_says_what_holds_for_each_and_for_all(ask, world):
    listed = ask("GET", "/v1/tenants").json
    assert [one["tenant"] for one in listed["items"]] == ["acme", "zenith"]
    assert listed["limits"] == {"max_runs": 2, "requests_per_minute": 60_000}
    assert listed["destinations"] == ["customer_profiles", "export"]
    assert listed["is_open"] is True
    assert ask("GET", "/v1/tenants/acme").json == listed["items"][0]
    assert ask("GET", "/v1/tenants/nobody").status == 404


def test_a_suspended_tenants_users_read_the_operators_reason_until_it_is_resumed(ask, world):
    stopped = ask("POST", "/v1/tenants/acme/suspend", {"reason": "invoice 12"})
    assert (stopped.status, stopped.json["state"]) == (200, "suspended")
    assert "invoice 12" in world.registry.records["acme"].why_not
    assert ask("POST", "/v1/tenants/acme/resume").json["state"] == "active"
    assert world.registry.records["acme"].is_active


def test_limits_are_set_whole(ask, world):
    ask("POST", "/v1/tenants/acme/limits", {"limits": {"max_runs": 4}, "destinations": ["export"]})
    after = ask("POST", "/v1/tenants/acme/limits", {"limits": {"requests_per_minute": 60}}).json
    assert after["limits"] == {"max_runs": None, "requests_per_minute": 60}
    assert (after["destinations"], after["daily_run"]) == (None, True)
    wrong = ask("POST", "/v1/tenants/acme/limits", {"destinations": ["klaviyo"]})
    assert wrong.status == 422


def test_a_removal_is_begun_and_nothing_changes_the_tenant_any_more(ask, world):
    body = {"confirm": "acme", "reason": "contract ended"}
    begun = ask("POST", "/v1/tenants/acme/remove", body, key="once-0002")
    assert begun.status == 202
    case = begun.json["case"]
    assert case == f"acme-{world.now:%Y%m%dT%H%M%SZ}"
    assert ask("POST", "/v1/tenants/acme/remove", body, key="once-0002").json == begun.json
    assert list(world.removing.started.values()) == [("acme", case)]
    assert ask("GET", "/v1/tenants/acme").json["removal"] == case
    for path, change in (("suspend", {}), ("limits", {}), ("resume", None)):
        assert ask("POST", f"/v1/tenants/acme/{path}", change).status == 409
    # Asked again, one that has stopped goes on with the same case.
    assert ask("POST", "/v1/tenants/acme/remove", body).json["case"] == case
    assert list(world.removing.started.values()) == [("acme", case)] * 2


def test_a_removal_needs_the_name_twice_and_default_has_none(ask, world):
    wrong = ask("POST", "/v1/tenants/acme/remove", {"confirm": "zenith"})
    assert (wrong.status, wrong.json["errors"][0]["where"]) == (422, "body.confirm")
    assert world.registry.records["acme"].is_active
    world.registry.records["default"] = Tenant(tenant="default")
    assert ask("POST", "/v1/tenants/default/remove", {"confirm": "default"}).status == 409
    assert world.registry.records["default"].is_active
    assert ask("POST", "/v1/tenants/nobody/remove", {"confirm": "nobody"}).status == 404
    assert world.removing.started == {}


def test_a_receipt_is_listed_and_read_with_its_signature(ask):
    [listed] = ask("GET", "/v1/removals").json["items"]
    assert (listed["case"], listed["tenant"]) == (REMOVED, "gone")
    assert listed["finished_at"]
    receipt = ask("GET", f"/v1/removals/{REMOVED}").json
    assert receipt["receipt"]["parts"] == [{"what": "versions of objects", "had": 3, "left": 0}]
    assert receipt["signature"]["algorithm"] == "Ed25519"
    assert ask("GET", "/v1/removals/gone-20260101T000000Z").status == 404


def test_an_operator_is_no_tenant_and_is_not_counted(ask, world):
    me = ask("GET", "/v1/me").json
    assert (me["tenant"], me["role"], me["scopes"]) == (
        "", "operator", ["self:read", "tenants:write"],
    )  # fmt: skip
    refused = ask("GET", "/v1/customers")
    assert refused.status == 403
    assert "yours is operator" in refused.json["detail"]
    assert not [tenant for tenant, _ in world.registry.sent if not tenant]


def test_an_admin_makes_no_key_of_an_operator(world):
    body = {"label": "x", "role": "operator"}
    headers = {"idempotency-key": "request-op-1"}
    token = world.keys["acme", "admin"]
    reply = world.call("POST", "/v1/keys", token=token, body=body, headers=headers)
    assert reply.status == 422
