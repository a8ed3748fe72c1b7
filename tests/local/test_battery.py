"""The gate for a new version of moto: small state machines for everything that we rely on.

When one fails after an upgrade, its repair in ``local/aws`` no longer fits, or is needed no more.
"""

from __future__ import annotations

import dataclasses
import io
import json
import time
import uuid
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

from local.aws.place import ACCOUNT, REGION
from local.aws.server import EmbeddedAws

ROLE = f"arn:aws:iam::{ACCOUNT}:role/battery"
FUNCTION = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:battery"
INVOKE = "arn:aws:states:::lambda:invoke"
BUCKET = "battery"

HANDLER = """
import os, time
calls = 0
class Known(Exception):
    pass
def handler(event, context):
    global calls
    calls += 1
    if event.get("raise"):
        raise Known("said so")
    if event.get("flaky") and calls % 3:
        raise Known("not yet")
    if event.get("exit"):
        os._exit(7)
    time.sleep(event.get("sleep", 0))
    print("handled")
    return {"echo": event, "left_ms": context.get_remaining_time_in_millis()}
"""

JOB = """
import json, os, pathlib, sys, time
root = pathlib.Path(os.environ["ML_ROOT"])
what = sys.argv[1]
if what == "sleep":
    time.sleep(30)
if what == "fail":
    (root / "output").mkdir(exist_ok=True)
    (root / "output/message").write_text("the message")
    (root / "output/failure").write_text("the failure")
    sys.exit(3)
reaches_aws = "AWS_ENDPOINT_URL" in os.environ
data = next((root / sys.argv[2]).glob("*.txt")).read_text()
out = root / sys.argv[3]
out.mkdir(parents=True, exist_ok=True)
result = {"data": data, "online": reaches_aws, "x": os.environ["X"]}
(out / "out.json").write_text(json.dumps(result))
"""

GLUE = """
import sys
from awsglue.utils import getResolvedOptions
import extra
args = getResolvedOptions(sys.argv, ["JOB_NAME", "what"])
if args["what"] == "fail":
    raise RuntimeError("glue said no")
assert extra.VALUE == 42
"""


def machine(**states: dict[str, Any]) -> dict[str, Any]:
    return {"QueryLanguage": "JSONata", "StartAt": next(iter(states)), "States": states}


def paths(**states: dict[str, Any]) -> dict[str, Any]:
    return {"StartAt": next(iter(states)), "States": states}


def task(resource: str, arguments: dict[str, Any], **more: Any) -> dict[str, Any]:
    end = {} if "Next" in more else {"End": True}
    return {"Type": "Task", "Resource": resource, "Arguments": arguments, **more, **end}


def invoke(payload: Any, **more: Any) -> dict[str, Any]:
    return task(INVOKE, {"FunctionName": FUNCTION, "Payload": payload}, **more)


def caught(error: str, *, output: str = "{% $states.errorOutput %}") -> list[dict[str, Any]]:
    return [{"ErrorEquals": [error], "Next": "Caught", "Output": output}]


CAUGHT = {"Type": "Pass", "End": True}
COPY = {"Type": "Pass", "End": True}


def processing(what: str, *, isolated: bool = False, **more: Any) -> dict[str, Any]:
    code = {"S3Uri": f"s3://{BUCKET}/code/job.py", "LocalPath": "/opt/ml/processing/input/code"}
    data = {"S3Uri": f"s3://{BUCKET}/in/", "LocalPath": "/opt/ml/processing/input/data"}
    mode = {"S3DataType": "S3Prefix", "S3InputMode": "File"}
    output = {
        "S3Uri": f"s3://{BUCKET}/out/{what}",
        "LocalPath": "/opt/ml/processing/output",
        "S3UploadMode": "EndOfJob",
    }
    arguments = {
        "ProcessingJobName": "{% 'p-' & $states.context.Execution.Name %}",
        "RoleArn": ROLE,
        "AppSpecification": {
            "ImageUri": "image",
            "ContainerEntrypoint": ["python3", "/opt/ml/processing/input/code/job.py"],
            "ContainerArguments": [what, "processing/input/data", "processing/output"],
        },
        "ProcessingResources": {
            "ClusterConfig": {
                "InstanceCount": 1, "InstanceType": "ml.m5.large", "VolumeSizeInGB": 1,
            },
        },
        "Environment": {"X": "{% $string(1 + 1) %}"},
        "ProcessingInputs": [
            {"InputName": "code", "S3Input": {**code, **mode}},
            {"InputName": "data", "S3Input": {**data, **mode}},
        ],
        "ProcessingOutputConfig": {"Outputs": [{"OutputName": "out", "S3Output": output}]},
        "NetworkConfig": {"EnableNetworkIsolation": isolated},
        "StoppingCondition": {"MaxRuntimeInSeconds": 60},
    }  # fmt: skip
    return task("arn:aws:states:::sagemaker:createProcessingJob.sync", arguments, **more)


