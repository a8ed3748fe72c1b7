"""Who may do what. A role's name contains the name of its step."""

from __future__ import annotations

import fnmatch

import pytest

from tests.infra.rights import ACTIVATE, PREPARE, STEPS, may, who
from tests.infra.template import listed

READS = {"s3:GetObject", "s3:GetObjectVersion"}


@pytest.fixture
def data(app):
    return f"arn:aws:s3:::{app.outputs()['DataBucket']}/"


@pytest.fixture
def identities(app):
    return f"arn:aws:s3:::{app.outputs()['IdentitiesBucket']}/"


@pytest.fixture
def secret(app):
    [prepare] = [s for s in app.statements("PrepareRole") if "secretsmanager" in str(s["Action"])]
    return prepare["Resource"]


@pytest.mark.parametrize("stage", ["app", "other"])
def test_no_action_is_a_pattern(stage, request):
    for owner, statement in request.getfixturevalue(stage).all_statements():
        assert not [action for action in listed(statement["Action"]) if "*" in action], owner


def test_only_what_takes_no_resource_is_allowed_on_everything(app):
    free = {
        "xray:PutTraceSegments",
        "xray:PutTelemetryRecords",
        "xray:GetSamplingRules",
        "xray:GetSamplingTargets",
        "ecr:GetAuthorizationToken",
        "cloudwatch:PutMetricData",
        "glue:GetSecurityConfiguration",
    }
    for owner, statement in app.all_statements():
        if "*" in listed(statement["Resource"]):
            actions = set(listed(statement["Action"]))
            assert {each for each in actions - free if not each.startswith("logs:")} == set(), owner


def test_only_prepare_reads_the_secret(app, secret):
    assert who(app, "secretsmanager:GetSecretValue", secret) == PREPARE


def test_who_ends_a_run_keeps_or_removes_its_upload_and_reads_no_person(app, data, identities):
    upload = f"{data}tenants/default/events/upload=1/"
    pending = f"{data}tenants/default/events/_pending.json"
    pointer, part = f"{upload}_upload.json", f"{upload}content=0a/part-00000.parquet"
    ends = {"FinishRun", "FailRun"}
    assert who(app, "s3:GetObject", pending) == {*PREPARE, *ends, "MapSchema"}
    assert who(app, "s3:GetObject", pointer) == {*PREPARE, *ends}
    assert who(app, "s3:GetObject", part) == PREPARE
    assert who(app, "s3:PutObject", pointer) == {*PREPARE, "FinishRun"}
    for written in (pending, part, f"{upload}voided=0a/part-00000.parquet"):
        assert who(app, "s3:PutObject", written) == PREPARE
        assert who(app, "s3:DeleteObject", written) == {*PREPARE, *ends}
    assert who(app, "s3:DeleteObject", pointer) == PREPARE
    for folder in ("identities", "order_ids"):
        key = f"{identities}tenants/default/{folder}/upload=1/content=0a/part-00000.parquet"
        assert who(app, "s3:DeleteObject", key) == {*PREPARE, *ends}
        assert not who(app, "s3:GetObject", key) & ends
    kept = f"{identities}tenants/default/destinations/export/ledger/base.csv.gz"
    assert not who(app, "s3:DeleteObject", kept) & ends


def test_who_ends_a_run_may_list_what_it_removes(app):
    folders = {
        "tenants/default/events/",  # the uploads that count are the catalog's partitions
        "tenants/default/events/_pending.json",
        "tenants/default/events/upload=1/",
        "tenants/default/identities/upload=1/",
        "tenants/default/order_ids/upload=1/",
    }
    for step in ("FinishRun", "FailRun"):
        listed_below = [
            pattern
            for statement in app.statements(f"{step}Role")
            if "s3:ListBucket" in listed(statement["Action"])
            for pattern in listed(statement["Condition"]["StringLike"]["s3:prefix"])
        ]
        assert not {
            folder
            for folder in folders
            if not any(fnmatch.fnmatchcase(folder, each) for each in listed_below)
        }, step


