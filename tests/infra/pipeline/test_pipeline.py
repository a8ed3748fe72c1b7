"""What surrounds the state machine: functions, the Glue job, triggers, alarms, logs."""

from __future__ import annotations

import dataclasses
import itertools
import json

import pytest
from moto.events.models import EventPattern

from steps.check_upload.uploads import is_incomplete
from tessera.environments.activate import ActivateEnvironment, PlanLoadsEnvironment
from tessera.environments.approval import AwaitApprovalEnvironment, DecideRunEnvironment
from tessera.environments.check_upload import CheckUploadEnvironment
from tessera.environments.erasing import (
    BeginErasureEnvironment,
    EraseAtDestinationEnvironment,
    FinishErasureEnvironment,
    RetryErasuresEnvironment,
)
from tessera.environments.expire_logs import ExpireLogsEnvironment
from tessera.environments.fail_run import FailRunEnvironment
from tessera.environments.finish_run import FinishRunEnvironment
from tessera.environments.map_schema import MapSchemaEnvironment
from tessera.environments.prepare import PrepareEnvironment, PrepareOnSparkEnvironment
from tessera.environments.start_daily_runs import StartDailyRunsEnvironment
from tessera.environments.watch_runs import WatchRunsEnvironment
from tessera.settings import RunSettings
from tests.infra.pipeline import asl
from tests.infra.template import listed

ENVIRONMENTS = {
    "check_upload": CheckUploadEnvironment,
    "await_approval": AwaitApprovalEnvironment,
    "decide_run": DecideRunEnvironment,
    "plan_loads": PlanLoadsEnvironment,
    "start_load": ActivateEnvironment,
    "poll_load": ActivateEnvironment,
    "ensure_segments": ActivateEnvironment,
    "erase_at_destination": EraseAtDestinationEnvironment,
    "finish_run": FinishRunEnvironment,
    "fail_run": FailRunEnvironment,
    "begin_erasure": BeginErasureEnvironment,
    "finish_erasure": FinishErasureEnvironment,
    "retry_erasures": RetryErasuresEnvironment,
    "watch_runs": WatchRunsEnvironment,
    "expire_logs": ExpireLogsEnvironment,
}


def definition(app):
    machines = app.resources("AWS::StepFunctions::StateMachine")
    definitions = [json.loads(app.resolve(made["DefinitionString"])) for made in machines]
    return next(each for each in definitions if "Prepare" in each["States"])


def functions(app):
    return {f["Handler"].split(".")[1]: f for f in app.resources("AWS::Lambda::Function")}


def test_functions_get_exactly_what_they_read(app):
    made = functions(app)
    assert made.keys() == ENVIRONMENTS.keys()
    for folder, kind in ENVIRONMENTS.items():
        environment = app.resolve(made[folder]["Environment"]["Variables"])
        assert set(environment) == {field.name.upper() for field in dataclasses.fields(kind)}
        assert all(isinstance(value, str) for value in environment.values())
        assert kind.from_env(environment).to_env() == environment


def test_functions_share_one_asset_and_are_traced_and_logged(app):
    made = functions(app).values()
    assert len({json.dumps(f["Code"]) for f in made}) == 1
    for function in made:
        assert function["Runtime"] == "python3.13"
        assert function["Architectures"] == ["arm64"]
        assert function["TracingConfig"] == {"Mode": "Active"}
        assert function["LoggingConfig"]["LogGroup"]


def test_check_upload_knows_the_stages_defaults(other):
    environment = other.resolve(functions(other)["check_upload"]["Environment"]["Variables"])
    run = RunSettings.parse(other.document(environment["RUN_DEFAULTS"]))
    assert run.window_months == 24
    assert run.destinations == ("export", "klaviyo", "postgresql", "redshift")
    assert environment["AVAILABLE_DESTINATIONS"] == ",".join(run.destinations)
    assert int(environment["MAX_UPLOAD_BYTES"]) == 50 * 2**30


def test_prepare_gets_exactly_what_it_reads(machine):
    environment = machine["States"]["Prepare"]["Arguments"]["Environment"]
    assert PrepareEnvironment.from_env(environment).to_env() == environment