def training(what: str, **more: Any) -> dict[str, Any]:
    def channel(name: str) -> dict[str, Any]:
        uri = f"s3://{BUCKET}/{name}/"
        source = {"S3Uri": uri, "S3DataType": "S3Prefix"}
        return {"ChannelName": name, "DataSource": {"S3DataSource": source}}

    arguments = {
        "TrainingJobName": "{% 't-' & $states.context.Execution.Name %}",
        "RoleArn": ROLE,
        "AlgorithmSpecification": {
            "TrainingImage": "image",
            "TrainingInputMode": "File",
            "ContainerEntrypoint": ["python3", "/opt/ml/input/data/code/job.py"],
            "ContainerArguments": [what, "input/data/in", "model"],
        },
        "InputDataConfig": [channel("code"), channel("in")],
        "OutputDataConfig": {"S3OutputPath": f"s3://{BUCKET}/models"},
        "ResourceConfig": {
            "InstanceCount": 1, "InstanceType": "ml.m5.large", "VolumeSizeInGB": 1,
        },
        "Environment": {"X": "2"},
        "EnableNetworkIsolation": True,
        "StoppingCondition": {"MaxRuntimeInSeconds": 60},
    }  # fmt: skip
    return task("arn:aws:states:::sagemaker:createTrainingJob.sync", arguments, **more)


def glue(what: str, *, job: str = "battery", **more: Any) -> dict[str, Any]:
    arguments = {"JobName": job, "Arguments": {"--what": what}}
    return task("arn:aws:states:::glue:startJobRun.sync", arguments, **more)


def retry(error: str, attempts: int) -> list[dict[str, Any]]:
    return [{
        "ErrorEquals": [error], "IntervalSeconds": 1, "MaxAttempts": attempts, "BackoffRate": 1,
        "MaxDelaySeconds": 1, "JitterStrategy": "FULL",
    }]  # fmt: skip


@dataclasses.dataclass(frozen=True)
class Case:
    name: str
    definition: dict[str, Any]
    check: Callable[[Any], bool] = lambda _: True
    given: dict[str, Any] = dataclasses.field(default_factory=dict)
    ends: str = "SUCCEEDED"


def cause(output: dict[str, Any]) -> Any:
    return json.loads(output["Cause"])


