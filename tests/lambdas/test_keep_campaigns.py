"""KeepCampaigns: every hour what is due, every day suppressed addresses and results."""

from __future__ import annotations

import datetime as dt
import json

import boto3
import pytest

from adapters.aws.objects import Objects
from adapters.campaigns.account import SuppressedAddress
from adapters.campaigns.consent_rows import ConsentRows
from adapters.campaigns.keys import campaigns_pk, requests_pk, runs_pk
from adapters.campaigns.versioned import VersionedRecords
from adapters.stores.tenants import Tenants
from lambdas.keep_campaigns.handler import handler
from steps.campaign.keeping import services
from tessera.campaigns.campaign_record import CampaignRecord, RunRequest
from tessera.campaigns.definitions.document import parse_definition
from tessera.campaigns.sending.states import CampaignRun
from tessera.errors import InvalidInput
from tests.adapters.campaigns.table import make_table
from tests.campaigns.made import document, schedule

TENANT = "acme"
NOW = dt.datetime.now(dt.UTC)
DEFINITION = parse_definition(
    document(schedule=schedule(kind="daily", first_day="2026-01-01"), again_after_days=30)
)
MACHINE = "arn:aws:states:us-east-1:123456789012:stateMachine:tessera-dev-campaigns"


class FakeAccount:
    def suppressed(self, *, since, ses_tenant=""):
        assert ses_tenant == "tessera-dev-acme"
        return [SuppressedAddress("ann@mail.example", "BOUNCE", NOW)]


class FakeFunction:
    begun: list = []  # noqa: RUF012 (each test has its own)

    def __init__(self, name, *, does):
        assert name == "measure"

    def begin(self, event):
        self.begun.append(event)


@pytest.fixture
def table(tenants_table, monkeypatch):
    name = make_table(boto3.client("dynamodb"))
    for bucket in ("data", "identities", "assets"):
        boto3.client("s3").create_bucket(Bucket=bucket)
    Objects("assets").write_json("defaults.json", {"time_zone": "UTC"})
    boto3.client("secretsmanager").create_secret(Name="secret", SecretString="s" * 40)
    boto3.client("stepfunctions").create_state_machine(
        name="tessera-dev-campaigns", roleArn="arn:aws:iam::123456789012:role/r",
        definition=json.dumps({"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}),
    )  # fmt: skip
    for key, value in {
        "DATA_BUCKET": "data", "IDENTITIES_BUCKET": "identities", "CAMPAIGNS_TABLE": name,
        "RUN_DEFAULTS": "s3://assets/defaults.json", "TENANTS_TABLE": tenants_table,
        "STATE_MACHINE_ARN": MACHINE, "MEASURE_FUNCTION": "measure", "PSEUDONYM_SECRET": "secret",
        "SES_TENANT_PREFIX": "tessera-dev-", "STAGE": "dev",
    }.items():  # fmt: skip
        monkeypatch.setenv(key, value)
    # Due at any hour: the test may run before five.
    monkeypatch.setattr("tessera.campaigns.due.FROM_HOUR", 0)
    monkeypatch.setattr(services, "SesAccount", FakeAccount)
    monkeypatch.setattr(services, "CalledFunction", FakeFunction)
    Tenants(tenants_table).add(TENANT, seen_at="2026-11-01")
    record = CampaignRecord(
        definition=DEFINITION, state="active", changed_by="user:a", changed_at=NOW
    )
    VersionedRecords(name, pk=campaigns_pk(TENANT), kind=CampaignRecord).change(
        DEFINITION.id, lambda _: record
    )
    return name


def test_a_due_run_is_asked_for_and_planned_once(table):
    assert handler({"task": "hourly"}, None)["started"] == ["win-back-r001"]
    assert handler({"task": "hourly"}, None)["started"] == []
    request = VersionedRecords(table, pk=requests_pk(TENANT), kind=RunRequest).read("win-back-r001")
    assert request.is_approved
    listed = boto3.client("stepfunctions").list_executions(stateMachineArn=MACHINE)["executions"]
    assert [one["name"].partition("--plan-")[0] for one in listed] == ["acme--win-back-r001"]


@pytest.fixture
def begun(monkeypatch):
    monkeypatch.setattr(FakeFunction, "begun", [])
    return FakeFunction.begun


def test_quarters_are_measured_without_a_campaign_that_is(table, begun):
    assert handler({"task": "daily"}, None)["quarters"] == []  # nothing was ever sent
    handler({"task": "hourly"}, None)
    answer = handler({"task": "daily"}, None)
    assert (answer["measured"], answer["quarters"]) == ([], [TENANT])
    assert begun == [{"tenant": TENANT, "task": "quarters"}]


def test_every_day_suppressions_are_taken_over_and_open_results_measured(table, begun):
    handler({"task": "hourly"}, None)
    runs = VersionedRecords(table, pk=runs_pk(TENANT), kind=CampaignRun)
    runs.change("win-back-r001", lambda run: run.__class__(**{**vars(run), "state": "MEASURING"}))
    answer = handler({"task": "daily"}, None)
    assert answer == {"suppressed": 1, "measured": [DEFINITION.id], "quarters": [TENANT]}
    assert begun == [
        {"tenant": TENANT, "campaign": DEFINITION.id}, {"tenant": TENANT, "task": "quarters"},
    ]  # fmt: skip
    [row] = ConsentRows(table).of_tenant(TENANT)
    assert row.state == "bounced"


def test_an_unknown_task_is_refused(table):
    with pytest.raises(InvalidInput, match="hourly, daily"):
        handler({}, None)
