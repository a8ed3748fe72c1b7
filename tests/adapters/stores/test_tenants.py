"""The tenants table: each tenant once."""

from __future__ import annotations

import pytest

from adapters.stores.tenants import Tenants
from tessera.errors import InvalidInput


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
