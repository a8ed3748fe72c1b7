"""The state machine: its shape, its expressions, and the requests that it sends."""

from __future__ import annotations

import json
import re

import botocore.session
import pytest
from botocore.validate import ParamValidator
from cfnlint.api import ManualArgs, lint

from infra import states as kinds
from local.services.service_model import ServiceModel
from tessera.errors import Retryable
from tests.infra import asl

EVENT = "0ce2d2b9-4e58-6d3c-5b5e-2c1a54f2aa11_f0a7c9d2-7d6b-1a2b-3c4d-5e6f7a8b9c0d"
RUN = "0123456789abcdef"
LONGEST_TENANT = "a" * 48
CONTEXT = {
    "Execution": {
        "Id": f"arn:aws:states:us-east-1:111122223333:execution:m:{EVENT}",
        "Name": EVENT,
        "Input": {"trigger": "upload", "key": "uploads/x.csv", "version_id": "1"},
    },
    "State": {"RetryCount": 5},
    "Map": {"Item": {"Value": "export"}},
}
REPLIES = {
    "CheckUpload": {
        "status": "START", "tenant": LONGEST_TENANT, "run_id": RUN, "bytes": 1,
        "destinations": ["export"],
    },
    "StartLoad": {"status": "IN_PROGRESS", "wait_seconds": 5, "progress": {"part": 0}},
    "PollLoad": {"status": "DONE", "wait_seconds": 0, "progress": {"part": 1}},
    "EnsureSegments": {"destination": "export", "status": "DONE"},
    "FinishRun": {"status": "SUCCEEDED"},
    "FailRun": {"status": "FAILED"},
}  # fmt: skip
INPUTS = {
    "NameRun": {"trigger": "upload", "key": "uploads/x.csv", "version_id": "1"},
    "CheckUpload": {"trigger": "upload", "key": "uploads/x.csv", "version_id": "1"},
    "Start?": REPLIES["CheckUpload"],
    "StartLoad": {"destination": "export"},
    "Loaded?": REPLIES["StartLoad"],
    "WaitForLoad": REPLIES["StartLoad"],
    "PollLoad": REPLIES["StartLoad"],
    "EnsureSegments": REPLIES["PollLoad"],
    "FailRun": {"state": "Prepare", "error": {"Error": "States.TaskFailed", "Cause": "{}"}},
}
MODEL = "s3://data/tenants/default/runs/1/model/job/output/model.tar.gz"


def sample(name):
    """Return the variables that a state's expressions see."""
    return {
        "states": {
            "input": INPUTS.get(name, {}),
            "context": CONTEXT,
            "errorOutput": {"Error": "InvalidInput", "Cause": "…"},
            "result": {
                "Payload": REPLIES.get(name, {}),
                "ModelArtifacts": {"S3ModelArtifacts": MODEL},
            },
        },
        "tenant": LONGEST_TENANT,
        "run_id": RUN,
        "destinations": ["export"],
        "destination": "export",
        "progress": {"part": 0},
        "started_ms": 1,
        "model_uri": MODEL,
    }


def arguments(machine, name):
    return asl.evaluate(asl.states(machine)[name]["Arguments"], sample(name))


# ---- shape -----------------------------------------------------------------------------------


def test_it_reads_as_the_architecture_page_does(machine):
    path, name = [], machine["StartAt"]
    while name:
        path.append(name)
        state = machine["States"][name]
        name = state["Choices"][0]["Next"] if state["Type"] == "Choice" else state.get("Next")
    assert path == [
        "NameRun", "CheckUpload", "Start?", "Prepare", "TrainKMeans", "Score", "MapSchema",
        "Activate", "FinishRun", "Finished",
    ]  # fmt: skip


def test_every_state_is_reachable(machine):
    for each in asl.machines(machine):
        seen, todo = set(), [each["StartAt"]]
        while todo:
            name = todo.pop()
            if name not in seen:
                seen.add(name)
                todo += asl.targets(each["States"][name])
        assert seen == set(each["States"])


