"""Analysts by Lake Formation: registered tables, and a policy that reads no object."""

from __future__ import annotations

import pytest

from infra.settings import StageSettings
from tessera import naming
from tessera.contracts.catalog import TABLES
from tessera.errors import InvalidInput
from tests.infra.template import listed

PEOPLE = "GovernedAnalysts"
OBJECTS = {"s3:GetObject", "s3:GetObjectVersion"}


@pytest.fixture
def statements(full):
    [policy] = [
        policy["Properties"]
        for name, policy in full.named("AWS::IAM::ManagedPolicy").items()
        if PEOPLE in name
    ]
    return full.resolve(policy["PolicyDocument"]["Statement"])


def test_a_stage_without_the_switch_registers_nothing(app, other):
    for stage in (app, other):
        assert not {kind for kind in stage.kinds() if "LakeFormation" in kind}


def test_the_policy_allows_no_object_and_denies_every_one(full, statements):
    allowed = {a for s in statements if s["Effect"] == "Allow" for a in listed(s["Action"])}
    assert not {action for action in allowed if action.startswith("s3:")}
    assert "lakeformation:GetDataAccess" in allowed
    [denied] = [s for s in statements if s["Effect"] == "Deny"]
    assert set(denied["Action"]) == OBJECTS
    outputs = full.outputs()
    buckets = {f"arn:aws:s3:::{outputs[name]}/*" for name in ("DataBucket", "IdentitiesBucket")}
    assert set(denied["Resource"]) == buckets


def test_the_key_serves_results_of_the_analysts_workgroup_alone(full, statements):
    [workgroup] = [
        each for each in full.resources("AWS::Athena::WorkGroup") if "analysts" in each["Name"]
    ]
    settings = workgroup["WorkGroupConfiguration"]
    assert settings["EnforceWorkGroupConfiguration"] is True
    assert 0 < settings["BytesScannedCutoffPerQuery"] <= 10**11
    assert settings["ManagedQueryResultsConfiguration"]["Enabled"] is True
    assert "ResultConfiguration" not in settings  # Athena refuses both
    queries = [s["Resource"] for s in statements if "athena:" in str(s["Action"])]
    [arn] = queries
    assert arn.endswith(f":workgroup/{workgroup['Name']}")
    assert "athena:ListQueryExecutions" not in str(statements)  # so nobody sees others' queries
    [key] = [s for s in statements if "kms:" in str(s["Action"])]
    assert key["Condition"] == {"ArnLike": {"kms:EncryptionContext:aws:athena:arn": arn}}
    served = [
        statement
        for made in full.resources("AWS::KMS::Key")
        for statement in full.resolve(made["KeyPolicy"]["Statement"])
        if statement["Principal"].get("Service") == "encryption.athena.amazonaws.com"
    ]
    [service] = served
    assert service["Condition"]["ArnLike"]["aws:SourceArn"] == arn


def test_lake_formation_reads_the_catalogued_tables_and_nothing_else(full):
    statements = full.statements("GovernedAnalystsReader")
    bucket = f"arn:aws:s3:::{full.outputs()['DataBucket']}/"
    read = {
        resource
        for statement in statements
        if OBJECTS & set(listed(statement["Action"]))
        for resource in listed(statement["Resource"])
    }
    tables = {f"{bucket}tenants/*/{table.name}/*" for table in TABLES}
    assert read == tables | {f"{bucket}{naming.LATEST_RUNS}*"}
    assert not {a for s in statements for a in listed(s["Action"]) if "Put" in a or "Delete" in a}


def test_the_pipeline_goes_on_by_policies(full):
    places = full.resources("AWS::LakeFormation::Resource")
    assert {full.resolve(each["ResourceArn"]).partition("/")[2] for each in places} == {
        "tenants",
        "latest_runs",
    }
    for place in places:
        assert place["HybridAccessEnabled"] is True
        assert place["UseServiceLinkedRole"] is False
    # At a registered place, who adds a partition needs one more right.
    [right] = full.resources("AWS::LakeFormation::PrincipalPermissions")
    assert right["Permissions"] == ["DATA_LOCATION_ACCESS"]
    assert "FinishRun" in str(right["Principal"])


def test_no_setting_of_the_account_is_replaced(full):
    assert "AWS::LakeFormation::DataLakeSettings" not in full.kinds()


def test_grants_without_analysts_are_refused():
    tree = {"stages": {"dev": {"lake_formation": True, "retain": False}}}
    with pytest.raises(InvalidInput, match="'analytics_policy' is False: expected true"):
        StageSettings.parse("dev", tree)
