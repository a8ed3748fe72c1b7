"""The state machine of databases at night, and DMS' settings of each engine."""

from __future__ import annotations

import pytest

from infra.databases.definition import DatabaseStates, definition
from infra.databases.settings import DatabaseSettings

ARN = "arn:aws:dms:us-east-1:111122223333:replication-config:MADEUP"
CERTIFICATE = "arn:aws:dms:us-east-1:111122223333:cert:MADEUP"
ENGINES = {
    "mysql": "MySqlSettings", "mariadb": "MySqlSettings", "oracle": "OracleSettings",
    "sqlserver": "MicrosoftSqlServerSettings", "postgres": "PostgreSqlSettings",
}  # fmt: skip


@pytest.fixture(scope="module")
def nightly():
    return definition(
        DatabaseStates(
            mode="nightly",
            replication_arn=ARN,
            request={"JobName": "curate", "Arguments": {}},
            sources=["database-orders"],
            curate_hours=4,
            partition="aws",
        )
    )["States"]


def test_a_night_loads_all_tables_again_and_waits_for_the_end(nightly):
    start = nightly["StartReplication"]["Arguments"]
    assert start["ReplicationConfigArn"] == ARN
    assert start["StartReplicationType"] == (
        "{% $status in ['created', 'ready'] ? 'start-replication' : 'reload-target' %}"
    )
    assert nightly["StartReplication"]["Next"] == "WaitForLoad"
    assert nightly["WaitForLoad"]["Next"] == "DescribeLoad"


def test_only_a_load_that_ended_whole_is_curated(nightly):
    whole, not_whole = nightly["Load?"]["Choices"]
    assert "FULL_LOAD_ONLY_FINISHED" in whole["Condition"]
    assert whole["Next"] == "CurateTables"
    assert not_whole["Next"] == "ReplicationFailed"
    assert nightly["Load?"]["Default"] == "WaitForLoad"


@pytest.fixture(scope="module")
def endpoints():
    """The source endpoint of each engine, by DMS' name."""
    import aws_cdk as cdk
    from aws_cdk.assertions import Template

    from infra.databases.constructs.endpoints import SourceEndpoint
    from infra.foundation.keys import Key

    stack = cdk.Stack(cdk.App(), "Stack")
    key = Key(
        stack, "Key", alias="made-up", about="A test", removal_policy=cdk.RemovalPolicy.DESTROY
    )
    for engine in ENGINES:
        of = DatabaseSettings(
            mode="nightly", engine=engine, name="shop", certificate_arn=CERTIFICATE
        )
        SourceEndpoint(stack, engine.title(), stage="dev", settings=of, key=key)
    made = Template.from_stack(stack).find_resources("AWS::DMS::Endpoint").values()
    return {one["Properties"]["EngineName"]: one["Properties"] for one in made}


@pytest.mark.parametrize("engine", ENGINES)
def test_each_engine_is_read_by_the_secret_with_a_proven_server(engine, endpoints):
    endpoint = endpoints[engine]
    settings = endpoint[ENGINES[engine]]
    assert settings["SecretsManagerSecretId"] == "tessera/dev/sources/database"
    assert settings["SecretsManagerAccessRoleArn"]
    assert endpoint["CertificateArn"] == CERTIFICATE
    assert endpoint["SslMode"] == ("verify-ca" if engine == "oracle" else "verify-full")


def test_no_value_is_cut_off_in_silence(endpoints):
    for engine in ("oracle", "postgres"):
        assert endpoints[engine][ENGINES[engine]]["FailTasksOnLobTruncation"] is True


def test_a_night_leaves_no_slot_that_a_heartbeat_would_be_for(endpoints):
    assert endpoints["postgres"]["PostgreSqlSettings"]["HeartbeatEnable"] is False
