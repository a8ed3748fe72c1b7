"""The expressions of the state machine: what each gives for what a run shows it."""

from __future__ import annotations

import re

import pytest

from infra.kit import states as kinds
from tests.infra.pipeline import asl
from tests.infra.pipeline.samples import (
    CHURN,
    CONTEXT,
    EVENT,
    FORECASTS,
    INPUTS,
    LONGEST_TENANT,
    MODEL,
    RUN,
    arguments,
    sample,
)


def test_every_expression_has_a_result(machine):
    count = 0
    for name, state in asl.states(machine).items():
        own = asl.own(state)
        asl.evaluate(own, sample(name))
        count += len(list(asl.expressions(own)))
    assert count > 60


def test_what_the_jobs_of_a_run_are_given_is_of_its_tenant(machine):
    """Their inputs are mounted by the machine, so it is a border beside their code."""
    named = set()
    for tenant in ("acme", "zenith"):
        for name, state in asl.states(machine).items():
            seen = sample(name) | {"tenant": tenant}
            given = str(asl.evaluate(asl.own(state), seen))
            for uri in (MODEL, FORECASTS, CHURN):  # which earlier jobs have answered
                given = given.replace(uri, "")
            named |= {(tenant, owner) for owner in re.findall(r"tenants/([^/']*)/", given)}
    assert named == {("acme", "acme"), ("zenith", "zenith")}


@pytest.mark.parametrize(
    ("event", "tenant"),
    [
        ({"trigger": "upload", "key": "uploads/x.csv"}, "default"),
        ({"trigger": "upload", "key": "uploads/acme/x.csv"}, "acme"),
        ({"trigger": "upload", "key": "uploads/acme/2026/_SUCCESS"}, "acme"),
        ({"trigger": "upload", "key": "uploads/attributes/x.csv"}, "default"),
        ({"trigger": "upload", "key": "uploads/acme/attributes/x.csv"}, "acme"),
        ({"trigger": "upload", "key": "uploads/Not A Tenant/x.csv"}, "default"),
        ({"trigger": "schedule", "tenant": "acme", "time": "2026-11-22T03:00:00Z"}, "acme"),
    ],
)
def test_a_run_has_a_name_before_anything_can_fail(machine, event, tenant):
    seen = {"states": {"input": event, "context": CONTEXT}}
    named = asl.evaluate(machine["States"]["NameRun"]["Assign"], seen)
    assert named.pop("began_ms") > 1_700_000_000_000
    assert named == {
        "tenant": tenant, "run_id": EVENT.replace("_", "-"), "destinations": [], "seconds": {},
    }  # fmt: skip


def test_check_upload_gets_the_event_and_the_execution(machine):
    payload = arguments(machine, "CheckUpload")["Payload"]
    assert payload == INPUTS["CheckUpload"] | {
        "execution_arn": CONTEXT["Execution"]["Id"],
        "execution_name": EVENT,
        "began_ms": 1,
    }


