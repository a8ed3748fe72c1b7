"""The runs table: of two with the same work, one goes on."""

from __future__ import annotations

import json

import boto3
import pytest
from botocore.stub import Stubber

from adapters.stores.runs import FAILED, RUNNING, SUCCEEDED, Runs
from tessera.errors import InvalidInput, Refused, Retryable
from tessera.records.runs.run_item import WaitingRun

TENANT, RUN, NOW = "default", "0123456789abcdef", "2026-11-22T03:00:00+00:00"
WAITING = WaitingRun(tenant=TENANT, run_id=RUN, reason="why", until=NOW, expected_cost="2 cents")


class Executions:
    """Step Functions, as far as a claim asks it."""

    def __init__(self, *running: str) -> None:
        self.running = set(running)

    def describe_execution(self, *, executionArn: str):  # noqa: N803 (boto3's name)
        return {"status": "RUNNING" if executionArn in self.running else "FAILED"}


@pytest.fixture
def table(runs_table):
    return runs_table


def claim(runs: Runs, execution: str) -> bool:
    return runs.claim(TENANT, RUN, execution_arn=execution, started_at=NOW, upload="uploads/x.csv")


def test_a_run_is_claimed_once(table):
    runs = Runs(table, states=Executions("first", "second"))
    assert claim(runs, "first")
    assert not claim(runs, "second")
    assert runs.get(TENANT, RUN).execution_arn == "first"


def test_a_retry_of_the_same_execution_keeps_its_claim(table):
    runs = Runs(table, states=Executions("first"))
    assert claim(runs, "first")
    assert claim(runs, "first")


def test_the_claim_of_an_execution_that_is_gone_is_taken_over(table):
    assert claim(Runs(table), "dead")
    runs = Runs(table, states=Executions("second", "third"))
    assert claim(runs, "second")
    assert not claim(runs, "third")


def test_a_succeeded_run_is_done_for_everybody(table):
    runs = Runs(table, states=Executions())
    assert claim(runs, "first")
    runs.finish(TENANT, RUN, finished_at=NOW)
    runs.finish(TENANT, RUN, finished_at=NOW)
    assert runs.get(TENANT, RUN).status == SUCCEEDED
    assert not claim(runs, "second")
    assert not claim(runs, "first")


def test_a_failed_run_may_be_tried_again(table):
    runs = Runs(table, states=Executions("first"))
    assert claim(runs, "first")
    assert runs.fail(TENANT, RUN, execution_arn="first", failed_at=NOW, error="Refused")
    assert runs.get(TENANT, RUN).status == FAILED
    assert claim(runs, "second")
    assert runs.get(TENANT, RUN).status == RUNNING


def test_only_the_execution_that_has_a_run_can_fail_it(table):
    runs = Runs(table, states=Executions())
    assert claim(runs, "first")
    assert not runs.fail(TENANT, RUN, execution_arn="other", failed_at=NOW, error="Timeout")
    runs.finish(TENANT, RUN, finished_at=NOW)
    assert not runs.fail(TENANT, RUN, execution_arn="first", failed_at=NOW, error="Timeout")
    assert runs.get(TENANT, RUN).status == SUCCEEDED


def test_a_failure_before_the_claim_is_recorded_too(table):
    runs = Runs(table)
    assert runs.fail(TENANT, "an-execution", execution_arn="a", failed_at=NOW, error="InvalidInput")
    assert runs.get(TENANT, "an-execution").error == "InvalidInput"


def test_a_run_that_nobody_claimed_cannot_finish(table):
    with pytest.raises(InvalidInput, match="never claimed"):
        Runs(table).finish(TENANT, RUN, finished_at=NOW)


def test_step_functions_is_asked_for_real(table):
    states = boto3.client("stepfunctions")
    role = "arn:aws:iam::123456789012:role/x"
    definition = json.dumps({"StartAt": "A", "States": {"A": {"Type": "Succeed"}}})
    machine = states.create_state_machine(name="m", definition=definition, roleArn=role)
    execution = states.start_execution(stateMachineArn=machine["stateMachineArn"])
    arn = execution["executionArn"]
    runs = Runs(table)
    assert runs.turn_holder(TENANT) == ""
    assert runs.take_turn(TENANT, execution_arn=arn, started_at=NOW)
    assert runs.is_running(arn)
    assert runs.turn_holder(TENANT) == arn
    states.stop_execution(executionArn=arn)
    assert not runs.is_running(arn)
    assert runs.turn_holder(TENANT) == ""
    assert not Runs(table).is_running(arn + "-never-was")


@pytest.mark.parametrize(
    ("code", "meaning"),
    [("ThrottlingException", Retryable), ("AccessDeniedException", Refused)],
)
def test_what_dynamodb_says_becomes_what_to_do(aws_environment, code, meaning):
    client = boto3.client("dynamodb", region_name="us-east-1")
    with Stubber(client) as stub:
        stub.add_client_error("get_item", code)
        with pytest.raises(meaning, match="runs"):
            Runs("runs", dynamodb=client).get(TENANT, RUN)


def test_a_token_is_kept_until_somebody_decides_and_is_no_part_of_the_item(table):
    runs = Runs(table)
    assert claim(runs, "first")
    assert runs.token(TENANT, RUN) == ""
    runs.wait(WAITING, execution_arn="first", token="secret")
    assert runs.token(TENANT, RUN) == "secret"
    item = runs.get(TENANT, RUN)
    assert (item.waits_for, item.expected_cost) == ("why", "2 cents")
    assert runs.waiting() == [WAITING]
    assert "secret" not in str(runs.get(TENANT, RUN))
    decided = {"decision": "approve", "by": "", "decided_at": NOW}
    runs.decide(TENANT, RUN, execution_arn="other", **decided)
    assert runs.token(TENANT, RUN) == "secret"
    runs.decide(TENANT, RUN, execution_arn="first", **decided)
    assert runs.token(TENANT, RUN) == ""
    assert runs.get(TENANT, RUN).decision == "approve"


@pytest.mark.parametrize("end", ["finish", "fail"])
def test_a_run_that_has_ended_has_no_token(table, end):
    runs = Runs(table)
    assert claim(runs, "first")
    runs.wait(WAITING, execution_arn="first", token="secret")
    if end == "finish":
        runs.finish(TENANT, RUN, finished_at=NOW)
    else:
        runs.fail(TENANT, RUN, execution_arn="first", failed_at=NOW, error="NotApproved")
    assert runs.token(TENANT, RUN) == ""


def test_a_tenants_runs_are_listed_without_its_turn_and_tokens(table):
    runs = Runs(table, states=Executions("first"))
    claim(runs, "first")
    runs.take_turn(TENANT, execution_arn="first", started_at=NOW)
    runs.claim("other", RUN, execution_arn="first", started_at=NOW)
    runs.wait(WAITING, execution_arn="first", token="secret")
    [item] = runs.of_tenant(TENANT)
    assert (item.tenant, item.run_id, item.waits_for) == (TENANT, RUN, "why")
    assert "secret" not in str(item)
