"""The stack of live labels: what is deployed, and exactly what each function may touch."""

from __future__ import annotations

import pytest

from infra.settings import StageSettings
from local.aws import stacks
from tessera import naming
from tessera.errors import InvalidInput
from tests.infra.rights import may
from tests.infra.template import listed

FUNCTIONS = ("ForwardMoves", "KeepLabels", "LabelEvents")
TAKING = ["braze", "customerio", "hubspot", "iterable", "klaviyo", "webhook"]


def in_labels(app, kind):
    made = app.templates["labels"]["Resources"].values()
    return [each["Properties"] for each in made if each["Type"] == kind]


def settings(**groups):
    return StageSettings.parse("dev", {"stages": {"dev": {"retain": False, **groups}}})


def test_labels_are_off_and_need_a_stream(app):
    assert "labels" not in app.templates
    assert settings(stream={"shards": 1}, labels={"enabled": True}).labels.enabled
    with pytest.raises(InvalidInput, match=r"'labels\.enabled'.*'stream\.shards'"):
        settings(labels={"enabled": True})
    with pytest.raises(InvalidInput, match=r"'labels\.gathers_seconds'"):
        settings(stream={"shards": 1}, labels={"gathers_seconds": 301})


def test_forwarding_is_off_and_names_destinations_that_take_single_moves():
    assert settings().labels.forward == ()
    on = {"stream": {"shards": 1}, "destinations": ["export", "klaviyo", "meta"]}
    able = settings(**on, labels={"enabled": True, "forward": ["klaviyo"]})
    assert able.labels.forward == ("klaviyo",)
    for wrong in ({"forward": ["klaviyo"]}, {"enabled": True, "forward": ["meta"]},
                  {"enabled": True, "forward": ["braze"]}):  # fmt: skip
        with pytest.raises(InvalidInput, match=r"'labels\.forward'"):
            settings(**on, labels=wrong)
    with pytest.raises(InvalidInput, match=r"'labels\.forward_per_hour'"):
        settings(**on, labels={"forward_per_hour": 0})


def test_the_table_is_encrypted_backed_up_and_forgets_unknown_customers(full):
    [table] = in_labels(full, "AWS::DynamoDB::Table")
    assert table["TableName"] == "tessera-full-labels"
    assert table["SSESpecification"]["SSEType"] == "KMS"
    assert table["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"]
    assert table["TimeToLiveSpecification"] == {"AttributeName": "expires", "Enabled": True}


def test_a_batch_is_tried_in_halves_and_what_fails_for_good_waits_in_a_queue(full):
    [mapping] = [
        one
        for one in in_labels(full, "AWS::Lambda::EventSourceMapping")
        if "DestinationConfig" in one
    ]
    assert full.resolve(mapping["EventSourceArn"]).endswith(":stream/tessera-full-events")
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert mapping["BisectBatchOnFunctionError"]
    assert (mapping["MaximumBatchingWindowInSeconds"], mapping["BatchSize"]) == (1, 1_000)
    assert 0 < mapping["MaximumRetryAttempts"] < 100
    assert "Missed" in str(mapping["DestinationConfig"]["OnFailure"])


def test_moves_wait_in_a_queue_and_come_again_for_hours(full):
    [mapping] = [
        one
        for one in in_labels(full, "AWS::Lambda::EventSourceMapping")
        if "DestinationConfig" not in one
    ]
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    [queue] = [one for one in in_labels(full, "AWS::SQS::Queue") if "RedrivePolicy" in one]
    hours = queue["RedrivePolicy"]["maxReceiveCount"] * queue["VisibilityTimeout"] / 3_600
    assert 4 < hours < queue["MessageRetentionPeriod"] / 3_600
    rules = [one for one in in_labels(full, "AWS::Events::Rule") if "KeepLabels" not in str(one)]
    asked = {
        one["EventPattern"]["detail-type"][0]: one["Targets"][0]["InputTransformer"]
        for one in rules
    }
    fields = {kind: sorted(one["InputPathsMap"].values()) for kind, one in asked.items()}
    assert fields == {
        "Label Moved": ["$.detail.customer_key", "$.detail.tenant"],
        "Run Finished": ["$.detail.run_id", "$.detail.tenant"],
    }


