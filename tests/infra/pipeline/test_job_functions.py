"""Small runs work in functions: which runs, with which rights and limits, and what is too large."""

from __future__ import annotations

import json

import pytest

from adapters.aws.job_host.request import JobRequest
from local.services.frame.service_model import ServiceModel
from tests.infra.conftest import definition_of
from tests.infra.pipeline import asl
from tests.infra.pipeline.samples import CHURN, LONGEST_TENANT, MODEL, REPLIES, RUN, sample
from tests.infra.template import listed

STATES = ("Prepare", "TrainKMeans", "TrainForecasts", "TrainChurn", "Score", "MapSchema")
ROLES = {"TrainKMeans": "Train"}  # the job's, where it is called otherwise than its state
REPLY = {"model": MODEL, "loading_seconds": 4.5, "seconds": 9.5}


@pytest.fixture(scope="module")
def small(full):
    """The definition of a stage whose small runs work in functions."""
    return definition_of(full, "tessera-full")


def seen(name):
    """Return what the expressions of a function's state see."""
    known = sample(name.removesuffix("InFunction")) | {"small": True}
    known["states"] = {**known["states"], "result": {"Payload": REPLY}}
    return known


def events(small):
    """Return the event that each function gets, by the job's state."""
    return {
        name: asl.evaluate(asl.states(small)[f"{name}InFunction"]["Arguments"], seen(name))[
            "Payload"
        ]
        for name in STATES
    }


@pytest.mark.parametrize(
    ("upload", "history", "engine", "is_small"),
    [
        (1 << 20, 0, "auto", True),
        (0, (200 << 20) - 1, "duckdb", True),  # a scheduled run has no upload
        (100 << 20, 100 << 20, "auto", False),
        (200 << 20, 0, "auto", False),
        (1, 1, "spark", False),
    ],
)
def test_the_upload_and_the_history_choose_once(small, upload, history, engine, is_small):
    reply = {**REPLIES["CheckUpload"], "bytes": upload, "history_bytes": history, "engine": engine}
    known = seen("Start?") | {"states": {"input": reply}}
    assert asl.evaluate(small["States"]["Start?"]["Choices"][0]["Assign"]["small"], known) is (
        is_small
    )


@pytest.mark.parametrize("name", STATES)
@pytest.mark.parametrize("is_small", [True, False])
def test_each_job_has_a_function_for_small_runs(small, name, is_small):
    every = asl.states(small)
    choice = every["Large?" if name == "Prepare" else f"{name}?"]
    known = seen("Large?") | {"small": is_small}
    taken = [
        each["Next"] for each in choice["Choices"] if asl.evaluate(each["Condition"], known) is True
    ] or [choice["Default"]]
    assert taken == [f"{name}InFunction" if is_small else name]
    following = {**every, "Prepare": {"Next": "Train"}}[name].get("Next")
    assert every[f"{name}InFunction"]["Next"] == following


@pytest.mark.parametrize("name", STATES)
def test_what_is_too_large_for_a_function_goes_to_the_job(small, name):
    first, *others = asl.states(small)[f"{name}InFunction"]["Catch"]
    assert first["Next"] == name
    assert {"TooLarge", "Lambda.Unknown", "Sandbox.Timedout"} <= set(first["ErrorEquals"])
    assert "States.ALL" not in first["ErrorEquals"]  # a fault of the data fails the run
    assert [each["ErrorEquals"] for each in others] == [["States.ALL"]]
    inside = name.startswith("Train")  # a branch assigns nothing
    assert first.get("Assign") == (None if inside else {"small": False})


def test_every_state_is_reachable_and_every_expression_has_a_result(small):
    for each in asl.machines(small):
        reached, todo = set(), [each["StartAt"]]
        while todo:
            if (name := todo.pop()) not in reached:
                reached.add(name)
                todo += asl.targets(each["States"][name])
        assert reached == set(each["States"])
    for name, state in asl.states(small).items():
        if name.endswith(("InFunction", "?")):
            known = seen(name)
            if not name.endswith("InFunction"):
                known["states"] = sample(name)["states"]
            asl.evaluate(asl.own(state), known)