def test_every_task_has_a_timeout_within_the_runs_and_the_retries_that_fit(machine):
    tasks = {n: s for n, s in asl.states(machine).items() if s["Type"] == "Task"}
    assert len(tasks) == 10
    for name, task in tasks.items():
        assert 0 < task["TimeoutSeconds"] < machine["TimeoutSeconds"], name
        retried = {error for rule in task["Retry"] for error in rule["ErrorEquals"]}
        assert "States.ALL" not in retried, name
        assert "InvalidInput" not in retried, name
        expected = {
            "lambda:invoke": {Retryable.__name__, "Lambda.TooManyRequestsException"},
            "sagemaker:createProcessingJob.sync": {"SageMaker.AmazonSageMakerException"},
            "sagemaker:createTrainingJob.sync": {"SageMaker.ResourceLimitExceededException"},
            "glue:startJobRun.sync": {"Glue.ConcurrentRunsExceededException"},
        }[task["Resource"].split(":::")[1]]
        assert expected <= retried, name


def test_a_task_outlives_what_it_waits_for(app, machine):
    """Otherwise the state would time out while the work goes on, unseen and paid for."""
    limits = {
        f["Description"].split()[-1]: f["Timeout"] for f in app.resources("AWS::Lambda::Function")
    }
    for name, state in asl.states(machine).items():
        if state["Type"] == "Task" and "StoppingCondition" in state["Arguments"]:
            limit = state["Arguments"]["StoppingCondition"]["MaxRuntimeInSeconds"]
            assert state["TimeoutSeconds"] > limit, name
        elif state["Type"] == "Task" and "lambda" in state["Resource"]:
            folder = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
            assert state["TimeoutSeconds"] > limits[folder], name


def test_every_error_leads_to_fail_run_and_says_where_it_was(machine):
    for name, state in machine["States"].items():
        if state["Type"] in {"Task", "Map"} and name != "FailRun":
            [catch] = state["Catch"]
            assert catch["ErrorEquals"] == ["States.ALL"]
            assert catch["Next"] == "FailRun"
            output = asl.evaluate(catch["Output"], sample(name))
            assert output == {"state": name, "error": sample(name)["states"]["errorOutput"]}


def test_a_run_fails_even_when_fail_run_does(machine):
    state = machine["States"]["FailRun"]
    assert state["Next"] == "RunFailed"
    assert [catch["Next"] for catch in state["Catch"]] == ["RunFailed"]
    assert machine["States"]["RunFailed"]["Type"] == "Fail"


def test_polling_ends(machine):
    loop = asl.states(machine)["Loaded?"]
    late = sample("Loaded?") | {"started_ms": 1}
    done, too_long = loop["Choices"]
    assert asl.evaluate(done["Condition"], sample("Loaded?")) is False
    assert asl.evaluate(too_long["Condition"], late) is True
    assert asl.states(machine)[too_long["Next"]]["Type"] == "Fail"


# ---- expressions ------------------------------------------------------------------------------


def test_every_expression_has_a_result(machine):
    count = 0
    for name, state in asl.states(machine).items():
        told = {key: value for key, value in state.items() if key != "ItemProcessor"}
        asl.evaluate(told, sample(name))
        count += len(list(asl.expressions(told)))
    assert count > 60


@pytest.mark.parametrize(
    ("event", "tenant"),
    [
        ({"trigger": "upload", "key": "uploads/x.csv"}, "default"),
        ({"trigger": "upload", "key": "uploads/acme/x.csv"}, "acme"),
        ({"trigger": "upload", "key": "uploads/acme/2026/_SUCCESS"}, "acme"),
        ({"trigger": "upload", "key": "uploads/Not A Tenant/x.csv"}, "default"),
        ({"trigger": "schedule", "tenant": "acme", "time": "2026-11-22T03:00:00Z"}, "acme"),
    ],
)
def test_a_run_has_a_name_before_anything_can_fail(machine, event, tenant):
    seen = {"states": {"input": event, "context": CONTEXT}}
    named = asl.evaluate(machine["States"]["NameRun"]["Assign"], seen)
    assert named == {"tenant": tenant, "run_id": EVENT.replace("_", "-"), "destinations": []}


