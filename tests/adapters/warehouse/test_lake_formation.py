"""Grants of Lake Formation, against a stand-in that its service model checks."""

from __future__ import annotations

import pytest

from adapters.warehouse.lake_formation import LakeFormation
from tessera.errors import InvalidInput, Refused
from tessera.warehouse.grants import row_filters
from tests.adapters.warehouse.lake_formation_api import LakeFormationApi

ROLE = "arn:aws:iam::111122223333:role/shop"
PROFILES = row_filters("acme", without=["clv"])[0]


def grants_of(api):
    return LakeFormation("tessera_dev", account="111122223333", client=api)


def test_a_filter_is_made_once_and_then_brought_up_to_date(aws_environment):
    api = LakeFormationApi()
    grants = grants_of(api)
    grants.keep_filter(PROFILES)
    grants.keep_filter(PROFILES)
    [made] = api.filters.values()
    assert made["RowFilter"] == {"FilterExpression": "tenant = 'acme'"}
    assert made["ColumnWildcard"] == {"ExcludedColumnNames": ["clv"]}
    assert api.calls[-1] == "UpdateDataCellsFilter"


def test_all_pages_of_grants_are_read(aws_environment):
    api = LakeFormationApi(page=1)
    grants = grants_of(api)
    grants.keep_filter(PROFILES)
    roles = [f"{ROLE}-{number}" for number in range(3)]
    for role in roles:
        grants.grant(role, PROFILES)
    assert sorted(grants.granted("profiles")) == [(role, PROFILES.name) for role in roles]


def test_a_filter_that_is_gone_needs_no_removal(aws_environment):
    grants_of(LakeFormationApi()).remove_filter("profiles", PROFILES.name)


def test_who_is_no_administrator_is_refused(aws_environment):
    with pytest.raises(Refused, match="denied access to the grants on database tessera_dev"):
        grants_of(LakeFormationApi(denied=True)).keep_filter(PROFILES)


def test_a_stage_without_the_tables_is_named(aws_environment):
    with pytest.raises(InvalidInput, match="deploy the stage with 'lake_formation'"):
        list(grants_of(LakeFormationApi()).granted("orders"))
