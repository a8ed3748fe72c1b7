"""The stack of an operational database: what DMS is set to, and exactly what it may touch."""

from __future__ import annotations

import json

import pytest

from infra.settings import StageSettings
from tessera.errors import InvalidInput
from tessera.sources import changes
from tests.infra.template import listed

PLACE = {
    "vpc_id": "vpc-0123456789abcdef0",
    "subnet_ids": ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
}
SHOP = {**PLACE, "mode": "nightly", "name": "shop", "tables": ["public.orders"]}


def settings(**database):
    return StageSettings.parse("dev", {"stages": {"dev": {"database": database}}})


@pytest.fixture(scope="module")
def stack(full):
    """The resources of the stack, each kind's properties with its references resolved."""
    kinds = {}
    for made in full.templates["databases"]["Resources"].values():
        kinds.setdefault(made["Type"], []).append(full.resolve(made["Properties"]))
    return kinds


@pytest.fixture(scope="module")
def machine(stack):
    [made] = stack["AWS::StepFunctions::StateMachine"]
    return json.loads(made["DefinitionString"])


def test_a_stage_without_a_database_has_no_stack(app):
    assert "databases" not in app.templates


def test_the_files_have_all_that_the_fold_reads(stack):
    [target] = [one for one in stack["AWS::DMS::Endpoint"] if one["EndpointType"] == "target"]
    files = target["S3Settings"]
    assert target["EngineName"] == "s3"
    assert files["BucketFolder"] == "tenants/default/raw/database"
    assert files["DataFormat"] == "parquet"
    assert files["ParquetVersion"] == "parquet-2-0"
    assert files["IncludeOpForFullLoad"] is True
    assert files["TimestampColumnName"] == changes.COMMITTED_AT
    assert files["UseTaskStartTimeForFullLoadTimestamp"] is True
    assert (files["CdcMaxBatchInterval"], files["CdcMinFileSize"]) == (60, 32_000)
    assert files["EncryptionMode"] == "sse-kms"
    assert files["ServerSideEncryptionKmsKeyId"] == target["KmsKeyId"]
    assert files["ExpectedBucketOwner"] == "111122223333"


def test_the_database_is_read_by_its_secret_and_encrypted(stack):
    [source] = [one for one in stack["AWS::DMS::Endpoint"] if one["EndpointType"] == "source"]
    read = source["PostgreSqlSettings"]
    assert (source["EngineName"], source["DatabaseName"]) == ("postgres", "shop")
    assert source["SslMode"] == "require"
    assert not {"Username", "Password", "ServerName"} & {*source}
    assert read["SecretsManagerSecretId"] == "tessera/full/sources/database"
    assert read["CaptureDdls"] is False
    assert read["FailTasksOnLobTruncation"] is True
    assert (read["HeartbeatEnable"], read["HeartbeatSchema"]) == (True, "tessera")


def test_each_table_is_read_with_the_sequence_of_its_changes(stack):
    [config] = stack["AWS::DMS::ReplicationConfig"]
    rules = config["TableMappings"]["rules"]
    assert config["ReplicationType"] == "full-load-and-cdc"
    assert [rule["rule-id"] for rule in rules] == ["1", "2", "3", "4"]
    assert [rule["object-locator"]["table-name"] for rule in rules[::2]] == ["orders", "refunds"]
    for selection, column in zip(rules[::2], rules[1::2], strict=True):
        assert selection["rule-action"] == "include"
        assert column["object-locator"] == selection["object-locator"]
        assert (column["value"], column["expression"]) == (changes.SEQUENCE, "$AR_H_CHANGE_SEQ")
    assert config["ReplicationSettings"]["FullLoadSettings"] == {
        "TargetTablePrepMode": "DO_NOTHING"
    }


def test_dms_runs_in_the_network_with_no_way_in(stack):
    [config] = stack["AWS::DMS::ReplicationConfig"]
    compute = config["ComputeConfig"]
    assert (compute["MinCapacityUnits"], compute["MaxCapacityUnits"]) == (1, 8)
    assert compute["KmsKeyId"]
    groups = stack["AWS::EC2::SecurityGroup"]
    [dms] = [one for one in groups if "reads a database" in one["GroupDescription"]]
    assert "SecurityGroupIngress" not in dms
    callers = [rule for one in groups for rule in one.get("SecurityGroupIngress", ())]
    assert all("CidrIp" not in rule for rule in callers)
    kinds = {one["VpcEndpointType"] for one in stack["AWS::EC2::VPCEndpoint"]}
    assert kinds == {"Gateway", "Interface"}