@pytest.mark.parametrize(
    ("name", "environment"),
    [
        ("tessera-dev-map-schema", MapSchemaEnvironment("d", "i", "f", "off")),
        ("tessera-dev-prepare-on-spark", PrepareOnSparkEnvironment("d", "i", "s")),
    ],
)
def test_a_glue_job_is_current_encrypted_and_gets_what_it_reads(app, name, environment):
    [job] = [job for job in app.resources("AWS::Glue::Job") if job["Name"] == name]
    arguments = app.resolve(job["DefaultArguments"])
    assert job["GlueVersion"] == "6.0"
    assert job["Command"]["Name"] == "glueetl"
    assert job["SecurityConfiguration"]
    assert arguments.keys() >= environment.to_arguments().keys()
    securities = app.resources("AWS::Glue::SecurityConfiguration")
    [security] = [each for each in securities if each["Name"] == name]
    encryption = security["EncryptionConfiguration"]
    assert encryption["S3Encryptions"][0]["S3EncryptionMode"] == "SSE-KMS"
    assert encryption["CloudWatchEncryption"]["CloudWatchEncryptionMode"] == "SSE-KMS"
    assert encryption["JobBookmarksEncryption"]["JobBookmarksEncryptionMode"] == "CSE-KMS"


def test_the_glue_jobs_are_those_that_are_started(app, machine):
    started = {
        machine["States"][s]["Arguments"]["JobName"] for s in ("MapSchema", "PrepareOnSpark")
    }
    assert started == {job["Name"] for job in app.resources("AWS::Glue::Job")}


@pytest.mark.parametrize("name", ["map-schema", "prepare-on-spark"])
def test_a_glue_jobs_log_groups_are_ours_before_glue_makes_them(stage, name):
    """Glue names the groups of an encrypted job after its security configuration and role."""
    [job] = [j for j in stage.resources("AWS::Glue::Job") if j["Name"].endswith(name)]
    role = stage.resolve(job["Role"]).rsplit("/", 1)[-1]
    [security] = [
        each["Properties"]["Name"]
        for logical_id, each in stage.named("AWS::Glue::SecurityConfiguration").items()
        if {"Ref": logical_id} == job["SecurityConfiguration"]
    ]
    start = f"/aws-glue/jobs/{security}-role/{role}/"
    groups = {stage.resolve(g.get("LogGroupName")) for g in stage.resources("AWS::Logs::LogGroup")}
    assert {start + "error", start + "output"} <= groups


# ---- triggers -----------------------------------------------------------------------------------


def rules(app, key):
    return [rule for rule in app.resources("AWS::Events::Rule") if key in rule]


@pytest.mark.parametrize(
    ("key", "starts"),
    [
        ("uploads/x.csv", True),
        ("uploads/x.csv.gz", True),
        ("uploads/acme/x.parquet", True),
        ("uploads/ORDERS.CSV", True),
        ("uploads/x.xlsx", True),
        ("uploads/x.txt", True),  # refused by name, not ignored
        ("orders.csv", True),  # and one in a wrong place
        ("uploads/acme/2026-11/_SUCCESS", True),
        ("uploads/acme/2026-11/part-1.csv", False),
        ("uploads/default/stream-2026-11-29/shard-1-100.csv.gz", False),
        ("uploads/default/stream-2026-11-29/_SUCCESS", True),
        ("uploads/acme/database-orders/part-00000.parquet", False),
        ("uploads/acme/2026/11/part-1.csv", False),
        ("uploads/acme/2026/11/_SUCCESS", True),
        ("uploads/attributes/people.csv", True),
        ("uploads/acme/attributes/people.csv.gz", True),
        ("uploads/acme/attributes/2026/people.csv", True),  # refused aloud
        ("tenants/default/runs/1/x.csv", False),
        ("tenants/default/runs/1/previous/_SUCCESS", False),
        ("athena-results/query.csv", False),
        ("latest_runs/acme.csv", False),
        ("removals/acme-20261129T000000Z.json", False),
        ("streams/open/acme/stream-2026-11-29/part", False),
    ],
)
def test_an_upload_starts_a_run_and_one_part_of_a_folder_none(app, key, starts):
    [rule] = rules(app, "EventPattern")
    keys = rule["EventPattern"]["detail"]["object"]["key"]
    pattern = EventPattern.load(json.dumps({"key": keys}))
    assert pattern.matches_event({"key": key}) is starts


def test_every_part_that_starts_nothing_waits_for_its_folder(app):
    """What the rule drops, CheckUpload would answer with WAITING: no upload is lost."""
    [rule] = rules(app, "EventPattern")
    keys = rule["EventPattern"]["detail"]["object"]["key"]
    pattern = EventPattern.load(json.dumps({"key": keys}))
    names = ("", "a", "attributes", "_SUCCESS", "x.csv")
    for parts in itertools.product(names, repeat=4):
        key = "uploads/" + "/".join(part for part in parts if part)
        if not pattern.matches_event({"key": key}):
            assert is_incomplete(key), key


