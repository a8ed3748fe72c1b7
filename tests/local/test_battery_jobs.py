"""The gate for a new version of moto: jobs that really run, and how a state sees them end."""

from __future__ import annotations

import json

import pytest

from local.aws.server import EmbeddedAws
from tests.local.battery import (
    BUCKET,
    CAUGHT,
    Case,
    caught,
    cause,
    create,
    finish,
    glue,
    invoke,
    machine,
    passes,
    processing,
    task,
    training,
)

CASES = [
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
         lambda o: cause(o)["ErrorMessage"] == "RuntimeError: glue refused"),
    Case("glue job missing", machine(
        A=glue("ok", job="none", Catch=caught("Glue.EntityNotFoundException")), Caught=CAUGHT)),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name.replace(" ", "-"))
def test_moto_runs(furnished: EmbeddedAws, case: Case):
    passes(furnished, case)


def test_what_jobs_and_functions_print_is_in_their_logs(furnished: EmbeddedAws):
    passes(furnished, Case("printing", machine(A=invoke({}))))
    passes(furnished, Case("failing", machine(A=glue("fail")), ends="FAILED:States.TaskFailed"))
    logs = furnished.client("logs")
    text = ""
    for group in ("/aws/lambda/battery", "/aws-glue/jobs/output"):
        for event in logs.filter_log_events(logGroupName=group)["events"]:
            text += event["message"]
    assert "handled" in text
    assert "glue refused" in text


def test_a_job_without_network_learns_no_endpoint(furnished: EmbeddedAws):
    arn = create(furnished, "isolated", machine(A=processing("ok", isolated=True)))
    started = furnished.client("stepfunctions").start_execution(stateMachineArn=arn, input="{}")
    assert finish(furnished, started["executionArn"])["status"] == "SUCCEEDED"
    body = furnished.client("s3").get_object(Bucket=BUCKET, Key="out/ok/out.json")["Body"]
    assert json.load(body) == {"data": "hello", "online": False, "x": "2"}
