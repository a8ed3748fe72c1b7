"""What the battery's machines are made of, and how one of them is run.

When a case fails after an upgrade of moto, its repair in ``local/aws`` no longer fits, or is no
longer needed.
"""

from __future__ import annotations

import dataclasses
import json
import time
import uuid
from collections.abc import Callable
from typing import Any

from local.aws.server import EmbeddedAws
from local.loopback.place import ACCOUNT, REGION

ROLE = f"arn:aws:iam::{ACCOUNT}:role/battery"
FUNCTION = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:battery"
INVOKE = "arn:aws:states:::lambda:invoke"
BUCKET = "battery"


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


def passes(aws: EmbeddedAws, case: Case) -> None:
    """Run a case's machine to its end, and check how it ended and with what."""
    arn = create(aws, f"battery-{uuid.uuid4().hex[:8]}", case.definition)
    started = aws.client("stepfunctions").start_execution(
        stateMachineArn=arn, input=json.dumps(case.given)
    )
    ended = finish(aws, started["executionArn"])
    error = f":{ended['error']}" if ended.get("error") and ended["status"] == "FAILED" else ""
    assert ended["status"] + error == case.ends, ended.get("cause")
    if case.ends == "SUCCEEDED":
        output = json.loads(ended["output"])
        assert case.check(output), output