def test_check_upload_gets_the_event_and_the_execution(machine):
    payload = arguments(machine, "CheckUpload")["Payload"]
    assert payload == INPUTS["CheckUpload"] | {
        "execution_arn": CONTEXT["Execution"]["Id"],
        "execution_name": EVENT,
    }


@pytest.mark.parametrize(
    ("status", "following"),
    [
        ("START", "Prepare"),
        ("QUEUED", "WaitForTurn"),
        ("DUPLICATE", "NothingToDo"),
        ("SUPERSEDED", "NothingToDo"),
        ("WAITING", "NothingToDo"),
    ],
)
def test_only_a_start_starts_and_who_is_queued_asks_again(machine, status, following):
    state = machine["States"]["Start?"]
    seen = {"states": {"input": {"status": status}}}
    met = [c["Next"] for c in state["Choices"] if asl.evaluate(c["Condition"], seen) is True]
    assert (met or [state["Default"]]) == [following]
    assert machine["States"]["NothingToDo"]["Type"] == "Succeed"
    assert machine["States"]["WaitForTurn"]["Next"] == "CheckUpload"


def test_activate_gives_each_destination_its_turn_and_progress(machine):
    run = {"tenant": LONGEST_TENANT, "run_id": RUN, "destination": "export"}
    assert arguments(machine, "StartLoad")["Payload"] == run
    assert arguments(machine, "PollLoad")["Payload"] == run | {"progress": {"part": 0}}
    assert arguments(machine, "EnsureSegments")["Payload"] == run | {"progress": {"part": 0}}


def test_fail_run_learns_what_failed_where(machine):
    assert arguments(machine, "FailRun")["Payload"] == {
        "tenant": LONGEST_TENANT,
        "run_id": RUN,
        "execution_arn": CONTEXT["Execution"]["Id"],
        **INPUTS["FailRun"],
    }


def test_a_template_becomes_an_expression():
    assert kinds.text("a/$tenant/b") == "{% 'a/' & $tenant & '/b' %}"
    assert kinds.text("$tenant") == "{% $tenant %}"
    assert kinds.text("a") == "{% 'a' %}"


# ---- requests ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "operation"),
    [
        ("Prepare", "CreateProcessingJob"),
        ("TrainKMeans", "CreateTrainingJob"),
        ("Score", "CreateProcessingJob"),
    ],
)
@pytest.mark.parametrize("stage", ["dev", "longest-name"])
def test_sagemaker_accepts_the_request(machine, name, operation, stage):
    """Enum, pattern and maximum too, which the SDK itself does not check."""
    request = arguments(machine, name)
    named = "ProcessingJobName" if "Processing" in operation else "TrainingJobName"
    if stage != "dev":  # the longest that a stage may be called
        request[named] = request[named].replace("-dev-", "-" + "x" * 10 + "-")
    assert ServiceModel("sagemaker").problems(operation, request) == []


def test_glue_and_lambda_accept_the_requests(machine):
    # Glue's patterns are Java's, so here the SDK's own checks have to do.
    shape = botocore.session.get_session().get_service_model("glue").operation_model("StartJobRun")
    report = ParamValidator().validate(arguments(machine, "MapSchema"), shape.input_shape)
    assert not report.has_errors(), report.generate_report()
    for name, state in asl.states(machine).items():
        if state.get("Resource", "").endswith("lambda:invoke"):
            event = arguments(machine, name)
            call = {**event, "Payload": json.dumps(event["Payload"])}
            assert ServiceModel("lambda").problems("Invoke", call) == [], name