def test_the_rule_watches_the_data_bucket_and_pins_the_version(app):
    [rule] = rules(app, "EventPattern")
    pattern = app.resolve(rule["EventPattern"])
    assert pattern["source"] == ["aws.s3"]
    assert pattern["detail"]["bucket"]["name"] == [app.outputs()["DataBucket"]]
    [target] = rule["Targets"]
    paths = target["InputTransformer"]["InputPathsMap"]
    assert set(paths.values()) == {"$.detail.object.key", "$.detail.object.version-id"}
    template = target["InputTransformer"]["InputTemplate"]
    for name in paths:
        template = template.replace(f"<{name}>", '"x"')
    assert json.loads(template).keys() == {"trigger", "key", "version_id"}


def test_what_could_not_be_delivered_is_kept(app):
    [rule] = rules(app, "EventPattern")
    [target] = rule["Targets"]
    assert target["RetryPolicy"] == {"MaximumEventAgeInSeconds": 7200, "MaximumRetryAttempts": 8}
    assert "Missed" in app.resolve(target["DeadLetterConfig"]["Arn"])
    queues = app.resources("AWS::SQS::Queue")
    assert all(queue["KmsMasterKeyId"] for queue in queues)
    denied = [
        statement["Condition"]
        for policy in app.resources("AWS::SQS::QueuePolicy")
        for statement in policy["PolicyDocument"]["Statement"]
        if statement["Effect"] == "Deny"
    ]
    assert denied == [{"Bool": {"aws:SecureTransport": "false"}}] * len(queues)


def test_the_daily_run_is_off_unless_the_stage_wants_it(app, other):
    assert "start_daily_runs" not in functions(app)
    assert not [r for r in rules(app, "ScheduleExpression") if "cron" in r["ScheduleExpression"]]
    [daily] = [
        rule
        for rule in rules(other, "ScheduleExpression")
        if rule["ScheduleExpression"] == "cron(0 4 * * ? *)"
    ]
    [target] = daily["Targets"]
    assert "StartDailyRuns" in other.resolve(target["Arn"])
    template = target["InputTransformer"]["InputTemplate"]
    assert json.loads(template.replace("<time>", '"t"')) == {"time": "t"}


def test_a_daily_run_that_could_not_be_started_is_kept(other):
    daily = functions(other)["start_daily_runs"]
    assert "Missed" in other.resolve(daily["DeadLetterConfig"]["TargetArn"])
    environment = other.resolve(daily["Environment"]["Variables"])
    StartDailyRunsEnvironment.from_env(environment)


# ---- watching -----------------------------------------------------------------------------------


def test_alarms_notify_the_encrypted_topic(app):
    alarms = app.resources("AWS::CloudWatch::Alarm")
    metrics = {alarm.get("MetricName") for alarm in alarms}
    assert metrics == {
        "ExecutionsFailed",
        "ExecutionsTimedOut",
        "ExecutionsAborted",
        "ExecutionThrottled",
        "LongestRunHours",
        "HoursSinceRun",
        "ApproximateNumberOfMessagesVisible",
        "FailedDestinations",
        "OpenErasureDays",
        None,  # sums: the functions' errors, and erasures that failed
    }
    topic = app.outputs()["TopicArn"]
    assert all(app.resolve(alarm["AlarmActions"]) == [topic] for alarm in alarms)
    [made] = app.resources("AWS::SNS::Topic")
    assert made["KmsMasterKeyId"]


def test_an_alarm_watches_sources_where_data_arrives_by_itself(app, full):
    def watched(stage) -> set[str]:
        return {each.get("MetricName") for each in stage.resources("AWS::CloudWatch::Alarm")}

    assert "UnhealthySources" not in watched(app)
    assert "UnhealthySources" in watched(full)


def test_every_alarm_says_what_to_do_and_where_to_read_more(stage, root):
    runbook = (root / "docs" / "operations.md").read_text()
    headings = {line[4:].strip().lower() for line in runbook.splitlines() if line[:4] == "### "}
    for alarm in stage.resources("AWS::CloudWatch::Alarm"):
        text = alarm["AlarmDescription"]
        sentences, _, anchor = text.partition(" Runbook: docs/operations.md#")
        assert len(sentences.split(". ")) == 2, text
        assert anchor in headings, text


def test_every_alarm_also_says_when_it_is_over(stage):
    for alarm in stage.resources("AWS::CloudWatch::Alarm"):
        assert alarm["OKActions"] == alarm["AlarmActions"]
        assert len(alarm["OKActions"]) == 1