def test_only_prepare_and_map_schema_read_identities(app, identities):
    key = f"{identities}tenants/default/identities/upload=1/part-0.parquet"
    assert who(app, "s3:GetObject", key) == {*PREPARE, "MapSchema"}
    assert who(app, "s3:PutObject", key) == PREPARE


def test_map_schema_reads_handed_over_audiences_only_in_a_stage_with_campaigns(app, campaigns):
    for stage, expected in ((app, set()), (campaigns, {"MapSchema"})):
        data, identities = (
            f"arn:aws:s3:::{stage.outputs()[name]}/" for name in ("DataBucket", "IdentitiesBucket")
        )
        for key in (
            f"{data}tenants/default/handovers/x-r001.json",
            f"{identities}tenants/default/campaigns/x-r001/taken.parquet",
        ):
            assert who(stage, "s3:GetObject", key) & {"MapSchema"} == expected
            assert not who(stage, "s3:PutObject", key) & {"MapSchema"}
        chunk = f"{identities}tenants/default/campaigns/x-r001/chunks/000001.json"
        assert "MapSchema" not in who(stage, "s3:GetObject", chunk)
    for stage, switch in ((app, "off"), (campaigns, "on")):
        jobs = stage.resources("AWS::Glue::Job")
        [job] = [one for one in jobs if one["Name"].endswith("-map-schema")]
        assert stage.resolve(job["DefaultArguments"])["--handovers"] == switch


def test_only_prepare_reads_what_orders_are_called(app, identities):
    key = f"{identities}tenants/default/order_ids/upload=1/part-0.parquet"
    assert who(app, "s3:GetObject", key) == PREPARE
    assert who(app, "s3:PutObject", key) == PREPARE


def test_the_files_for_destinations_reach_activate_and_no_further(app, identities):
    part = f"{identities}tenants/default/runs/1/destinations/export/part-0.csv.gz"
    assert who(app, "s3:GetObject", part) == {*PREPARE, "MapSchema", *ACTIVATE}
    report = f"{identities}tenants/default/runs/1/destinations/export/report.json"
    assert may(app, "FinishRun", "s3:GetObject", report)
    assert not may(app, "FinishRun", "s3:GetObject", part)


def test_the_trend_is_read_from_the_previous_runs_summary(app, data):
    summary = f"{data}tenants/default/runs/1/summary.json"
    assert may(app, "FinishRun", "s3:GetObject", summary)


def test_who_asks_for_a_plan_reads_what_it_is_made_of_and_changes_nothing(app, data, identities):
    run = "tenants/default/runs/1/"
    assert may(app, "PlanLoads", "s3:GetObject", f"{data}{run}ticket.json")
    assert may(app, "PlanLoads", "s3:GetObject", f"{data}tenants/default/latest.json")
    assert may(app, "PlanLoads", "s3:GetObject", f"{identities}{run}destinations/klaviyo/load.json")
    part = f"{identities}{run}destinations/klaviyo/part-00000.jsonl"
    ledger = f"{identities}tenants/default/destinations/klaviyo/ledger/base-0"
    assert not [key for key in (part, ledger) if may(app, "PlanLoads", "s3:GetObject", key)]
    actions = {a for s in app.statements("PlanLoadsRole") for a in listed(s["Action"])}
    tools = {action for action in actions if action.split(":")[0] not in ("logs", "xray")}
    assert tools == {"s3:GetObject", "s3:ListBucket", "kms:Decrypt", "kms:GenerateDataKey"}
    assert "PlanLoads" in app.outputs()["PlanLoadsFunction"]


