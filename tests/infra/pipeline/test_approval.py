"""Waiting for an approval: every way out of the state, and who may do what about it."""

from __future__ import annotations

import pytest

from tessera.errors import NotApproved
from tests.infra.pipeline import asl
from tests.infra.pipeline.samples import CONTEXT, LONGEST_TENANT, RUN, arguments, sample
from tests.infra.template import listed

DAY_SECONDS = 86_400
QUEUED = {"states": {"input": {"wait_seconds": 15}}, "began_ms": 0}
ANSWERS = {"states:SendTaskSuccess", "states:SendTaskFailure"}


@pytest.fixture
def waiting(machine):
    return machine["States"]["AwaitApproval"]


def caught(state, error):
    """Return the first way out of a state that an error takes."""
    ways = [c for c in state["Catch"] if {error, "States.ALL"} & set(c["ErrorEquals"])]
    return ways[0]


def test_the_function_is_asked_with_the_run_and_the_states_token(machine, waiting):
    assert waiting["Resource"].endswith(":lambda:invoke.waitForTaskToken")
    assert arguments(machine, "AwaitApproval")["Payload"] == {
        "tenant": LONGEST_TENANT,
        "run_id": RUN,
        "execution_arn": CONTEXT["Execution"]["Id"],
        "token": CONTEXT["Task"]["Token"],
    }


def test_who_is_answered_goes_on(waiting):
    assert waiting["Next"] == "MapSchema"


def test_a_rejection_fails_the_run_in_its_own_words(waiting):
    rejected = {"Error": NotApproved.__name__, "Cause": "rejected by Ann: a broken export"}
    way = caught(waiting, rejected["Error"])
    seen = sample("AwaitApproval")
    seen["states"]["errorOutput"] = rejected
    assert way["Next"] == "FailRun"
    assert asl.evaluate(way["Output"], seen) == {"state": "AwaitApproval", "error": rejected}


def test_a_rejection_is_not_tried_again(waiting):
    tried = {error for rule in waiting["Retry"] for error in rule["ErrorEquals"]}
    assert not tried & {NotApproved.__name__, "States.Timeout", "States.TaskFailed", "States.ALL"}


def test_nobodys_decision_fails_the_run_with_the_same_error(waiting):
    way = caught(waiting, "States.Timeout")
    failure = asl.evaluate(way["Output"], sample("AwaitApproval"))
    assert way["Next"] == "FailRun"
    assert failure["state"] == "AwaitApproval"
    assert failure["error"]["Error"] == NotApproved.__name__
    assert "within 7 days" in failure["error"]["Cause"]


def test_the_wait_is_a_setting_and_the_run_outlives_two_of_them(app, machine, waiting):
    assert waiting["TimeoutSeconds"] == 7 * DAY_SECONDS
    assert machine["TimeoutSeconds"] > 2 * waiting["TimeoutSeconds"]
    [environment] = [
        app.resolve(f["Environment"]["Variables"])
        for f in app.resources("AWS::Lambda::Function")
        if "await_approval" in f["Handler"]
    ]
    assert environment["APPROVAL_SECONDS"] == str(waiting["TimeoutSeconds"])


@pytest.mark.parametrize(
    ("waited_seconds", "seconds"),
    [(0, 15), (200, 15), (3600, 180), (5 * 3600, 900), (7 * DAY_SECONDS, 900)],
)
def test_who_waits_long_for_a_turn_asks_less_often(machine, waited_seconds, seconds):
    turn = machine["States"]["WaitForTurn"]["Seconds"]
    expression = turn.replace("$millis()", str(1000 * waited_seconds))
    assert asl.evaluate(expression, QUEUED) == seconds


def test_who_has_many_runs_before_it_asks_less_often(machine):
    turn = machine["States"]["WaitForTurn"]["Seconds"].replace("$millis()", "0")
    many = {"states": {"input": {"wait_seconds": 300}}, "began_ms": 0}
    assert asl.evaluate(turn, many) == 300


def test_waiting_for_a_turn_through_two_approvals_fits_an_executions_history(machine):
    """A round of WaitForTurn, CheckUpload and Start? is nine events, of 25,000 at most."""
    turn = machine["States"]["WaitForTurn"]["Seconds"]
    waited = rounds = 0
    while waited < machine["TimeoutSeconds"]:
        expression = turn.replace("$millis()", str(1000 * waited))
        waited += asl.evaluate(expression, QUEUED)
        rounds += 1
    assert 9 * rounds < 20_000


def test_only_the_two_functions_answer_and_only_this_machine(app):
    machine_arn = "arn:aws:states:us-east-1:111122223333:stateMachine:tessera-dev"
    allowed = {}
    for owner, statement in app.all_statements():
        if answers := ANSWERS & set(listed(statement["Action"])):
            step = next(s for s in ("AwaitApproval", "DecideRun") if s in owner)
            allowed[step] = answers
            assert listed(statement["Resource"]) == [machine_arn]
    assert allowed == {"AwaitApproval": {"states:SendTaskSuccess"}, "DecideRun": ANSWERS}
    made = app.resources("AWS::StepFunctions::StateMachine")
    assert "tessera-dev" in {machine["StateMachineName"] for machine in made}


def test_who_asks_reads_three_records_and_who_decides_reads_no_file(app):
    def objects(step):
        return {
            resource.split("/", 1)[1]
            for statement in app.statements(f"{step}Role")
            if "s3:GetObject" in listed(statement["Action"])
            for resource in listed(statement["Resource"])
        }

    names = ("ticket.json", "prepare.json", "score/score.json")
    assert objects("AwaitApproval") == {f"tenants/*/runs/*/{name}" for name in names}
    assert objects("DecideRun") == set()
    assert not [s for s in app.statements("DecideRunRole") if "sns:Publish" in str(s["Action"])]


def test_the_runs_table_is_read_and_written_item_by_item(app):
    def operations(step):
        return {
            action
            for statement in app.statements(f"{step}Role")
            for action in listed(statement["Action"])
            if action.startswith("dynamodb:")
        }

    assert operations("AwaitApproval") == {"dynamodb:UpdateItem"}
    assert operations("DecideRun") == {"dynamodb:GetItem", "dynamodb:UpdateItem"}


def test_the_tokens_are_kept_under_the_data_key(app):
    [table] = [
        table for table in app.resources("AWS::DynamoDB::Table") if len(table["KeySchema"]) == 2
    ]
    assert table["SSESpecification"]["SSEEnabled"] is True
    assert table["SSESpecification"]["KMSMasterKeyId"]


def test_the_deciding_function_is_an_output_that_the_notification_names(app):
    name = app.outputs()["DecideRunFunction"]
    [environment] = [
        app.resolve(f["Environment"]["Variables"])
        for f in app.resources("AWS::Lambda::Function")
        if "await_approval" in f["Handler"]
    ]
    assert environment["DECIDE_FUNCTION"] == name