def test_a_finished_run_renews_the_labels(full):
    rules = in_labels(full, "AWS::Events::Rule")
    [rule] = [one for one in rules if "KeepLabels" in str(one["Targets"])]
    assert rule["EventPattern"] == {"source": ["tessera"], "detail-type": ["Run Finished"]}
    [target] = rule["Targets"]
    assert target["InputTransformer"]["InputPathsMap"] == {"detail-tenant": "$.detail.tenant"}
    assert "Missed" in str(target["DeadLetterConfig"])


def test_each_function_touches_exactly_what_it_needs(full):
    data = f"arn:aws:s3:::{full.outputs()['DataBucket']}/tenants/acme/"
    rules, run = f"{data}labels/label_rules.json", f"{data}runs/0123/{naming.SCORE_RECORD}"
    events = f"{data}events/upload=1/content=2/part-00000.parquet"

    def who(action, resource):
        return {name for name in FUNCTIONS if may(full, name, action, resource)}

    assert who("s3:GetObject", rules) == {*FUNCTIONS}
    assert who("s3:PutObject", rules) == {"KeepLabels"}
    assert who("s3:GetObject", run) == who("s3:GetObject", events) == {"KeepLabels"}
    identities = f"arn:aws:s3:::{full.outputs()['IdentitiesBucket']}/tenants/acme/x"
    assert who("s3:GetObject", identities) == who("s3:PutObject", run) == set()
    label, keep = (
        {action for each in full.statements(name) for action in listed(each["Action"])}
        for name in ("LabelEvents", "KeepLabels")
    )
    assert {"kinesis:GetRecords", "events:PutEvents", "secretsmanager:GetSecretValue"} <= label
    assert "sns:Publish" not in label
    assert not {action for action in keep if action.startswith(("kinesis", "secrets", "events:"))}
    for actions in (label, keep):
        tables = {action for action in actions if action.startswith("dynamodb:")}
        assert tables == {"dynamodb:GetItem", "dynamodb:PutItem"}


def test_what_forwards_reads_contents_writes_moves_and_has_the_keys_of_its_destinations_alone(full):
    tenant = f"arn:aws:s3:::{full.outputs()['IdentitiesBucket']}/tenants/acme/"
    run, ledger = f"{tenant}runs/0123/destinations/", f"{tenant}destinations/"

    def can(action, resource):
        return may(full, "ForwardMoves", action, resource)

    for name in TAKING:
        contents, journal = f"{run}{name}/contents/blocks.gz", f"{ledger}{name}/ledger/journal/"
        assert can("s3:GetObject", contents)
        assert not can("s3:PutObject", contents)
        assert not can("s3:GetObject", f"{run}{name}/part-00000.jsonl")
        assert can("s3:PutObject", f"{journal}2026-r1-moves.csv.gz")
        assert not can("s3:PutObject", f"{journal}2026-r1-00000-000000-000009.csv.gz")
        assert not can("s3:DeleteObject", f"{journal}2026-r1-moves.csv.gz")
        assert not can("s3:GetObject", f"{ledger}{name}/ledger/base.csv.gz")
        assert can("s3:DeleteObject", f"{ledger}{name}/ledger/turns/000000001")
    assert not can("s3:GetObject", f"{tenant}identities/upload=1/part-0.parquet")
    actions = {one for each in full.statements("ForwardMoves") for one in listed(each["Action"])}
    assert {one for one in actions if one.startswith("dynamodb:")} == {"dynamodb:GetItem"}
    assert not {one for one in actions if one.startswith(("events:", "kinesis:", "sns:"))}
    secrets = [each for each in full.statements("ForwardMoves")
               if "secretsmanager:GetSecretValue" in listed(each["Action"])]  # fmt: skip
    arns = [full.resolve(arn) for each in secrets for arn in listed(each["Resource"])]
    ends = {arn.rpartition("/destinations/")[2] for arn in arns}
    assert ends == {f"{name}{end}" for name in TAKING for end in ("-??????", "/*")}


def test_late_labels_and_failures_are_alarmed(full):
    alarms = in_labels(full, "AWS::CloudWatch::Alarm")
    headings = {alarm["AlarmDescription"].rpartition("#")[2] for alarm in alarms}
    assert headings == {"labelslate", "labelsmissed", "movesmissed", "movesoverlimit"}


def test_the_embedded_aws_knows_all_of_it(full):
    assert stacks.unknown(full.templates["labels"]) == []
