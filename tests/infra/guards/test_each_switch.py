"""Each switch alone is clean, and adds its own stacks alone.

All of them together are the stage ``full``.
"""

from __future__ import annotations

import collections
import json
import re

import pytest

from tests.infra.linting import findings
from tests.infra.switches import SWITCHES, synthesize_switches

_ADDS = {
    "stream": {"Streams"},
    "pages": {"Streams"},
    "labels": {"Labels", "Streams"},
    "forward": {"Labels", "Streams"},
    "aurora": {"Databases"},
    "zeroetl": {"Databases"},
    "crm": {"Curation", "Crm"},
    "ownbucket": {"Curation", "Crm"},
    "appflow": {"Curation", "Crm"},
    "connectors": {"Curation", "Connectors"},
}
_HOURS = 730  # of a month
_FLAT = {
    "AWS::KMS::Key": 1.00,
    "AWS::SecretsManager::Secret": 0.40,
    "AWS::CloudWatch::Alarm": 0.10,
}
# Paid by what is stored, sent or run, or not at all.
_FREE = {
    "AWS::ApiGatewayV2::Api", "AWS::ApiGatewayV2::Integration", "AWS::ApiGatewayV2::Route",
    "AWS::ApiGatewayV2::Stage", "AWS::AppFlow::Flow", "AWS::DMS::Endpoint",
    "AWS::DMS::ReplicationSubnetGroup", "AWS::DynamoDB::Table", "AWS::EC2::SecurityGroup",
    "AWS::Events::Rule", "AWS::Glue::Job", "AWS::Glue::SecurityConfiguration",
    "AWS::IAM::ManagedPolicy", "AWS::IAM::Policy", "AWS::IAM::Role", "AWS::Lambda::Alias",
    "AWS::Lambda::EventSourceMapping", "AWS::Lambda::Function", "AWS::Lambda::Permission",
    "AWS::Lambda::Version", "AWS::Logs::LogGroup", "AWS::RDS::DBClusterParameterGroup",
    "AWS::RDS::DBInstance", "AWS::RDS::DBSubnetGroup", "AWS::SQS::Queue", "AWS::SQS::QueuePolicy",
    "AWS::Scheduler::Schedule", "AWS::StepFunctions::StateMachine",
    "AWS::StepFunctions::StateMachineAlias", "AWS::StepFunctions::StateMachineVersion",
}  # fmt: skip
_ROWS = {
    "stream": "`stream.shards` = 1",
    "pages": "… with `stream.origins`",
    "labels": "… with `labels.enabled`",
    "forward": "… with `labels.forward`",
    "nightly": "`database.mode` = nightly",
    "mysql": "… without `database.route_table_ids`",
    "changes": "`database.mode` = changes, without them",
    "aurora": "`database.aurora`",
    "zeroetl": "… with `database.zero_etl`",
    "crm": "`crm.objects`",
    "ownbucket": "… with `crm.source_bucket`",
    "appflow": "… with `crm.appflow`",
    "connectors": "`connectors.names`",
}


def _at_rest(kind, properties):
    """Return what a resource costs a month while nothing uses it. The prices are us-east-1's."""
    if kind == "AWS::Kinesis::Stream":
        kept = 0.02 if properties["RetentionPeriodHours"] > 24 else 0
        return properties["ShardCount"] * (0.015 + kept) * _HOURS
    if kind == "AWS::EC2::VPCEndpoint":
        paid = properties["VpcEndpointType"] == "Interface"
        return 0.01 * _HOURS * len(properties["SubnetIds"]) if paid else 0
    if kind == "AWS::DMS::ReplicationConfig":
        sleeps = properties["ReplicationType"] == "full-load"
        return 0 if sleeps else 64 * properties["ComputeConfig"]["MinCapacityUnits"]
    if kind == "AWS::RDS::DBCluster":
        least = properties["ServerlessV2ScalingConfiguration"]["MinCapacity"]
        return 0.12 * _HOURS * least + 0.40 * properties["ManageMasterUserPassword"]
    if kind == "AWS::RDS::Integration":
        return 0.12 * _HOURS * 0.5  # who reads its changes keeps the cluster awake
    assert kind in _FREE or kind in _FLAT, f"docs/cost.md has no price of {kind}"
    return _FLAT.get(kind, 0)


@pytest.fixture(scope="module")
def folder():
    return synthesize_switches()


@pytest.fixture(scope="module")
def templates(folder):
    """The text of each stack's template, by switch and stack."""
    made = collections.defaultdict(dict)
    for path in folder.glob("*.template.json"):
        _, switch, stack = path.name.split(".")[0].split("-")
        made[switch][stack] = path.read_text(encoding="utf-8")
    return made


def test_cdk_nag_has_nothing_to_say_of_a_switch_alone(folder):
    report = json.loads((folder / "validation-report.json").read_text())
    assert not [
        violation for plugin in report["pluginReports"] for violation in plugin["violations"]
    ]


@pytest.mark.parametrize("switch", SWITCHES)
def test_a_switch_adds_its_own_stacks_alone(switch, templates):
    assert {*templates[switch]} == _ADDS.get(switch, {"Curation", "Databases"})


def test_cfn_lint_has_nothing_to_say_of_a_switch_alone(templates):
    # The names of stages aside, equal templates are one.
    texts = {
        re.sub(rf"(?i)\b(tessera[-/]){switch}\b", r"\1switch", text)
        for switch in SWITCHES
        for text in templates[switch].values()
    }
    assert len(texts) >= len({stack for each in templates.values() for stack in each})
    assert not findings([json.loads(text) for text in texts], region="us-east-1")


@pytest.mark.parametrize("switch", _ROWS)
def test_the_cost_page_has_what_a_switch_costs_at_rest(switch, templates, root):
    cost = sum(
        _at_rest(each["Type"], each["Properties"])
        for text in templates[switch].values()
        for each in json.loads(text)["Resources"].values()
    )
    page = (root / "docs" / "cost.md").read_text(encoding="utf-8")
    [price] = re.findall(rf"\| {re.escape(_ROWS[switch])} \| [^|]+ \| \$(\S+) \|", page)
    assert float(price) == pytest.approx(cost, abs=0.01)
