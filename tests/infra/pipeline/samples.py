"""What the expressions of each state see in a run, for evaluating them."""

from __future__ import annotations

from tests.infra.pipeline import asl

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
    "Task": {"Token": "AQCEAAAAKgAAAAMAAA"},
    "Map": {"Item": {"Value": "export"}},
}
CHURN = "s3://data/tenants/default/runs/1/churn/job/output/model.tar.gz"
FORECASTS = "s3://data/tenants/default/runs/1/forecasts/job/output/model.tar.gz"
MODEL = "s3://data/tenants/default/runs/1/model/job/output/model.tar.gz"
REPLIES = {
    "CheckUpload": {
        "status": "START", "tenant": LONGEST_TENANT, "run_id": RUN, "bytes": 1, "history_bytes": 2,
        "engine": "auto", "destinations": ["export"], "attributes": True, "wait_seconds": 0,
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
    "Large?": REPLIES["CheckUpload"],
    "Trained?": {"model_uri": MODEL, "forecasts_uri": FORECASTS, "churn_uri": CHURN},
    "NameDestination": {"destination": "export"},
    "StartLoad": {"destination": "export"},
    "Sent?": [{"destination": "export", "status": "DONE"}],
    "NothingSent": [
        {"destination": "export", "status": "FAILED", "error": "Refused", "message": "no"}
    ],
    "ReportFailure": {"state": "PollLoad", "error": {"Error": "Refused", "Cause": "{}"}},
    "Loaded?": REPLIES["StartLoad"],
    "WaitForLoad": REPLIES["StartLoad"],
    "PollLoad": REPLIES["StartLoad"],
    "EnsureSegments": REPLIES["PollLoad"],
    "FailRun": {"state": "Prepare", "error": {"Error": "States.TaskFailed", "Cause": "{}"}},
}


def sample(name):
    """Return the variables that a state's expressions see."""
    result = {
        "Payload": REPLIES.get(name, {}),
        "ModelArtifacts": {"S3ModelArtifacts": MODEL},
        "ProcessingStartTime": 1_795_942_800_000,
        "ProcessingEndTime": 1_795_942_812_500,
        "BillableTimeInSeconds": 31,
        "ExecutionTime": 44,
    }
    branches = [{"model_uri": MODEL}, {"forecasts_uri": FORECASTS}, {"churn_uri": CHURN}]
    return {
        "states": {
            "input": INPUTS.get(name, {}),
            "context": CONTEXT,
            "errorOutput": {"Error": "InvalidInput", "Cause": "…"},
            "result": branches if name == "Train" else result,
        },
        "tenant": LONGEST_TENANT,
        "run_id": RUN,
        "destinations": ["export"],
        "destination": "export",
        "progress": {"part": 0},
        "started_ms": 1,
        "began_ms": 1,
        "seconds": {"Prepare": 12.5},
        "model_uri": MODEL,
        "forecasts_uri": FORECASTS,
        "attributes": True,
        "churn_uri": CHURN,
    }


def arguments(machine, name):
    return asl.evaluate(asl.states(machine)[name]["Arguments"], sample(name))