def test_a_function_gets_the_request_of_its_job(small, full):
    every, given = asl.states(small), events(small)
    for name in STATES:
        event, request = given[name], given[name]["request"]
        assert (event["tenant"], event["run_id"]) == (LONGEST_TENANT, RUN)
        assert (
            ServiceModel("lambda").problems(
                "Invoke", {"FunctionName": "f", "Payload": json.dumps(event)}
            )
            == []
        )
        assert len(json.dumps(event)) < 16_000  # of 256 kB
        own = asl.evaluate(every[name]["Arguments"], sample(name))
        if name == "MapSchema":
            assert own["Arguments"].items() <= request["Arguments"].items()
        else:
            # Its name has the instant, and Prepare's engine has less memory.
            unlike = {"Environment": "", "ProcessingJobName": "", "TrainingJobName": ""}
            assert own | unlike == request | unlike
    limit = given["Prepare"]["request"]["Environment"]["MEMORY_LIMIT_MB"]
    assert int(limit) == 1769 // 2


def test_the_host_understands_what_the_machine_asks_for(small):
    asked = {name: JobRequest.parse(e["kind"], e["request"]) for name, e in events(small).items()}
    assert {name for name, job in asked.items() if not job.isolated} == {"Prepare", "MapSchema"}
    assert {name for name, job in asked.items() if job.model} == {
        "TrainKMeans", "TrainForecasts", "TrainChurn",
    }  # fmt: skip
    assert all(job.code.endswith(".zip") for job in asked.values())
    assert asked["Score"].inputs["processing/input/churn"] == CHURN
    assert set(asked["Score"].outputs) == {
        f"processing/output/{name}" for name in ("profiles", "transitions", "model_cards", "score")
    }
    words = asked["MapSchema"].arguments
    assert words[words.index("--engine") + 1] == "duckdb"
    assert words[words.index("--module") + 1] == "map_schema"


def test_the_replies_are_what_the_next_states_need(small):
    every = asl.states(small)
    for name, model in (("TrainKMeans", "model_uri"), ("TrainChurn", "churn_uri")):
        output = asl.evaluate(every[f"{name}InFunction"]["Output"], seen(name))
        assert output == {model: MODEL, f"{name}InFunction": 9.5}
        trained = seen("Trained?") | {"states": {"input": {**output, "forecasts_uri": MODEL}}}
        kept = asl.evaluate(every["Trained?"]["Choices"][0]["Assign"]["seconds"], trained)
        assert kept[f"{name}InFunction"] == 9.5
    kept = asl.evaluate(every["ScoreInFunction"]["Assign"]["seconds"], seen("Score"))
    assert kept == {"Prepare": 12.5, "ScoreInFunction": 9.5}


def rights(app, owner):
    """Return each action and resource of a role in the buckets, with keys and secrets."""
    return {
        (action, resource, json.dumps(statement.get("Condition"), sort_keys=True))
        for statement in app.statements(owner)
        for action in listed(statement["Action"])
        for resource in listed(statement["Resource"])
        if action.partition(":")[0] in {"s3", "secretsmanager"} or action == "kms:Decrypt"
        if "cdk-hnb659fds" not in resource  # the stage's code
    }


@pytest.mark.parametrize("name", STATES)
def test_a_function_may_do_what_its_job_may_and_no_more(full, name):
    job = rights(full, f"Jobs{ROLES.get(name, name)}Role")
    function = rights(full, f"JobFunctions{name}Role")
    assert job
    assert function == job


def test_the_functions_have_the_limits_of_lambda(full):
    made = [
        each
        for each in full.resources("AWS::Lambda::Function")
        if each["Handler"] == "lambdas.run_job.handler.handler"
    ]
    assert len(made) == len(STATES)
    for each in made:
        assert each["Timeout"] == 900
        assert each["MemorySize"] == 1769  # of one processor
        assert 2000 < each["EphemeralStorage"]["Size"] <= 10_240
        assert each["Architectures"] == ["x86_64"]  # as the jobs' machines
        assert set(each["Environment"]["Variables"]) == {"LIBRARIES", "LIBRARIES_SHA256"}
        assert each["VpcConfig"]["SubnetIds"]


def test_without_the_setting_nothing_chooses(machine, app):
    assert "InFunction" not in json.dumps(machine)
    assert "small" not in json.dumps(machine)
    assert not [each for each in app.resources("AWS::Lambda::Function") if "run_job" in str(each)]
