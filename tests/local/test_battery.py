"""The gate for a new version of moto: its interpreter of states, one small machine a feature."""

from __future__ import annotations

from typing import Any

import pytest

from local.aws.server import EmbeddedAws
from tests.local.battery import (
    CAUGHT,
    COPY,
    INVOKE,
    Case,
    caught,
    cause,
    create,
    finish,
    invoke,
    machine,
    passes,
    paths,
    retry,
    task,
)

CASES = [
    Case("pass", machine(A={**COPY, "Output": {"r": "{% $states.input.a + 1 %}"}}),
         lambda o: o == {"r": 2}, {"a": 1}),
    Case("assign and variables", machine(
        A={"Type": "Pass", "Assign": {"tenant": "{% $states.input.t %}", "list": []}, "Next": "B"},
        B={"Type": "Pass", "Assign": {"list": ["{% $tenant %}"]}, "Next": "C"},
        C={**COPY, "Output": "{% {'t': $tenant, 'l': $list} %}"}),
        lambda o: o == {"t": "shop", "l": ["shop"]}, {"t": "shop"}),
    Case("output may be text", machine(A={**COPY, "Output": "{% 'text' %}"}),
         lambda o: o == "text"),
    Case("context object", machine(A={**COPY, "Output": {
        "id": "{% $states.context.Execution.Id %}", "n": "{% $states.context.Execution.Name %}",
        "m": "{% $states.context.StateMachine.Name %}",
        "r": "{% $replace($states.context.Execution.Name, /[^A-Za-z0-9-]/, '-') %}"}}),
        lambda o: o["id"].endswith(o["n"]) and o["m"].startswith("battery") and o["r"] == o["n"]),
    Case("choice", machine(
        A={"Type": "Choice", "Choices": [
            {"Condition": "{% $states.input.n > 3 %}", "Next": "Big"}], "Default": "Small"},
        Big={**COPY, "Output": "{% 'big' %}"}, Small={**COPY, "Output": "{% 'small' %}"}),
        lambda o: o == "big", {"n": 5}),
    Case("choice, else", machine(
        A={"Type": "Choice", "Choices": [
            {"Condition": "{% $exists($states.input.n) %}", "Next": "Big"}], "Default": "Small"},
        Big={"Type": "Succeed"}, Small={**COPY, "Output": "{% 'small' %}"}),
        lambda o: o == "small"),
    Case("parallel", machine(A={"Type": "Parallel", "End": True, "Branches": [
        paths(X={**COPY, "Output": "{% 1 %}"}), paths(Y={**COPY, "Output": "{% 2 %}"})]}),
        lambda o: o == [1, 2]),
    Case("map", machine(A={
        "Type": "Map", "Items": "{% $states.input.items %}", "MaxConcurrency": 4, "End": True,
        "ItemSelector": {"v": "{% $states.context.Map.Item.Value %}",
                         "i": "{% $states.context.Map.Item.Index %}"},
        "ItemProcessor": {"ProcessorConfig": {"Mode": "INLINE"},
                          **paths(I=invoke("{% $states.input %}",
                                             Output="{% $states.result.Payload.echo %}"))}}),
        lambda o: o == [{"v": "a", "i": 0}, {"v": "b", "i": 1}], {"items": ["a", "b"]}),
    Case("map over nothing", machine(A={
        "Type": "Map", "Items": "{% $states.input.items %}", "End": True,
        "ItemProcessor": {"ProcessorConfig": {"Mode": "INLINE"}, **paths(I=COPY)}}),
        lambda o: o == [], {"items": []}),
    Case("loop with wait and outer variables", machine(
        S={"Type": "Pass", "Assign": {"n": 0, "t": "x"}, "Next": "M"},
        M={"Type": "Map", "Items": [1, 2], "End": True, "ItemProcessor": {
            "ProcessorConfig": {"Mode": "INLINE"},
            **paths(
                Begin={"Type": "Pass", "Assign": {"k": 0}, "Next": "Look"},
                Look={"Type": "Choice", "Default": "W", "Choices": [
                    {"Condition": "{% $k >= 1 %}", "Next": "Done"}]},
                W={"Type": "Wait", "Seconds": "{% $k %}", "Next": "Add"},
                Add={"Type": "Pass", "Assign": {"k": "{% $k + 1 %}"}, "Next": "Look"},
                Done={**COPY, "Output": "{% $t & $string($k) %}"})}}),
        lambda o: o == ["x1", "x1"]),
    Case("wait", machine(A={"Type": "Wait", "Seconds": 1, "End": True})),
    Case("fail", machine(A={"Type": "Fail", "Error": "RunFailed", "Cause": "{% 'because' %}"}),
         ends="FAILED:RunFailed"),
    Case("succeed", machine(A={"Type": "Succeed"})),
    Case("lambda", machine(A=invoke({"q": "{% $states.input.q %}"}, Output="{% $states.result.Payload %}")),  # noqa: E501
         lambda o: o["echo"] == {"q": 1} and 0 < o["left_ms"] <= 3000, {"q": 1}),
    Case("lambda raises", machine(A=invoke({"raise": True})), ends="FAILED:Known"),
    Case("caught by name", machine(A=invoke({"raise": True}, Catch=caught("Known")), Caught=CAUGHT),
         lambda o: o["Error"] == "Known" and cause(o)["errorMessage"] == "as requested"),
    Case("not caught by another name",
         machine(A=invoke({"raise": True}, Catch=caught("Other")), Caught=CAUGHT), ends="FAILED:Known"),  # noqa: E501
    Case("caught as task failed",
         machine(A=invoke({"raise": True}, Catch=caught("States.TaskFailed")), Caught=CAUGHT)),
    Case("caught as anything, assigned", machine(
        A=invoke({"raise": True}, Catch=[{"ErrorEquals": ["States.ALL"], "Next": "Caught",
                                          "Assign": {"e": "{% $states.errorOutput %}"}}]),
        Caught={**CAUGHT, "Output": "{% $e.Error %}"}), lambda o: o == "Known"),
    Case("retried with backoff and jitter",
         machine(A=invoke({"flaky": True}, Retry=retry("Known", 3)))),
    Case("lambda exits", machine(A=invoke({"exit": True}, Catch=caught("Runtime.ExitError")), Caught=CAUGHT)),  # noqa: E501
    Case("lambda times out", machine(A=invoke({"sleep": 9}, Catch=caught("Sandbox.Timedout")), Caught=CAUGHT)),  # noqa: E501
    Case("task times out", machine(
        A=invoke({"sleep": 2}, TimeoutSeconds=1, Catch=caught("States.Timeout")), Caught=CAUGHT)),
    Case("machine times out", {**machine(A={"Type": "Wait", "Seconds": 9, "End": True}),
                               "TimeoutSeconds": 1}, ends="TIMED_OUT"),
    Case("wrong expression", machine(A={**COPY, "Output": "{% $nosuch(1) %}"}),
         ends="FAILED:States.QueryEvaluationError"),
    Case("too much data", machine(A={**COPY, "Output": "{% $pad('', 300000, 'x') %}"}),
         ends="FAILED:States.DataLimitExceeded"),
    Case("JSONPath", paths(
        A={"Type": "Pass", "Parameters": {"f.$": "States.Format('s3://{}', $.b)"}, "End": True}),
        lambda o: o == {"f": "s3://x"}, {"b": "x"}),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name.replace(" ", "-"))
