"""The tenants table: each tenant once."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from adapters.stores.tenants import Tenants, as_item, as_tenant
from tessera.errors import InvalidInput
from tessera.records.tenant import Tenant, TenantLimits

NOW = dt.datetime(2026, 11, 22, 3, tzinfo=dt.UTC)
ACME = Tenant(
    tenant="acme", made_at=NOW, made_by="cli", limits=TenantLimits(max_runs=4),
    destinations=("export",), daily_run=False,
)  # fmt: skip


def test_a_tenant_is_known_from_its_first_upload_on(tenants_table):
    tenants = Tenants(tenants_table)
    assert tenants.all() == []
    for name in ("default", "acme", "default"):
        tenants.add(name, seen_at="2026-11-22T03:00:00Z")
    assert tenants.all() == ["acme", "default"]


def test_more_tenants_than_one_answer_holds_are_all_there(tenants_table):
    tenants = Tenants(tenants_table)
    names = [f"{'x' * 40}-{number:05d}" for number in range(300)]
    for name in names:
        tenants.add(name, seen_at="x" * 4000)  # an answer holds 1 MB
    assert tenants.all() == names


def test_a_missing_table_is_named(aws_environment, tenants_table):
    with pytest.raises(InvalidInput, match=r"no table 'gone'"):
        Tenants("gone").all()


def test_a_tenant_reads_back_as_it_was_made(tenants_table):
    tenants = Tenants(tenants_table)
    assert tenants.get("acme") is None
    assert tenants.save(ACME, before=None)
    assert tenants.get("acme") == ACME
    assert not tenants.save(ACME, before=None)
    assert as_tenant(as_item(ACME)) == ACME


def test_an_upload_changes_only_when_a_tenant_was_seen(tenants_table):
    tenants = Tenants(tenants_table)
    tenants.save(ACME, before=None)
    tenants.add("acme", seen_at=NOW.isoformat())
    assert tenants.get("acme") == dataclasses.replace(ACME, seen_at=NOW)


def test_who_changes_an_old_record_learns_so(tenants_table):
    tenants = Tenants(tenants_table)
    tenants.add("shop", seen_at=NOW.isoformat())  # as an earlier version left it
    read = tenants.get("shop")
    suspended = dataclasses.replace(read, state="suspended")
    assert tenants.save(suspended, before=read)
    assert not tenants.save(dataclasses.replace(read, daily_run=False), before=read)
    assert tenants.get("shop") == suspended


def test_nothing_is_run_for_a_suspended_tenant(tenants_table):
    tenants = Tenants(tenants_table)
    for tenant in (ACME, Tenant(tenant="shop", state="suspended"), Tenant(tenant="zenith")):
        tenants.save(tenant, before=None)
    assert [one.tenant for one in tenants.active()] == ["acme", "zenith"]
    assert tenants.all() == ["acme", "shop", "zenith"]
