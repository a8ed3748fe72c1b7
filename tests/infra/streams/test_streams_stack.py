"""The stack of the event stream: what is deployed, and exactly what each function may touch."""

from __future__ import annotations

import re

import pytest

from infra.settings import StageSettings
from local.aws import stacks
from tessera.environments.ingest import CloseWindowsEnvironment, StoreEventsEnvironment
from tessera.errors import InvalidInput
from tests.infra.rights import may
from tests.infra.template import listed

FUNCTIONS = ("CloseWindows", "StoreEvents")


@pytest.fixture
def data(full):
    return f"arn:aws:s3:::{full.outputs()['DataBucket']}/"


def who(app, action, resource):
    return {name for name in FUNCTIONS if may(app, name, action, resource)}


def settings(stream, **others):
    return StageSettings.parse(
        "dev", {"stages": {"dev": {"retain": False, "stream": stream, **others}}}
    )


def test_a_stage_has_no_stream_unless_it_asks_for_one(app):
    assert "streams" not in app.templates
    assert not [kind for kind in app.kinds() if "Kinesis" in kind or "EventSource" in kind]


def test_the_stream_has_its_shards_its_hours_and_the_stages_key(full):
    [stream] = full.resources("AWS::Kinesis::Stream")
    assert stream["Name"] == "tessera-full-events"
    assert (stream["ShardCount"], stream["RetentionPeriodHours"]) == (2, 72)
    assert stream["StreamModeDetails"] == {"StreamMode": "PROVISIONED"}
    assert stream["StreamEncryption"]["EncryptionType"] == "KMS"
    assert ":key/" in full.resolve(stream["StreamEncryption"]["KeyId"])
    assert full.outputs()["EventStream"]


def test_the_embedded_aws_knows_all_of_it(full):
    assert stacks.unknown(full.templates["streams"]) == []


def test_a_batch_is_tried_until_it_is_stored(full):
    made = full.templates["streams"]["Resources"].values()
    [mapping] = [
        each["Properties"] for each in made if each["Type"] == "AWS::Lambda::EventSourceMapping"
    ]
    assert full.resolve(mapping["FunctionName"]).endswith(":live")
    limits = {name: value for name, value in mapping.items() if isinstance(value, (bool, int, str))}
    assert limits == {
        "BatchSize": 10_000,
        "MaximumBatchingWindowInSeconds": 300,
        "BisectBatchOnFunctionError": False,
        "MaximumRetryAttempts": -1,
        "MaximumRecordAgeInSeconds": -1,
        "ParallelizationFactor": 1,
        "StartingPosition": "TRIM_HORIZON",
    }


def test_days_are_closed_every_hour_after_the_last_parts_came(full):
    rules = full.templates["streams"]["Resources"].values()
    [rule] = [one["Properties"] for one in rules if one["Type"] == "AWS::Events::Rule"]
    assert rule["ScheduleExpression"] == "cron(15 * * * ? *)"
    [target] = rule["Targets"]
    assert "Missed" in str(target["DeadLetterConfig"])


def test_store_adds_parts_and_marks_and_close_merges_parts(full, data):
    part = f"{data}uploads/acme/stream-2026-11-28/shardId-0-1-2.csv.gz"
    mark = f"{data}streams/open/acme/stream-2026-11-28/shardId-0-1-2.csv.gz"
    end = f"{data}uploads/acme/stream-2026-11-28/_SUCCESS"
    assert who(full, "s3:PutObject", part) == who(full, "s3:PutObject", mark) == {"StoreEvents"}
    merged = f"{data}uploads/acme/stream-2026-11-28/merged-0123456789abcdef-2.csv.gz"
    for each in (end, merged):
        assert who(full, "s3:PutObject", each) == {*FUNCTIONS}
    for each in (end, merged, part):
        assert who(full, "s3:GetObject", each) == {"CloseWindows"}
    assert who(full, "s3:GetObject", mark) == set()
    assert who(full, "s3:DeleteObject", part) == {"CloseWindows"}
    assert who(full, "s3:DeleteObjectVersion", part) == set()
    assert who(full, "s3:DeleteObjectVersion", mark) == {"CloseWindows"}
    for other in (f"{data}uploads/x.csv", f"{data}uploads/acme/orders/part-1.csv"):
        for action in ("s3:GetObject", "s3:PutObject", "s3:DeleteObject"):
            assert who(full, action, other) == set()


def test_close_lists_the_streams_folders_and_no_others(full):
    prefixes = {
        action: {
            prefix
            for statement in full.statements("CloseWindows")
            if action in listed(statement["Action"])
            for prefix in listed(statement["Condition"]["StringLike"]["s3:prefix"])
        }
        for action in ("s3:ListBucket", "s3:ListBucketVersions")
    }
    assert prefixes == {
        "s3:ListBucket": {"uploads/*/stream-*", "uploads/*/stream-*/*"},
        "s3:ListBucketVersions": {"streams/open/*"},
    }