def test_moto_runs(furnished: EmbeddedAws, case: Case):
    passes(furnished, case)


@pytest.mark.parametrize(("definition", "message"), [
    (machine(A={"Type": "Pass", "Next": "Nowhere"}), "Nowhere"),
    ({**machine(A=COPY), "StartAt": "B"}, "StartAt 'B'"),
    (machine(A={"Type": "Pass"}), "neither Next nor End"),
    (machine(A=task("arn:aws:states:::ecs:runTask.sync", {})), "ecs:runTask.sync"),
    (machine(A=task(INVOKE, {}, Catch=[{"ErrorEquals": ["x"], "Next": "C"}])), "'C'"),
])  # fmt: skip
def test_a_definition_that_step_functions_refuses_is_refused(
    aws: EmbeddedAws, definition: dict[str, Any], message: str
):
    client = aws.client("stepfunctions")
    with pytest.raises(client.exceptions.InvalidDefinition, match=message):
        create(aws, "wrong", definition)


def test_executions_without_a_name_and_with_the_same_input_are_two(furnished: EmbeddedAws):
    arn = create(furnished, "twice", machine(A=COPY))
    client = furnished.client("stepfunctions")
    one, two = (client.start_execution(stateMachineArn=arn, input="{}") for _ in range(2))
    assert one["executionArn"] != two["executionArn"]
    assert finish(furnished, two["executionArn"])["status"] == "SUCCEEDED"