QUEUE = f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/battery"
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
         lambda o: o["Error"] == "Known" and cause(o)["errorMessage"] == "said so"),
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
    Case("processing", machine(A=processing("ok", Output="{% $states.result.ProcessingJobStatus %}")),  # noqa: E501
         lambda o: o == "Completed"),
    Case("processing without network", machine(A=processing("ok", isolated=True))),
    Case("processing fails", machine(
        A=processing("fail", Catch=caught("States.TaskFailed")), Caught=CAUGHT),
        lambda o: cause(o)["ExitMessage"] == "the message"
        and "exit code: 3" in cause(o)["FailureReason"]),
    Case("processing times out", machine(
        A=processing("sleep", TimeoutSeconds=1, Catch=caught("States.Timeout")), Caught=CAUGHT)),
    Case("training", machine(
        A=training("ok", Output="{% $states.result.ModelArtifacts.S3ModelArtifacts %}")),
        lambda o: o.startswith(f"s3://{BUCKET}/models/t-") and o.endswith("/output/model.tar.gz")),
    Case("training fails", machine(
        A=training("fail", Catch=caught("States.TaskFailed")), Caught=CAUGHT),
        lambda o: "the failure" in cause(o)["FailureReason"]),
    Case("job name taken", machine(
        A=task("arn:aws:states:::sagemaker:createProcessingJob.sync",
               {**processing("ok")["Arguments"], "ProcessingJobName": "same"}, Next="B"),
        B=task("arn:aws:states:::sagemaker:createProcessingJob.sync",
               {**processing("ok")["Arguments"], "ProcessingJobName": "same"},
               Catch=caught("SageMaker.AmazonSageMakerException")), Caught=CAUGHT),
        lambda o: "unique" in o["Cause"]),
    Case("job name wrong", machine(
        A=task("arn:aws:states:::sagemaker:createProcessingJob.sync",
               {**processing("ok")["Arguments"], "ProcessingJobName": "no_underscore"},
               Catch=caught("SageMaker.AmazonSageMakerException")), Caught=CAUGHT)),
    Case("input missing", machine(
        A=task("arn:aws:states:::sagemaker:createTrainingJob.sync",
               {**training("ok")["Arguments"], "InputDataConfig": [
                   {"ChannelName": "in", "DataSource": {"S3DataSource": {
                       "S3Uri": f"s3://{BUCKET}/nothing/", "S3DataType": "S3Prefix"}}}]},
               Catch=caught("States.TaskFailed")), Caught=CAUGHT),
        lambda o: "No S3 objects" in cause(o)["FailureReason"]),
    Case("glue", machine(A=glue("ok", Output="{% $states.result.JobRunState %}")),
         lambda o: o == "SUCCEEDED"),
    Case("glue fails", machine(A=glue("fail", Catch=caught("States.TaskFailed")), Caught=CAUGHT),
         lambda o: cause(o)["ErrorMessage"] == "RuntimeError: glue said no"),
    Case("glue job missing", machine(
        A=glue("ok", job="none", Catch=caught("Glue.EntityNotFoundException")), Caught=CAUGHT)),
    Case("sns", machine(A=task("arn:aws:states:::sns:publish", {
        "TopicArn": f"arn:aws:sns:{REGION}:{ACCOUNT}:battery", "Message": "{% $states.input %}"}))),
    Case("sqs", machine(A=task("arn:aws:states:::sqs:sendMessage", {
        "QueueUrl": QUEUE, "MessageBody": {"a": 1}}))),
    Case("task token", machine(A=task("arn:aws:states:::sqs:sendMessage.waitForTaskToken", {
        "QueueUrl": QUEUE, "MessageBody": {"token": "{% $states.context.Task.Token %}"}})),
        lambda o: o == {"answered": True}),
    Case("events", machine(A=task("arn:aws:states:::events:putEvents", {"Entries": [
        {"Source": "tessera", "DetailType": "d", "Detail": {"a": 1}, "EventBusName": "default"}]}))),  # noqa: E501
    Case("dynamodb", machine(
        A=task("arn:aws:states:::dynamodb:putItem",
               {"TableName": "battery", "Item": {"pk": {"S": "1"}}}, Next="B"),
        B=task("arn:aws:states:::dynamodb:putItem",
               {"TableName": "battery", "Item": {"pk": {"S": "1"}},
                "ConditionExpression": "attribute_not_exists(pk)"},
               Catch=caught("DynamoDB.ConditionalCheckFailedException")), Caught=CAUGHT)),
    Case("aws sdk", machine(A=task("arn:aws:states:::aws-sdk:s3:getObject", {
        "Bucket": BUCKET, "Key": "in/a.txt"}, Output="{% $states.result.Body %}")),
        lambda o: o == "hello"),
    Case("aws sdk, error by name", machine(
        A=task("arn:aws:states:::aws-sdk:s3:getObject", {"Bucket": BUCKET, "Key": "zz"},
               Catch=caught("S3.NoSuchKeyException")), Caught=CAUGHT)),
    Case("aws sdk, dates", machine(A=task(
        "arn:aws:states:::aws-sdk:s3:listObjectsV2", {"Bucket": BUCKET, "Prefix": "in/"})),
        lambda o: isinstance(o["Contents"][0]["LastModified"], str)),
    Case("nested machine", machine(A=task("arn:aws:states:::states:startExecution.sync:2", {
        "StateMachineArn": f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:child",
        "Input": {"z": 1}}, Output="{% $states.result.Output %}")), lambda o: o == {"z": 1}),
    Case("too much data", machine(A={**COPY, "Output": "{% $pad('', 300000, 'x') %}"}),
         ends="FAILED:States.DataLimitExceeded"),
    Case("JSONPath", paths(
        A={"Type": "Pass", "Parameters": {"f.$": "States.Format('s3://{}', $.b)"}, "End": True}),
        lambda o: o == {"f": "s3://x"}, {"b": "x"}),
]  # fmt: skip