def test_dms_may_touch_the_folder_of_change_files_alone(full, stack):
    statements = full.statements("FilesRole")
    objects = [one for one in statements if "s3:PutObject" in one["Action"]]
    assert [one["Resource"].split(":::")[1].split("/", 1)[1] for one in objects] == [
        "tenants/default/raw/database/*"
    ]
    secrets = [
        each
        for owner, one in full.all_statements()
        if "SourceRole" in owner and "Pull" not in owner and "secretsmanager" in str(one)
        for each in listed(one["Resource"])
    ]
    assert [one.rpartition(":")[2] for one in secrets] == ["tessera/full/sources/database-??????"]
    [role] = [one for one in stack["AWS::IAM::Role"] if "dms.us-east-1" in json.dumps(one)]
    [trust] = role["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"]["Service"] == "dms.us-east-1.amazonaws.com"


def test_every_hour_dms_goes_on_and_each_table_is_curated(stack, machine):
    states = machine["States"]
    [schedule] = stack["AWS::Scheduler::Schedule"]
    assert schedule["ScheduleExpression"] == "cron(40 * * * ? *)"
    assert schedule["Target"]["DeadLetterConfig"]["Arn"]
    assert states["StartReplication"]["Arguments"]["StartReplicationType"].endswith(
        "? 'start-replication' : 'resume-processing' %}"
    )
    assert states["CurateTables"]["Items"] == [
        {"source": "database-orders"},
        {"source": "database-refunds"},
    ]
    curate = states["CurateTables"]["ItemProcessor"]["States"]["Curate"]
    assert curate["Resource"].endswith("glue:startJobRun.sync")
    assert curate["Catch"][0]["Next"] == "NotCurated"
    assert {one["Next"] for one in states["AllWell?"]["Choices"]} == {
        "SomeFailed",
        "ReplicationFailed",
    }


def test_aurora_pauses_and_is_called_by_dms_alone(stack):
    [cluster] = stack["AWS::RDS::DBCluster"]
    scaling = cluster["ServerlessV2ScalingConfiguration"]
    assert (scaling["MinCapacity"], scaling["MaxCapacity"]) == (0, 4)
    assert cluster["EnableIAMDatabaseAuthentication"] is True
    assert cluster["StorageEncrypted"] is True
    assert cluster["ManageMasterUserPassword"] is True
    assert cluster["DeletionProtection"] is False  # a stage that does not retain
    [parameters] = stack["AWS::RDS::DBClusterParameterGroup"]
    assert parameters["Parameters"]["rds.logical_replication"] == "1"
    assert parameters["Parameters"]["rds.force_ssl"] == "1"
    [writer] = stack["AWS::RDS::DBInstance"]
    assert (writer["DBInstanceClass"], writer["PubliclyAccessible"]) == ("db.serverless", False)
    [integration] = stack["AWS::RDS::Integration"]
    assert ":redshift-serverless:" in integration["TargetArn"]


def test_the_alarms_lead_to_the_runbook(stack, root):
    runbook = (root / "docs" / "operations.md").read_text(encoding="utf-8").lower()
    names = {one["AlarmDescription"].rpartition("#")[2] for one in stack["AWS::CloudWatch::Alarm"]}
    assert names == {"databasefailed", "databasequiet", "databaselate"}
    assert all(f"# {name}" in runbook for name in names)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"mode": "weekly"}, r"mode.*'nightly', 'changes'"),
        ({"engine": "db2"}, r"engine.*postgres.*oracle"),
        ({"name": ""}, r"name.*the name of the database"),
        ({"tables": ["orders"]}, r"tables.*'public\.orders'"),
        ({"tables": []}, "tables"),
        ({"hour": 24}, r"hour.*0 to 23"),
        ({"engine": "mysql"}, r"certificate_arn.*unencrypted"),
        ({"most_units": 3}, r"most_units.*1, 2, 4, 8"),
        ({"vpc_id": ""}, "vpc_id"),
        ({"subnet_ids": ["subnet-0123456789abcdef0"]}, r"subnet_ids.*two zones"),
        ({"route_table_ids": ["rt-1"]}, "route_table_ids"),
        ({"zero_etl": "arn:aws:s3:::x"}, r"zero_etl.*Redshift namespace"),
    ],
)
def test_a_setting_that_can_not_be_deployed_is_named(wrong, words):
    with pytest.raises(InvalidInput, match=words):
        settings(**{**SHOP, **wrong})


def test_settings_that_fit_are_taken():
    arn = "arn:aws:dms:eu-west-1:111122223333:cert:MADEUP"
    assert settings(**SHOP).database.ssl_mode == "require"
    oracle = settings(**{**SHOP, "engine": "oracle", "certificate_arn": arn}).database
    assert oracle.ssl_mode == "verify-ca"
    mysql = {**SHOP, "engine": "mysql", "certificate_arn": arn, "name": ""}
    assert settings(**mysql).database.ssl_mode == "verify-full"
