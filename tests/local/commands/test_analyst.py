"""The command for analysts' grants, with a stand-in for Lake Formation."""

from __future__ import annotations

import pytest

from adapters.warehouse.lake_formation import LakeFormation
from local.commands.analyst import analyst, analyst_of
from tessera.errors import InvalidInput
from tests.adapters.warehouse.lake_formation_api import LakeFormationApi

ADA = "arn:aws:iam::111122223333:role/ada"


@pytest.fixture
def grants():
    return LakeFormation("tessera_dev", account="111122223333", client=LakeFormationApi())


def test_grants_are_made_listed_and_revoked(grants):
    [line] = analyst(grants, "grant", principal=ADA, tenant="acme", without=["clv"])
    assert line == f"{ADA} reads the rows of acme, without clv, and no other tenant's."
    assert analyst(grants, "list", principal=None, tenant="") == [f"{ADA} reads acme"]
    [line] = analyst(grants, "revoke", principal=ADA, tenant="acme")
    assert line.startswith(f"{ADA} no longer reads acme")
    [line] = analyst(grants, "list", principal=None, tenant="")
    assert line.startswith("Nobody has a grant")


def test_a_change_needs_somebody(grants):
    with pytest.raises(InvalidInput, match="analyst grant needs the ARN"):
        analyst(grants, "grant", principal=None, tenant="acme")


def test_a_stage_without_lake_formation_says_what_to_set():
    with pytest.raises(InvalidInput, match="set 'lake_formation' and 'analytics_policy'"):
        analyst_of("dev", "list", principal=None, tenant="default", without=[], say=print)
