"""The state machine: its shape, its ways to fail, and that it is valid."""

from __future__ import annotations

import json
import re

from infra.kit import states as kinds
from tessera.errors import Retryable
from tests.infra.linting import findings
from tests.infra.pipeline import asl
from tests.infra.pipeline.samples import sample


def test_it_reads_as_the_architecture_page_does(machine):
    path, name = [], machine["StartAt"]
    while name:
        path.append(name)
        state = machine["States"][name]
        ours = name in {"Large?", "Sent?"}  # whose other way is the rare one
        choice = state["Default"] if ours else state.get("Choices", [{}])[0].get("Next")
        name = choice or state.get("Next")
    assert path == [
        "NameRun", "CheckUpload", "Start?", "Large?", "Prepare", "Train", "Trained?",
        "Score", "AwaitApproval", "MapSchema", "Activate", "Sent?", "FinishRun", "Finished",
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


def test_the_models_are_trained_side_by_side(machine):
    train = machine["States"]["Train"]
    assert train["Type"] == "Parallel"
    assert [branch["StartAt"] for branch in train["Branches"]] == [
        "TrainKMeans", "TrainForecasts", "Attributes?",
    ]  # fmt: skip
    assert machine["States"]["PrepareOnSpark"]["Next"] == "Train"


def test_no_two_states_have_the_same_name(machine):
    names = [name for each in asl.machines(machine) for name in each["States"]]
    assert len(names) == len(set(names))


def test_every_task_has_a_timeout_within_the_runs_and_the_retries_that_fit(machine):
    tasks = {n: s for n, s in asl.states(machine).items() if s["Type"] == "Task"}
    assert len(tasks) == 15
    for name, task in tasks.items():
        assert 0 < task["TimeoutSeconds"] < machine["TimeoutSeconds"], name
        retried = {error for rule in task["Retry"] for error in rule["ErrorEquals"]}
        assert "States.ALL" not in retried, name
        assert "InvalidInput" not in retried, name
        expected = {
            "lambda:invoke.waitForTaskToken": {Retryable.__name__, "Lambda.ServiceException"},
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
            called = {"ReportFailure": "EnsureSegments"}.get(name, name)
            folder = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", called).lower()
            assert state["TimeoutSeconds"] > limits[folder], name


def test_every_error_leads_to_fail_run_and_says_where_it_was(machine):
    for name, state in machine["States"].items():
        if state["Type"] in {"Task", "Map", "Parallel"} and name != "FailRun":
            *others, catch = state["Catch"]
            assert all(other["Next"] == "FailRun" for other in others)
            assert catch["ErrorEquals"] == ["States.ALL"]
            assert catch["Next"] == "FailRun"
            output = asl.evaluate(catch["Output"], sample(name))
            assert output == {"state": name, "error": sample(name)["states"]["errorOutput"]}


def test_a_destination_that_fails_is_reported_and_the_others_continue(machine):
    inner = machine["States"]["Activate"]["ItemProcessor"]["States"]
    for name in ("StartLoad", "PollLoad", "EnsureSegments"):
        [catch] = inner[name]["Catch"]
        assert (catch["ErrorEquals"], catch["Next"]) == (["States.ALL"], "ReportFailure")
        output = asl.evaluate(catch["Output"], sample(name))
        assert output == {"state": name, "error": sample(name)["states"]["errorOutput"]}
    late = inner["LoadTooLong"]
    failure = asl.evaluate(late["Output"], sample("LoadTooLong"))
    assert (failure["state"], failure["error"]["Error"]) == ("PollLoad", "States.Timeout")
    assert "destination export" in failure["error"]["Cause"]
    assert late["Next"] == "ReportFailure"
    assert inner["ReportFailure"]["End"] is True
    assert "Catch" not in inner["ReportFailure"]  # if the report fails too, the run fails


def test_a_run_without_any_successful_destination_fails(machine):
    done, failed = {"status": "DONE"}, {"status": "FAILED", "error": "Refused", "message": "no"}
    [choice] = machine["States"]["Sent?"]["Choices"]

    def fails(*replies):
        return asl.evaluate(choice["Condition"], {"states": {"input": list(replies)}}) is True

    assert fails(failed)
    assert fails(failed, failed)
    assert not fails(failed, done)
    assert not fails(done)
    assert not fails()
    nothing = machine["States"][choice["Next"]]
    failure = asl.evaluate(nothing["Output"], {"states": {"input": [failed, failed]}})
    assert failure == {"state": "Activate", "error": {"Error": "Refused", "Cause": "no"}}
    assert nothing["Next"] == "FailRun"


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
    assert asl.states(machine)[too_long["Next"]]["Next"] == "ReportFailure"


def test_the_definition_is_valid_states_language(machine):
    """cfn-lint cannot read a definition made of tokens, so it gets the resolved one."""
    properties = {
        "RoleArn": "arn:aws:iam::111122223333:role/machine",
        "DefinitionString": json.dumps(machine),
    }
    resource = {"Type": "AWS::StepFunctions::StateMachine", "Properties": properties}
    assert not findings([{"Resources": {"Machine": resource}}], region="us-east-1")


def test_govcloud_has_its_own_partition():
    made = kinds.call("f", {}, partition="aws-us-gov", timeout_seconds=1)
    assert made["Resource"] == "arn:aws-us-gov:states:::lambda:invoke"