def test_only_store_reads_the_stream_and_producers_only_put(full):
    [stream] = full.named("AWS::Kinesis::Stream")
    reading = {
        action
        for statement in full.statements("StoreEvents")
        for action in listed(statement["Action"])
        if action.startswith("kinesis:")
    }
    assert reading == {
        f"kinesis:{name}"
        for name in ("DescribeStream", "DescribeStreamSummary", "GetRecords", "GetShardIterator",
                     "ListShards", "SubscribeToShard")
    }  # fmt: skip
    readers = [
        owner
        for owner, statement in full.all_statements()
        if "kinesis:GetRecords" in listed(statement["Action"])
    ]
    stacks_own = [owner for owner in readers if "Place" not in owner]  # without the warehouse's
    assert len(stacks_own) == 2  # StoreEvents and LabelEvents
    [policy] = [
        each["PolicyDocument"]["Statement"]
        for each in full.resources("AWS::IAM::ManagedPolicy")
        if "stream" in each.get("Description", "")
    ]
    put, encrypt = full.resolve(policy)
    assert set(put["Action"]) == {"kinesis:PutRecord", "kinesis:PutRecords"}
    assert put["Resource"] == stream
    assert encrypt["Action"] == "kms:GenerateDataKey"
    assert encrypt["Condition"] == {
        "StringEquals": {"kms:ViaService": "kinesis.us-east-1.amazonaws.com"}
    }


def test_functions_get_the_environment_that_they_read(full):
    handlers = {
        each["Handler"].split(".")[1]: each["Environment"]["Variables"]
        for each in full.resources("AWS::Lambda::Function")
    }
    for folder, environment in (
        ("store_events", StoreEventsEnvironment),
        ("close_windows", CloseWindowsEnvironment),
    ):
        assert environment.from_env(full.resolve(handlers[folder]))


def test_alarms_watch_lateness_bad_records_errors_and_days_left_open(full):
    alarms = {
        name: each["Properties"] for name, each in full.named("AWS::CloudWatch::Alarm").items()
    }
    ours = {name: each for name, each in alarms.items() if "StreamWatch" in name}
    assert len(ours) == 5
    [late] = [each for name, each in ours.items() if "StreamLate" in name]
    assert (late["MetricName"], late["Threshold"]) == ("IteratorAge", 3_600_000)
    [throttled] = [each for name, each in ours.items() if "StreamThrottled" in name]
    assert (throttled["MetricName"], throttled["Threshold"]) == (
        "WriteProvisionedThroughputExceeded",
        1,
    )
    assert throttled["Dimensions"] == [{"Name": "StreamName", "Value": "tessera-full-events"}]
    assert "Raise stream.shards" in throttled["AlarmDescription"]
    [bad] = [each for name, each in ours.items() if "StreamBad" in name]
    counted = {one["Id"]: one for one in bad["Metrics"]}
    for one in ("records", "bad"):
        [dimension] = counted[one]["MetricStat"]["Metric"]["Dimensions"]
        assert dimension == {"Name": "Stage", "Value": "full"}


def test_the_cost_page_counts_what_the_stream_adds_at_rest(full, root):
    page = (root / "docs" / "cost.md").read_text(encoding="utf-8").partition("event stream](")[2]
    [alarms] = re.findall(r"the stream's (\d+) alarms", page)
    assert "an alarm of the [events of pages]" in page
    kinds = [each["Type"] for each in full.templates["streams"]["Resources"].values()]
    assert int(alarms) + 1 == kinds.count("AWS::CloudWatch::Alarm")
    assert not {"AWS::KMS::Key", "AWS::SecretsManager::Secret"} & {*kinds}


@pytest.mark.parametrize(
    ("stream", "message"),
    [
        ({"shards": -1}, "stream.shards.*0 .no stream. to 500"),
        ({"shards": 1, "retention_hours": 12}, "stream.retention_hours.*24 to 8760"),
        ({"shards": 1, "origins": ["shop.example.com"]}, "stream.origins.*https://"),
        ({"origins": ["https://shop.example.com"]}, "stream.origins.*stream.shards"),
        ({"shards": 1, "retention_hours": 8760}, "at most 672 hours: a late part"),
        ({"shard": 1}, "unknown setting 'stream.shard'"),
    ],
)
def test_a_wrong_setting_is_named(stream, message):
    with pytest.raises(InvalidInput, match=message):
        settings(stream)


def test_uploads_that_are_kept_for_ever_allow_any_retention():
    made = settings({"shards": 1, "retention_hours": 8760}, storage={"upload_days": 0})
    assert made.stream.retention_hours == 8760
