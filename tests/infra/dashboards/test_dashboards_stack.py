"""The stack of the dashboards: who may read, and exactly which tables Quick Sight reads."""

from __future__ import annotations

import pytest

from infra.settings import StageSettings
from tessera.dashboards.sheets import DATASETS, SHEETS
from tessera.errors import InvalidInput
from tests.infra.template import listed

GROUP = "arn:aws:quicksight:us-east-1:111122223333:group/default/shop"


def settings(*, policy=True, **dashboards):
    stage = {"dashboards": dashboards, "analytics_policy": policy}
    return StageSettings.parse("dev", {"stages": {"dev": stage}}).dashboards


@pytest.fixture(scope="module")
def stack(full):
    kinds = {}
    for made in full.templates["dashboards"]["Resources"].values():
        kinds.setdefault(made["Type"], []).append(full.resolve(made["Properties"]))
    return kinds


def test_a_stage_without_readers_has_no_stack(app):
    assert "dashboards" not in app.templates


def test_readers_see_the_dashboard_and_authors_the_analysis(stack):
    [dashboard] = stack["AWS::QuickSight::Dashboard"]
    [analysis] = stack["AWS::QuickSight::Analysis"]
    assert dashboard["Definition"] == analysis["Definition"]
    assert len(dashboard["Definition"]["Sheets"]) == len(SHEETS)
    [readers], [authors] = dashboard["Permissions"], analysis["Permissions"]
    assert readers["Principal"] == GROUP
    assert not [one for one in readers["Actions"] if "Update" in one or "Delete" in one]
    assert authors["Principal"].endswith("group/default/data")
    for made in stack["AWS::QuickSight::DataSet"]:
        assert [one["Principal"] for one in made["Permissions"]] == [authors["Principal"]]


def test_each_dataset_asks_athena_for_the_latest_run_of_one_tenant(stack):
    made = {one["Name"]: one for one in stack["AWS::QuickSight::DataSet"]}
    assert set(made) == {one.name for one in DATASETS}
    for data in DATASETS:
        assert made[data.name]["ImportMode"] == "DIRECT_QUERY"
        [table] = made[data.name]["PhysicalTableMap"].values()
        text = table["CustomSql"]["SqlQuery"]
        assert 'FROM "tessera_full"."profiles"' in text
        assert "WHERE tenant = 'default'" in text
        is_latest = data.latest and "is_latest" in data.view.names
        assert text.endswith("AND is_latest = 1") is is_latest
        assert [one["Name"] for one in table["CustomSql"]["Columns"]] == list(data.view.names)
    [source] = stack["AWS::QuickSight::DataSource"]
    assert source["Type"] == "ATHENA"
    athena = source["DataSourceParameters"]["AthenaParameters"]
    assert athena["WorkGroup"] == "tessera-full"
    assert athena["RoleArn"]
    assert source["SslProperties"] == {"DisableSsl": False}


def test_quick_sight_reads_the_runs_tables_of_the_tenant_and_nothing_that_names_a_person(full):
    statements = full.statements("AthenaRole")
    read = [one for one in statements if "s3:GetObject" in listed(one["Action"])]
    keys = {each.split("/", 1)[1] for one in read for each in listed(one["Resource"])}
    assert keys == {
        "tenants/default/profiles/*", "tenants/default/transitions/*",
        "tenants/default/model_cards/*", "latest_runs/*", "athena-results/*",
    }  # fmt: skip
    written = [one for one in statements if "s3:PutObject" in listed(one["Action"])]
    assert all("athena-results" in str(one["Resource"]) for one in written)
    assert "Identities" not in str([one["Resource"] for one in statements])


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"reader_group": "readers"}, "reader_group.*the ARN of a group"),
        ({"author_group": GROUP}, r"author_group.*dashboards\.reader_group"),
        ({"reader_group": GROUP, "tenant": "A b"}, "tenant"),
        ({"reader_group": GROUP, "policy": False}, "analytics_policy.*workgroup"),
    ],
)
def test_a_wrong_setting_of_the_dashboards_is_named(wrong, words):
    with pytest.raises(InvalidInput, match=words):
        settings(**wrong)