@pytest.fixture(scope="module")
def furnished(aws: EmbeddedAws) -> EmbeddedAws:
    s3 = aws.client("s3")
    s3.create_bucket(Bucket=BUCKET)
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as files:
        files.writestr("extra.py", "VALUE = 42")
    objects = {
        "code/job.py": JOB.encode(), "in/a.txt": b"hello", "glue/script.py": GLUE.encode(),
        "glue/extra.zip": archive.getvalue(),
    }  # fmt: skip
    for key, body in objects.items():
        s3.put_object(Bucket=BUCKET, Key=key, Body=body)
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as files:
        files.writestr("index.py", HANDLER)
    aws.client("iam").create_role(RoleName="battery", AssumeRolePolicyDocument="{}")
    aws.client("lambda").create_function(
        FunctionName="battery", Runtime="python3.13", Role=ROLE, Handler="index.handler",
        Code={"ZipFile": archive.getvalue()}, Timeout=3,
    )  # fmt: skip
    aws.client("glue").create_job(
        Name="battery", Role=ROLE, GlueVersion="6.0", ExecutionProperty={"MaxConcurrentRuns": 9},
        Command={"Name": "glueetl", "ScriptLocation": f"s3://{BUCKET}/glue/script.py"},
        DefaultArguments={"--extra-py-files": f"s3://{BUCKET}/glue/extra.zip"},
    )  # fmt: skip
    aws.client("sns").create_topic(Name="battery")
    aws.client("sqs").create_queue(QueueName="battery")
    aws.client("dynamodb").create_table(
        TableName="battery", BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
    )  # fmt: skip
    create(aws, "child", machine(A=COPY))
    return aws


def create(aws: EmbeddedAws, name: str, definition: dict[str, Any]) -> str:
    made = aws.client("stepfunctions").create_state_machine(
        name=name, definition=json.dumps(definition), roleArn=ROLE
    )
    return str(made["stateMachineArn"])


def finish(aws: EmbeddedAws, execution: str) -> dict[str, Any]:
    client, sqs = aws.client("stepfunctions"), aws.client("sqs")
    until = time.monotonic() + 30
    while time.monotonic() < until:
        described = client.describe_execution(executionArn=execution)
        if described["status"] != "RUNNING":
            return dict(described)
        for message in sqs.receive_message(QueueUrl=QUEUE).get("Messages", []):
            token = json.loads(message["Body"]).get("token")
            if token:
                client.send_task_success(taskToken=token, output='{"answered": true}')
        time.sleep(0.02)
    raise AssertionError(f"{execution} still runs")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name.replace(" ", "-"))
def test_moto_runs(furnished: EmbeddedAws, case: Case):
    arn = create(furnished, f"battery-{uuid.uuid4().hex[:8]}", case.definition)
    started = furnished.client("stepfunctions").start_execution(
        stateMachineArn=arn, input=json.dumps(case.given)
    )
    ended = finish(furnished, started["executionArn"])
    error = f":{ended['error']}" if ended.get("error") and ended["status"] == "FAILED" else ""
    assert ended["status"] + error == case.ends, ended.get("cause")
    if case.ends == "SUCCEEDED":
        output = json.loads(ended["output"])
        assert case.check(output), output


@pytest.mark.parametrize(("definition", "said"), [
    (machine(A={"Type": "Pass", "Next": "Nowhere"}), "Nowhere"),
    ({**machine(A=COPY), "StartAt": "B"}, "StartAt 'B'"),
    (machine(A={"Type": "Pass"}), "neither Next nor End"),
    (machine(A=task("arn:aws:states:::ecs:runTask.sync", {})), "ecs:runTask.sync"),
    (machine(A=task(INVOKE, {}, Catch=[{"ErrorEquals": ["x"], "Next": "C"}])), "'C'"),
])  # fmt: skip
def test_a_definition_that_step_functions_refuses_is_refused(
    aws: EmbeddedAws, definition: dict[str, Any], said: str
):
    client = aws.client("stepfunctions")
    with pytest.raises(client.exceptions.InvalidDefinition, match=said):
        create(aws, "wrong", definition)


def test_executions_without_a_name_and_with_the_same_input_are_two(furnished: EmbeddedAws):
    arn = create(furnished, "twice", machine(A=COPY))
    client = furnished.client("stepfunctions")
    one, two = (client.start_execution(stateMachineArn=arn, input="{}") for _ in range(2))
    assert one["executionArn"] != two["executionArn"]
    assert finish(furnished, two["executionArn"])["status"] == "SUCCEEDED"


def test_what_jobs_and_functions_print_is_in_their_logs(furnished: EmbeddedAws):
    logs = furnished.client("logs")
    text = ""
    for group in ("/aws/lambda/battery", "/aws-glue/jobs/output"):
        for event in logs.filter_log_events(logGroupName=group)["events"]:
            text += event["message"]
    assert "handled" in text
    assert "glue said no" in text


def test_a_job_without_network_learns_no_endpoint(furnished: EmbeddedAws):
    arn = create(furnished, "isolated", machine(A=processing("ok", isolated=True)))
    started = furnished.client("stepfunctions").start_execution(stateMachineArn=arn, input="{}")
    assert finish(furnished, started["executionArn"])["status"] == "SUCCEEDED"
    body = furnished.client("s3").get_object(Bucket=BUCKET, Key="out/ok/out.json")["Body"]
    assert json.load(body) == {"data": "hello", "online": False, "x": "2"}