def test_a_ledger_is_added_to_by_loads_and_folded_by_map_schema(app, identities):
    ledger = f"{identities}tenants/default/destinations/klaviyo/ledger/"
    writers = {
        name: who(app, "s3:PutObject", ledger + name)
        for name in ("base.csv.gz", "journal/2026-r1-0.csv.gz", "target.json", "segments.json")
    }
    assert writers == {
        "base.csv.gz": {"MapSchema"},
        "journal/2026-r1-0.csv.gz": {"MapSchema", "PollLoad", "StartLoad"},
        "target.json": {"MapSchema", "StartLoad"},
        "segments.json": {"MapSchema", "EnsureSegments"},
    }
    assert who(app, "s3:DeleteObject", f"{ledger}base.csv.gz") == {"MapSchema"}


def test_rejected_rows_are_read_by_nobody_else(app, identities):
    rejects = f"{identities}tenants/default/runs/1/rejects.csv.gz"
    assert who(app, "s3:GetObject", rejects) == PREPARE


def test_uploads_are_read_by_the_two_that_check_and_prepare(app, data):
    for action in READS:
        assert who(app, action, f"{data}uploads/x.csv") == {"CheckUpload", *PREPARE}
    assert who(app, "s3:PutObject", f"{data}uploads/x.csv") == set()
    assert who(app, "s3:DeleteObject", f"{data}uploads/x.csv") == set()


def test_profiles_are_written_by_score_alone(app, data):
    key = f"{data}tenants/default/profiles/as_of=2011-12-10/run=1/part-0.parquet"
    assert who(app, "s3:PutObject", key) == {"Score"}
    assert who(app, "s3:GetObject", key) == {*PREPARE, "MapSchema"}
    assert who(app, "s3:DeleteObject", key) == set()


def test_training_sees_features_and_nothing_else(app, data, identities):
    run = f"{data}tenants/default/runs/1/"
    assert may(app, "Train", "s3:GetObject", f"{run}features/part-0.parquet")
    assert may(app, "Train", "s3:PutObject", f"{run}model/job/output/model.tar.gz")
    assert not may(app, "Train", "s3:GetObject", f"{run}customers/part-0.parquet")
    assert not may(app, "Train", "s3:GetObject", f"{identities}tenants/default/identities/x")


def test_training_forecasts_sees_what_buyers_did_and_nothing_else(app, data, identities):
    run = f"{data}tenants/default/runs/1/"
    for name in ("behaviour_days/part-0.parquet", "prepare.json", "previous/previous.json",
                 "ticket.json"):  # fmt: skip
        assert may(app, "TrainForecasts", "s3:GetObject", f"{run}{name}"), name
    for name in ("attributes/part-0.parquet", "customers/part-0.parquet",
                 "previous/part-0.parquet", "score/score.json"):  # fmt: skip
        assert not may(app, "TrainForecasts", "s3:GetObject", f"{run}{name}"), name
    archive = f"{run}forecasts/job/output/model.tar.gz"
    assert who(app, "s3:PutObject", archive) == {*PREPARE, "TrainForecasts"}
    assert may(app, "Score", "s3:GetObject", archive)
    assert not may(app, "Score", "s3:GetObject", f"{run}behaviour_days/part-0.parquet")
    assert not may(
        app, "TrainForecasts", "s3:GetObject", f"{identities}tenants/default/identities/x"
    )


def test_attributes_are_stored_by_prepare_and_learnt_from_by_train_churn(app, data, identities):
    stored = f"{data}tenants/default/attributes/upload=1/_upload.json"
    assert who(app, "s3:PutObject", stored) == who(app, "s3:GetObject", stored) == PREPARE
    run = f"{data}tenants/default/runs/1/"
    part = f"{run}attributes/part-0.parquet"
    assert {"TrainChurn", "Score"} < who(app, "s3:GetObject", part)
    assert not may(app, "Train", "s3:GetObject", part)
    assert may(app, "TrainChurn", "s3:PutObject", f"{run}churn/job/output/model.tar.gz")
    assert not may(app, "TrainChurn", "s3:GetObject", f"{run}customers/part-0.parquet")
    assert not may(app, "TrainChurn", "s3:GetObject", f"{identities}tenants/default/identities/x")


