"""One clock for every tenant: each gets exactly one run a day."""

from __future__ import annotations

import json

import boto3
import pytest

from adapters.stores.tenants import Tenants
from lambdas.start_daily_runs.handler import handler
from tessera.errors import InvalidInput
from tessera.records.tenant import Tenant

TIME = "2026-12-01T03:00:00Z"


@pytest.fixture
def machine(tenants_table, monkeypatch):
    states = boto3.client("stepfunctions")
    definition = {"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}}
    arn = states.create_state_machine(
        name="tessera-dev",
        definition=json.dumps(definition),
        roleArn="arn:aws:iam::123456789012:role/machine",
    )["stateMachineArn"]
    monkeypatch.setenv("TENANTS_TABLE", tenants_table)
    monkeypatch.setenv("STATE_MACHINE_ARN", arn)
    for tenant in ("default", "acme"):
        Tenants(tenants_table).add(tenant, seen_at=TIME)
    return arn


def started(machine):
    states = boto3.client("stepfunctions")
    executions = states.list_executions(stateMachineArn=machine)["executions"]
    return {
        one["name"]: json.loads(
            states.describe_execution(executionArn=one["executionArn"])["input"]
        )
        for one in executions
    }


def test_each_tenant_gets_a_run_of_today(machine):
    assert handler({"time": TIME}, None) == {"tenants": 2}
    assert started(machine) == {
        f"daily-{tenant}-2026-12-01": {"trigger": "schedule", "tenant": tenant, "time": TIME}
        for tenant in ("default", "acme")
    }


def test_the_canary_of_deployments_gets_no_daily_run(machine, tenants_table):
    Tenants(tenants_table).add("canary", seen_at=TIME)
    assert handler({"time": TIME}, None) == {"tenants": 2}
    assert "daily-canary-2026-12-01" not in started(machine)


def test_a_tenant_that_is_suspended_or_wants_none_gets_no_daily_run(machine, tenants_table):
    tenants = Tenants(tenants_table)
    tenants.save(Tenant(tenant="closed", state="suspended"), before=None)
    tenants.save(Tenant(tenant="by-hand", daily_run=False), before=None)
    assert handler({"time": TIME}, None) == {"tenants": 2}


def test_the_longest_tenants_execution_has_a_name_that_fits(machine, tenants_table):
    Tenants(tenants_table).add("a" * 48, seen_at=TIME)
    handler({"time": TIME}, None)
    assert max(map(len, started(machine))) <= 80


def test_a_second_call_starts_only_what_is_missing(machine, tenants_table):
    handler({"time": TIME}, None)
    Tenants(tenants_table).add("later", seen_at=TIME)
    assert handler({"time": TIME}, None) == {"tenants": 3}
    assert len(started(machine)) == 3


def test_an_event_without_a_time_is_refused(machine):
    with pytest.raises(InvalidInput, match="the event has no time"):
        handler({}, None)