@pytest.mark.parametrize(
    ("status", "following"),
    [
        ("START", "Large?"),
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


@pytest.mark.parametrize(("some", "following"), [(True, "TrainChurn"), (False, "TrainChurnEnded")])
def test_churn_is_trained_where_there_is_something_to_train_on(machine, some, following):
    state = asl.states(machine)["Attributes?"]
    [choice] = state["Choices"]
    met = asl.evaluate(choice["Condition"], {"attributes": some})
    assert (choice["Next"] if met else state["Default"]) == following


def after_training(machine, *branches):
    """Return the state after Train and the variables, for what the branches return."""
    seen = {"states": {"result": list(branches)}}
    merged = asl.evaluate(machine["States"]["Train"]["Output"], seen)
    state = machine["States"]["Trained?"]
    [choice] = state["Choices"]
    seen = {"states": {"input": merged}, "seconds": {"Prepare": 12.5}}
    if not asl.evaluate(choice["Condition"], seen):
        return state["Default"], merged
    return choice["Next"], asl.evaluate(choice["Assign"], seen)


def test_the_models_of_all_branches_go_to_score(machine):
    always = {"model_uri": MODEL, "forecasts_uri": FORECASTS}
    branches = [{name: uri} for name, uri in always.items()]
    before = {"seconds": {"Prepare": 12.5}}
    assert after_training(machine, *branches, {"churn_uri": CHURN}) == (
        "Score", {**always, "churn_uri": CHURN, **before},
    )  # fmt: skip
    assert after_training(machine, *branches, {}) == (
        "Score", {**always, "churn_uri": "", **before},
    )  # fmt: skip


# ---- how long jobs ran ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "seconds"),
    [("Prepare", 12.5), ("PrepareOnSpark", 44), ("Score", 12.5), ("MapSchema", 44)],
)
def test_a_job_keeps_its_seconds_beside_those_before_it(machine, name, seconds):
    seen = {**sample(name), "seconds": {"Other": 1}}
    kept = asl.evaluate(asl.states(machine)[name]["Assign"], seen)
    assert kept == {"seconds": {"Other": 1, name: seconds}}


def test_trainings_return_their_seconds_with_their_models(machine):
    names = ("TrainKMeans", "TrainForecasts", "TrainChurn")
    branches = [asl.evaluate(asl.states(machine)[n]["Output"], sample(n)) for n in names]
    _, assigned = after_training(machine, *branches)
    assert assigned["seconds"] == {"Prepare": 12.5, **dict.fromkeys(names, 31)}


@pytest.mark.parametrize(
    "result", [{}, {"ProcessingStartTime": "2026-11-29", "ProcessingEndTime": "2026-11-29"}]
)
def test_seconds_in_another_form_are_not_kept_and_stop_nothing(machine, result):
    seen = sample("Score")
    seen["states"]["result"] = result
    kept = asl.evaluate(machine["States"]["Score"]["Assign"], seen)
    assert kept == {"seconds": {"Prepare": 12.5}}


def test_finish_run_gets_the_seconds(machine):
    payload = arguments(machine, "FinishRun")["Payload"]
    assert payload["seconds"] == {"Prepare": 12.5}


def test_a_branch_that_failed_fails_the_run_as_its_state_would(machine):
    for branch in machine["States"]["Train"]["Branches"]:
        [(name, task)] = [
            (name, state) for name, state in branch["States"].items() if state["Type"] == "Task"
        ]
        [catch] = task["Catch"]
        assert catch["ErrorEquals"] == ["States.ALL"]
        assert branch["States"][catch["Next"]]["Type"] == "Succeed"
        failed = asl.evaluate(catch["Output"], sample(name))
        assert failed == {"state": name, "error": sample(name)["states"]["errorOutput"]}
        following, event = after_training(machine, {"model_uri": MODEL}, failed)
        assert following == "FailRun"
        seen = {**sample("FailRun"), "states": {"input": event, "context": CONTEXT}}
        payload = asl.evaluate(machine["States"]["FailRun"]["Arguments"]["Payload"], seen)
        assert (payload["state"], payload["error"]) == (name, failed["error"])


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


def test_a_value_with_expressions_becomes_one_expression():
    value = {"a": [kinds.text("x/$tenant"), "b"], "c": {}}
    assert kinds.literal(value) == "{'a': ['x/' & $tenant, 'b'], 'c': {}}"
    made = asl.evaluate(kinds.jsonata(kinds.literal(value)), {"tenant": "acme"})
    assert made == {"a": ["x/acme", "b"], "c": {}}


def test_a_template_becomes_an_expression():
    assert kinds.text("a/$tenant/b") == "{% 'a/' & $tenant & '/b' %}"
    assert kinds.text("$tenant") == "{% $tenant %}"
    assert kinds.text("a") == "{% 'a' %}"


@pytest.mark.parametrize(
    ("engine", "gigabytes", "state"),
    [
        ("auto", 1, "Prepare"), ("auto", 20, "PrepareOnSpark"), ("duckdb", 40, "Prepare"),
        ("spark", 0, "PrepareOnSpark"),
    ],
)  # fmt: skip
def test_an_upload_is_prepared_where_its_size_or_the_setting_says(
    machine, engine, gigabytes, state
):
    choice = machine["States"]["Large?"]
    reply = {"bytes": gigabytes << 30, "engine": engine}
    taken = asl.evaluate(choice["Choices"][0]["Condition"], {"states": {"input": reply}})
    assert (choice["Choices"][0]["Next"] if taken else choice["Default"]) == state