def test_who_erases_at_destinations_reads_the_erased_and_nobody_else(app, data, identities):
    step = "EraseAtDestination"
    assert may(app, step, "s3:GetObject", f"{identities}tenants/default/erasures/c/people.json")
    assert may(app, step, "s3:PutObject", f"{data}tenants/default/erasures/c/answers/webhook.json")
    domain = "arn:aws:profile:us-east-1:111122223333:domains/amazon-connect-tessera-dev"
    assert may(app, step, "profile:DeleteProfile", domain)
    others = ("identities/x", "runs/1/destinations/webhook/x", "destinations/webhook/ledger/x")
    for key in others:
        assert not may(app, step, "s3:GetObject", f"{identities}tenants/default/{key}")


def test_who_writes_a_runs_files_may_tag_them(app, data, identities):
    """Without the tag, no rule would remove what was written. A put with a tag needs the right.

    SageMaker writes for training and Score, and gives no tags: FinishRun and FailRun do.
    """
    by_service = {"Train", "TrainForecasts", "TrainChurn", "Score"}
    for bucket, names in (
        (data, ("ticket.json", "manifest.json", "error.json", "customers/part-0.parquet")),
        (identities, ("rejects.csv.gz", "destinations/export/part-0", "destinations/export/x/y")),
    ):
        for name in names:
            key = f"{bucket}tenants/default/runs/1/{name}"
            writers = who(app, "s3:PutObject", key) - by_service
            assert writers <= who(app, "s3:PutObjectTagging", key), name
    for folder in ("model/job/output/model.tar.gz", "forecasts/x", "churn/x", "score/score.json"):
        key = f"{data}tenants/default/runs/1/{folder}"
        assert who(app, "s3:PutObjectTagging", key) == {*PREPARE, "FinishRun", "FailRun"}
    assert not who(app, "s3:PutObjectTagging", f"{data}uploads/x.csv")
    assert not who(app, "s3:PutObjectTagging", f"{data}tenants/default/events/x")


def test_error_and_summary_have_one_writer_each(app, data):
    run = f"{data}tenants/default/runs/1/"
    assert who(app, "s3:PutObject", f"{run}error.json") == {*PREPARE, "FailRun"}
    for name in ("manifest.json", "insights.json"):
        assert who(app, "s3:PutObject", f"{run}{name}") == {*PREPARE, "FinishRun"}


def test_who_reads_may_list_and_only_below_its_prefixes(app):
    for owner, statement in app.all_statements():
        if "s3:ListBucket" in listed(statement["Action"]):
            assert statement["Condition"]["StringLike"]["s3:prefix"], owner


def test_keys_are_used_by_name_and_identities_key_only_where_needed(app):
    keys = {
        policy["AliasName"]: app.resolve(policy["TargetKeyId"])
        for policy in app.resources("AWS::KMS::Alias")
    }
    identities_key = keys["alias/tessera-dev-identities"]
    users = who(app, "kms:Decrypt", identities_key)
    assert users == {*PREPARE, "MapSchema", "PlanLoads", "FinishRun", *ACTIVATE}


@pytest.mark.parametrize("stage", ["app", "other"])
def test_a_role_is_passed_only_to_sagemaker(stage, request):
    passed = [
        statement
        for _, statement in request.getfixturevalue(stage).all_statements()
        if "iam:PassRole" in listed(statement["Action"])
    ]
    assert passed
    for statement in passed:
        assert statement["Condition"] == {
            "StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}
        }
        assert all(":role/" in each and "*" not in each for each in listed(statement["Resource"]))


def test_events_are_put_only_under_our_name(app):
    for step in ("AwaitApproval", "FinishRun", "FailRun"):
        [put] = [s for s in app.statements(f"{step}Role") if "events:PutEvents" in str(s["Action"])]
        assert put["Condition"] == {"StringEquals": {"events:source": "tessera"}}


