"""Requests of suspended tenants, and of those that send too many."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest

from tessera.records.tenant import Tenant, TenantLimits
from tests.lambdas.api.world import NOW

ME = ("GET", "/v1/me")
DAYS = itertools.count(1)


@pytest.fixture
def admin(world):
    world.now = NOW + dt.timedelta(days=next(DAYS))  # no record is remembered of another test
    return world.keys["acme", "admin"]


def test_a_suspended_tenant_learns_why_and_the_others_go_on(world, admin):
    world.registry.records["acme"] = Tenant(tenant="acme", state="suspended", reason="invoice 12")
    reply = world.call(*ME, token=admin)
    assert (reply.status, reply.headers["content-type"]) == (403, "application/problem+json")
    assert "suspended (invoice 12)" in reply.json["detail"]
    assert world.call(*ME, token=world.keys["zenith", "admin"]).status == 200


def test_a_resumed_tenant_is_let_in_within_seconds(world, admin):
    world.registry.records["acme"] = Tenant(tenant="acme", state="suspended")
    assert world.call(*ME, token=admin).status == 403
    world.registry.records["acme"] = Tenant(tenant="acme")
    world.now += dt.timedelta(seconds=15)
    assert world.call(*ME, token=admin).status == 200


def test_the_limit_counts_all_keys_of_a_tenant_and_no_other_tenant(world, admin):
    limits = TenantLimits(requests_per_minute=3)
    world.registry.records["acme"] = Tenant(tenant="acme", limits=limits)
    world.now = world.now.replace(second=50)
    viewer = world.keys["acme", "viewer"]
    assert [world.call(*ME, token=one).status for one in (admin, viewer, admin)] == [200] * 3
    refused = world.call(*ME, token=viewer)
    assert (refused.status, refused.headers["retry-after"]) == (429, "10")
    assert "3 requests of this minute" in refused.json["detail"]
    assert world.call(*ME, token=world.keys["zenith", "viewer"]).status == 200
    world.now += dt.timedelta(seconds=10)
    assert world.call(*ME, token=viewer).status == 200


def test_a_tenant_may_choose_only_of_its_own_destinations(world, admin):
    world.registry.records["acme"] = Tenant(tenant="acme", destinations=("export",))
    body = {"version": 0, "settings": {"destinations": ["customer_profiles"]}}
    reply = world.call("PUT", "/v1/settings", token=admin, body=body)
    assert reply.status == 422
    assert "'customer_profiles'" in reply.json["detail"]
    body["settings"] = {"destinations": ["export"]}
    assert world.call("PUT", "/v1/settings", token=admin, body=body).status == 200