def test_rejected_profiles_and_failing_functions_raise_an_alarm(app, other):
    alarms = {
        name: each["Properties"] for name, each in app.named("AWS::CloudWatch::Alarm").items()
    }
    [rejected] = [each for name, each in alarms.items() if "ProfilesRejected" in name]
    [dimension] = rejected["Dimensions"]
    assert "Rejected" in app.resolve(dimension["Value"])
    alone = {
        "DecideRun", "EraseAtDestination", "ExpireLogs", "FailRun", "PlanLoads", "RetryErasures",
        "WatchRuns",
    }  # fmt: skip
    for made, expected in ((app, alone), (other, alone | {"StartDailyRuns"})):
        watched = [
            made.resolve(metric["MetricStat"]["Metric"]["Dimensions"][0]["Value"])
            for alarm in made.resources("AWS::CloudWatch::Alarm")
            for metric in alarm.get("Metrics", ())
            if "MetricStat" in metric
            and metric["MetricStat"]["Metric"]["Namespace"] == "AWS/Lambda"
        ]
        assert len(watched) == len(expected)
        assert {name for name in expected if any(name in each for each in watched)} == expected


def test_too_long_is_a_setting(app, other):
    def threshold(of):
        alarms = of.resources("AWS::CloudWatch::Alarm")
        return next(a["Threshold"] for a in alarms if a.get("MetricName") == "LongestRunHours")

    assert threshold(app) == 3
    assert threshold(other) == 5


def test_a_run_is_too_long_while_it_is_under_way(app):
    """Step Functions' own duration is known when a run has ended: an alarm on it comes too late."""
    metrics = {a.get("MetricName") for a in app.resources("AWS::CloudWatch::Alarm")}
    assert "ExecutionTime" not in metrics
    [rule] = [r for r in rules(app, "ScheduleExpression") if "watch_runs" in r["Description"]]
    assert rule["ScheduleExpression"] == "rate(15 minutes)"


def test_how_long_no_run_may_succeed_is_a_setting_and_can_be_any_time(app, full):
    def alarms(of):
        return [
            alarm["Threshold"]
            for alarm in of.resources("AWS::CloudWatch::Alarm")
            if alarm.get("MetricName") == "HoursSinceRun"
        ]

    assert alarms(app) == [7 * 24]
    assert alarms(full) == []


def test_logs_of_sagemaker_jobs_end_with_the_stages_others(stage):
    """Their groups are the account's, so our streams are deleted: no retention is set."""
    settings = stage.resolve(functions(stage)["expire_logs"]["Environment"]["Variables"])
    names = {
        job["ProcessingJobName"] if "ProcessingJobName" in job else job["TrainingJobName"]
        for state in asl.states(definition(stage)).values()
        for job in [state.get("Arguments", {})]
        if "RoleArn" in job
    }
    assert len(names) == 5
    assert all(settings["STREAM_PREFIX"] in name for name in names)
    groups = {group["RetentionInDays"] for group in stage.resources("AWS::Logs::LogGroup")}
    assert {int(settings["KEEP_DAYS"])} == groups
    deletes = [
        statement["Resource"]
        for statement in stage.statements("ExpireLogsRole")
        if "logs:DeleteLogStream" in listed(statement["Action"])
    ]
    [streams] = deletes
    assert {each.split(":log-stream:")[1] for each in streams} == {settings["STREAM_PREFIX"] + "*"}


def test_a_person_gets_mail_if_the_stage_names_an_address(app, other):
    assert not app.resources("AWS::SNS::Subscription")
    [subscription] = other.resources("AWS::SNS::Subscription")
    assert subscription["Endpoint"] == "ops@example.com"


def test_there_is_a_dashboard(app):
    [dashboard] = app.resources("AWS::CloudWatch::Dashboard")
    assert dashboard["DashboardName"] == "tessera-dev"


def test_the_machines_are_traced_and_log_no_data(app):
    machines = app.resources("AWS::StepFunctions::StateMachine")
    assert len(machines) == 2
    for machine in machines:
        assert machine["TracingConfiguration"] == {"Enabled": True}
        logged = machine["LoggingConfiguration"]
        assert logged["Level"] == "ALL"
        assert logged["IncludeExecutionData"] is False


@pytest.mark.parametrize(("stage", "days"), [("app", 7), ("other", 30)])
def test_log_groups_are_encrypted_and_end(stage, days, request):
    groups = request.getfixturevalue(stage).resources("AWS::Logs::LogGroup")
    of_machines, of_glue = 2, 4  # an error and an output group for each of two Glue jobs
    made = functions(request.getfixturevalue(stage))
    assert len(groups) == len(made) + of_machines + of_glue
    assert {group["RetentionInDays"] for group in groups} == {days}
    assert all(group["KmsKeyId"] for group in groups)