def test_customer_profiles_calls_are_split_by_step(app, other):
    domain = "arn:aws:profile:us-east-1:111122223333:domains/amazon-connect-tessera-dev"
    assert who(app, "profile:BatchPutProfileObject", domain) == {"PollLoad"}
    assert who(app, "profile:CreateSegmentDefinition", f"{domain}/x") == {"EnsureSegments"}
    assert who(app, "profile:CreateDomain", f"{domain}-acme") == {"StartLoad"}
    assert not [s for _, s in other.all_statements() if "profile:" in str(s["Action"])]


def test_activate_reads_the_secrets_of_the_stages_destinations_and_no_others(app, other):
    asked = "secretsmanager:GetSecretValue"
    start = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:tessera/prod/destinations/"
    for step in ACTIVATE:
        [statement] = [s for s in other.statements(f"{step}Role") if asked in listed(s["Action"])]
        assert set(listed(statement["Resource"])) == {
            f"{start}{destination}{ending}"
            for destination in ("klaviyo", "postgresql", "redshift")
            for ending in ("-??????", "/*")
        }
    for step in STEPS - ACTIVATE:
        assert not may(other, step, asked, f"{start}klaviyo-AbCdEf"), step
    for step in ACTIVATE:
        assert not [s for s in app.statements(f"{step}Role") if asked in listed(s["Action"])]


def test_a_batch_on_its_way_to_redshift_is_removed_by_who_sends_it_and_nobody_else(app, other):
    bucket = f"arn:aws:s3:::{other.outputs()['IdentitiesBucket']}/"
    folder = f"{bucket}tenants/acme/runs/1/destinations/redshift/"
    removes = {step for step in STEPS if may(other, step, "s3:DeleteObject", f"{folder}staging/x")}
    assert "PollLoad" in removes
    assert not removes & (ACTIVATE - {"PollLoad"})
    assert not may(other, "PollLoad", "s3:DeleteObject", f"{folder}report.json")
    assert not may(app, "PollLoad", "s3:DeleteObject", f"{folder}staging/x")


def test_who_calls_warehouses_has_the_pandas_layer_and_nobody_else(app, other):
    layer = "arn:aws:lambda:eu-west-1:336392948345:layer:AWSSDKPandas-Python313-Arm64:14"
    layers = {
        each["Handler"].split(".")[1]: each["Layers"]
        for each in other.resources("AWS::Lambda::Function")
        if "Layers" in each
    }
    expected = {"start_load", "poll_load", "ensure_segments", "erase_at_destination"}
    assert set(layers) == expected
    assert all(each == [layer] for each in layers.values())
    assert not [each for each in app.resources("AWS::Lambda::Function") if "Layers" in each]


def test_a_boundary_holds_every_role_and_there_is_none_by_default(app, full):
    for role in full.resources("AWS::IAM::Role"):
        assert role["PermissionsBoundary"] == "arn:aws:iam::111122223333:policy/Bound"
    assert not [r for r in app.resources("AWS::IAM::Role") if "PermissionsBoundary" in r]


def test_sagemaker_may_encrypt_its_outputs_and_count_what_its_jobs_use(stage):
    for step, kind in (("Prepare", "Processing"), ("Train", "Training"), ("Score", "Processing")):
        statements = stage.statements(f"Jobs{step}Role")
        [encrypt] = [s for s in statements if "kms:Encrypt" in listed(s["Action"])]
        assert ":key/" in str(encrypt["Resource"])
        [metrics] = [s for s in statements if "cloudwatch:PutMetricData" in listed(s["Action"])]
        namespace = {"cloudwatch:namespace": f"/aws/sagemaker/{kind}Jobs"}
        assert metrics["Condition"] == {"StringEquals": namespace}