def test_a_job_has_a_new_name_for_each_attempt_and_run(machine):
    expression = asl.states(machine)["Prepare"]["Arguments"]["ProcessingJobName"]
    first, second = sample("Prepare"), sample("Prepare")
    second["states"] = {"context": {**CONTEXT, "State": {"RetryCount": 6}}}
    names = {
        asl.evaluate(expression, each) for each in (first, second, first | {"run_id": "f" * 16})
    }
    assert len(names) == 3
    assert all(re.fullmatch(r"tessera-dev-prepare-[0-9a-f]{16}-\d{13}-\d", name) for name in names)


def test_jobs_are_encrypted_and_isolated_where_they_can_be(machine):
    prepare, train, score = (arguments(machine, n) for n in ("Prepare", "TrainKMeans", "Score"))
    assert prepare["NetworkConfig"]["EnableNetworkIsolation"] is False  # it reads the secret
    assert score["NetworkConfig"]["EnableNetworkIsolation"] is True
    assert train["EnableNetworkIsolation"] is True
    for job in (prepare, score):
        assert job["ProcessingResources"]["ClusterConfig"]["VolumeKmsKeyId"]
    assert train["ResourceConfig"]["VolumeKmsKeyId"]
    assert train["OutputDataConfig"]["KmsKeyId"]
    assert score["ProcessingOutputConfig"]["KmsKeyId"]
    volumes = prepare["ProcessingResources"]["ClusterConfig"], train["ResourceConfig"]
    assert len({each["VolumeKmsKeyId"] for each in volumes}) == 2  # Prepare handles identities


def test_jobs_read_and_write_where_naming_says(app, machine):
    bucket = f"s3://{app.outputs()['DataBucket']}/tenants/{LONGEST_TENANT}"
    score = arguments(machine, "Score")
    inputs = {i["InputName"]: i["S3Input"]["S3Uri"] for i in score["ProcessingInputs"]}
    assert inputs.pop("code").endswith(".zip")
    assert inputs == {
        "customers": f"{bucket}/runs/{RUN}/customers/",
        "model": MODEL,
        "ticket": f"{bucket}/runs/{RUN}/ticket.json",
        "record": f"{bucket}/runs/{RUN}/prepare.json",
    }
    outputs = {
        o["OutputName"]: o["S3Output"]["S3Uri"] for o in score["ProcessingOutputConfig"]["Outputs"]
    }
    assert outputs == {
        "profiles": f"{bucket}/profiles/",
        "score": f"{bucket}/runs/{RUN}/score/",
    }
    train = arguments(machine, "TrainKMeans")
    assert train["OutputDataConfig"]["S3OutputPath"] == f"{bucket}/runs/{RUN}/model"


def test_the_code_runs_from_where_sagemaker_puts_it(machine):
    for name, folder in (("Prepare", "processing/input"), ("TrainKMeans", "input/data")):
        request = arguments(machine, name)
        told = request.get("AppSpecification") or request["AlgorithmSpecification"]
        python, path = told["ContainerEntrypoint"]
        assert python == "python3"
        assert re.fullmatch(rf"/opt/ml/{folder}/code/[0-9a-f]{{64}}\.zip", path)


def test_the_definition_is_valid_states_language(machine):
    """cfn-lint cannot read a definition made of tokens, so it gets the resolved one."""
    properties = {
        "RoleArn": "arn:aws:iam::111122223333:role/machine",
        "DefinitionString": json.dumps(machine),
    }
    resource = {"Type": "AWS::StepFunctions::StateMachine", "Properties": properties}
    template = json.dumps({"Resources": {"Machine": resource}})
    assert not [str(found) for found in lint(template, config=ManualArgs(regions=["us-east-1"]))]


def test_govcloud_has_its_own_partition():
    made = kinds.call("f", {}, partition="aws-us-gov", timeout_seconds=1)
    assert made["Resource"] == "arn:aws-us-gov:states:::lambda:invoke"
