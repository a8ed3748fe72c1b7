"""Analysts' grants: one tenant's rows each, whatever was granted before."""

from __future__ import annotations

import pytest

from adapters.warehouse.lake_formation import LakeFormation
from steps.warehouse.govern import grant, granted, revoke
from tessera.errors import InvalidInput
from tessera.warehouse.grants import GOVERNED
from tests.adapters.warehouse.lake_formation_api import LakeFormationApi

ADA, BEN = (f"arn:aws:iam::111122223333:role/{name}" for name in ("ada", "ben"))
EVERY = {table.name for table in GOVERNED}


@pytest.fixture
def api(aws_environment):
    return LakeFormationApi()


@pytest.fixture
def grants(api):
    return LakeFormation("tessera_dev", account="111122223333", client=api)


def test_an_analyst_reads_one_tenants_rows_of_every_table(api, grants):
    grant(grants, principal=ADA, tenant="acme")
    for table in EVERY:
        assert api.reads(ADA, table) == {("tenant = 'acme'", ())}
    assert granted(grants) == {ADA: {"acme": len(EVERY)}}


def test_a_repeated_grant_changes_nothing(api, grants):
    grant(grants, principal=ADA, tenant="acme", without=["clv"])
    before = (dict(api.filters), set(api.grants), set(api.opt_ins))
    grant(grants, principal=ADA, tenant="acme", without=["clv", "clv"])
    assert (api.filters, api.grants, api.opt_ins) == before


def test_other_columns_replace_the_earlier_grant(api, grants):
    grant(grants, principal=ADA, tenant="acme")
    grant(grants, principal=BEN, tenant="acme")
    grant(grants, principal=ADA, tenant="acme", without=["clv"])
    assert api.reads(ADA, "profiles") == {("tenant = 'acme'", ("clv",))}
    assert api.reads(BEN, "profiles") == {("tenant = 'acme'", ())}


def test_a_name_that_begins_like_another_is_another_tenant(api, grants):
    grant(grants, principal=ADA, tenant="acme")
    grant(grants, principal=ADA, tenant="acme-all")
    assert granted(grants)[ADA] == {"acme": len(EVERY), "acme-all": len(EVERY)}
    revoke(grants, principal=ADA, tenant="acme")
    assert api.reads(ADA, "profiles") == {("tenant = 'acme-all'", ())}


def test_what_is_revoked_leaves_no_filter_behind_and_nobody_else_out(api, grants):
    for principal in (ADA, BEN):
        grant(grants, principal=principal, tenant="acme")
    assert revoke(grants, principal=ADA, tenant="acme") == len(EVERY)
    assert granted(grants) == {BEN: {"acme": len(EVERY)}}
    assert revoke(grants, principal=BEN, tenant="acme") == len(EVERY)
    assert not api.filters
    assert not api.grants


def test_revoking_what_is_not_there_says_what_is(grants):
    grant(grants, principal=ADA, tenant="acme")
    with pytest.raises(InvalidInput, match="no grant of tenant 'other': it has those of acme"):
        revoke(grants, principal=ADA, tenant="other")


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        ({"principal": "arn:aws:iam::1:role/x"}, "is not a role or user"),
        ({"principal": "*"}, "is not a role or user"),
        ({"tenant": "a' OR '1'='1"}, "is not a valid name"),
        ({"without": ["clv", "email"]}, "no table has a column 'email'"),
        ({"without": ["tenant"]}, "cannot be hidden"),
    ],
)
def test_a_wrong_argument_is_refused_before_anything_is_granted(api, grants, wrong, expected):
    with pytest.raises(InvalidInput, match=expected):
        grant(grants, **{"principal": ADA, "tenant": "acme", **wrong})
    assert not api.grants
    assert not api.opt_ins
    assert not api.filters
