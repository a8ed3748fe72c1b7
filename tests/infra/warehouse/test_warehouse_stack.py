"""The stack of the warehouse: what Redshift is set to, and exactly what each role may touch."""

from __future__ import annotations

import base64
import json

import pytest

from infra.settings import StageSettings
from tessera.errors import InvalidInput
from tessera.warehouse.views import OF_EVENTS, VIEWS
from tests.infra.template import listed

PLACE = {
    "enabled": True,
    "subnet_ids": [f"subnet-0123456789abcdef{number}" for number in range(3)],
    "security_group_ids": ["sg-0123456789abcdef0"],
}


def settings(**warehouse):
    return StageSettings.parse("dev", {"stages": {"dev": {"warehouse": warehouse}}}).warehouse


@pytest.fixture(scope="module")
def stack(full):
    """The resources of the stack, each kind's properties with its references resolved."""
    kinds = {}
    for made in full.templates["warehouse"]["Resources"].values():
        kinds.setdefault(made["Type"], []).append(full.resolve(made["Properties"]))
    return kinds


def test_a_stage_without_a_warehouse_has_no_stack(app):
    assert "warehouse" not in app.templates
    assert settings().used is False


def test_the_warehouse_is_small_encrypted_and_inside_the_network(stack):
    [workgroup] = stack["AWS::RedshiftServerless::Workgroup"]
    assert (workgroup["BaseCapacity"], workgroup["MaxCapacity"]) == (4, 32)
    assert workgroup["EnhancedVpcRouting"] is True
    assert workgroup["PubliclyAccessible"] is False
    assert len(workgroup["SubnetIds"]) == 3
    parameters = {
        one["ParameterKey"]: one["ParameterValue"] for one in workgroup["ConfigParameters"]
    }
    assert parameters["require_ssl"] == "true"
    assert parameters["enable_case_sensitive_identifier"] == "true"
    [namespace] = stack["AWS::RedshiftServerless::Namespace"]
    assert namespace["ManageAdminPassword"] is True
    assert "AdminUserPassword" not in namespace
    assert namespace["KmsKeyId"] == namespace["AdminPasswordSecretKmsKeyId"]
    assert namespace["IamRoles"] == [namespace["DefaultIamRoleArn"]]


def test_nothing_keeps_it_awake(stack):
    """No view refreshes by itself, and the one clock runs once a day."""
    text = json.dumps(stack).upper()
    assert "AUTO REFRESH YES" not in text
    [rule] = stack["AWS::Events::Rule"]
    assert rule["ScheduleExpression"] == "cron(20 6 * * ? *)"
    assert rule["Targets"][0]["DeadLetterConfig"]["Arn"]


def test_redshift_reads_the_runs_the_loads_and_the_stream_and_writes_orders_alone(full):
    statements = full.statements("PlaceRole")
    written = [one for one in statements if "s3:PutObject" in listed(one["Action"])]
    assert [_keys(one) for one in written] == [["uploads/*/redshift-orders/*"]]
    read = [one for one in statements if "s3:GetObject" in listed(one["Action"])]
    persons = "tenants/*/runs/*/destinations/redshift/"  # tests/infra/destinations has those
    keys = [key for one in read for key in _keys(one) if not key.startswith(persons)]
    assert sorted(keys) == [
        "latest_runs/*", "tenants/*/events/*", "tenants/*/model_cards/*", "tenants/*/profiles/*",
        "tenants/*/transitions/*", "tenants/*/warehouse/*", "uploads/*/database-orders/*",
    ]  # fmt: skip
    [stream] = [one for one in statements if "kinesis:GetRecords" in listed(one["Action"])]
    assert stream["Resource"].endswith(":stream/tessera-full-events")
    keys = [one for one in statements if "kms:GenerateDataKey" in listed(one["Action"])]
    assert all("Identities" not in each["Resource"] for each in keys)


def _keys(statement):
    return [each.split(":::")[1].split("/", 1)[1] for each in listed(statement["Resource"])]


def test_the_function_runs_statements_on_this_workgroup_alone(full, stack):
    statements = full.statements("RunWarehouseSqlRole")
    [run] = [one for one in statements if "redshift-data:ExecuteStatement" in one["Action"]]
    assert listed(run["Action"]) == [
        "redshift-data:BatchExecuteStatement", "redshift-data:ExecuteStatement",
        "redshift-serverless:GetCredentials",
    ]  # fmt: skip
    assert "*" not in listed(run["Resource"])
    reads = ["redshift-data:DescribeStatement", "redshift-data:GetStatementResult"]
    [describe] = [one for one in statements if listed(one["Action"]) == reads]
    assert describe["Condition"]["StringEquals"] == {
        "redshift-data:statement-owner-iam-userid": "${aws:userid}"
    }
    [function] = stack["AWS::Lambda::Function"]
    environment = function["Environment"]["Variables"]
    assert environment["RPU_HOURS"] == "60"
    assert environment["STREAM"] == "tessera-full-events"
    assert environment["LOADS"] == "database-orders=EventID,CustomerID,Date,Amount"


def test_the_views_of_athena_stand_in_the_catalog(stack):
    views = {one["TableInput"]["Name"]: one["TableInput"] for one in stack["AWS::Glue::Table"]}
    assert set(views) == {f"v_{one.name}" for one in VIEWS}
    for view in VIEWS:
        made = views[f"v_{view.name}"]
        assert made["TableType"] == "VIRTUAL_VIEW"
        assert made["Parameters"]["presto_view"] == "true"
        encoded = made["ViewOriginalText"].removeprefix("/* Presto View: ").removesuffix(" */")
        document = json.loads(base64.b64decode(encoded))
        assert [one["name"] for one in document["columns"]] == list(view.names)
        base = "events" if view in OF_EVENTS else "profiles"
        assert f'FROM "tessera_full"."{base}"' in document["originalSql"]
        assert [one["Name"] for one in made["StorageDescriptor"]["Columns"]] == list(view.names)
    [policy] = stack["AWS::IAM::ManagedPolicy"]
    [statement] = policy["PolicyDocument"]["Statement"]
    assert statement["Action"] == "glue:GetTable"
    assert {each.rpartition("/")[2] for each in statement["Resource"]} == set(views)


def test_the_alarms_lead_to_the_runbook(stack, root):
    runbook = (root / "docs" / "operations.md").read_text(encoding="utf-8").lower()
    names = {one["AlarmDescription"].rpartition("#")[2] for one in stack["AWS::CloudWatch::Alarm"]}
    assert names == {"warehousefailed", "warehousemissed", "warehouseawake"}
    assert all(f"# {name}" in runbook for name in names)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"subnet_ids": PLACE["subnet_ids"][:2]}, "subnet_ids.*three zones"),
        ({"security_group_ids": []}, "security_group_ids"),
        ({"base_rpu": 5}, "base_rpu.*multiple of 8"),
        ({"base_rpu": 64}, r"most_rpu.*no less than 'warehouse\.base_rpu'"),
        ({"rpu_hours": 0}, "rpu_hours.*1 or more"),
        ({"hour": 24}, "hour.*0 to 23"),
        ({"loads": ["orders"]}, "loads.*database-orders=EventID,CustomerID"),
        ({"orders": "a.b.c.d"}, r"orders.*shop\.public\.orders"),
        ({"customers_schema": "a.b"}, "customers_schema.*a schema"),
    ],
)
def test_a_wrong_setting_of_the_warehouse_is_named(wrong, words):
    with pytest.raises(InvalidInput, match=words):
        settings(**{**PLACE, **wrong})
