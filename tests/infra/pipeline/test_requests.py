"""The requests that the state machine sends: valid for the services, and to the right places."""

from __future__ import annotations

import json
import re

import botocore.session
import pytest
from botocore.validate import ParamValidator

from local.services.frame.service_model import ServiceModel
from tests.infra.conftest import definition_of
from tests.infra.pipeline import asl
from tests.infra.pipeline.samples import (
    CHURN,
    CONTEXT,
    FORECASTS,
    LONGEST_TENANT,
    MODEL,
    RUN,
    arguments,
    sample,
)


@pytest.mark.parametrize(
    ("name", "operation"),
    [
        ("Prepare", "CreateProcessingJob"),
        ("TrainKMeans", "CreateTrainingJob"),
        ("TrainForecasts", "CreateTrainingJob"),
        ("TrainChurn", "CreateTrainingJob"),
        ("Score", "CreateProcessingJob"),
    ],
)
@pytest.mark.parametrize("stage", ["dev", "longest-name"])
def test_sagemaker_accepts_the_request(machine, name, operation, stage):
    """Enum, pattern and maximum too, which the SDK itself does not check."""
    request = arguments(machine, name)
    named = "ProcessingJobName" if "Processing" in operation else "TrainingJobName"
    if stage != "dev":  # the longest that a stage may be called
        request[named] = request[named].replace("-dev-", "-" + "x" * 10 + "-")
    assert ServiceModel("sagemaker").problems(operation, request) == []


def test_trainings_keep_their_machines_where_the_stage_says_so(machine, other):
    kept = definition_of(other, "tessera-prod")
    for name, state in asl.states(kept).items():
        if "createTrainingJob" in state.get("Resource", ""):
            request = asl.evaluate(state["Arguments"], sample(name))
            assert request["ResourceConfig"]["KeepAlivePeriodInSeconds"] == 45 * 60
            assert ServiceModel("sagemaker").problems("CreateTrainingJob", request) == []
    assert json.dumps(kept).count("KeepAlive") == 3  # no other kind of job has such pools
    assert "KeepAlive" not in json.dumps(machine)


def test_glue_and_lambda_accept_the_requests(machine):
    # Glue's patterns are Java's, so here the SDK's own checks have to do.
    shape = botocore.session.get_session().get_service_model("glue").operation_model("StartJobRun")
    for name in ("MapSchema", "PrepareOnSpark"):
        report = ParamValidator().validate(arguments(machine, name), shape.input_shape)
        assert not report.has_errors(), report.generate_report()
    for name, state in asl.states(machine).items():
        if "lambda:invoke" in state.get("Resource", ""):
            event = arguments(machine, name)
            call = {**event, "Payload": json.dumps(event["Payload"])}
            assert ServiceModel("lambda").problems("Invoke", call) == [], name


def test_a_job_has_a_new_name_for_each_attempt_and_run(machine):
    expression = asl.states(machine)["Prepare"]["Arguments"]["ProcessingJobName"]
    first, second = sample("Prepare"), sample("Prepare")
    second["states"] = {"context": {**CONTEXT, "State": {"RetryCount": 6}}}
    names = {
        asl.evaluate(expression, each) for each in (first, second, first | {"run_id": "f" * 16})
    }
    assert len(names) == 3
    assert all(re.fullmatch(r"tessera-dev-prepare-[0-9a-f]{16}-\d{13}-\d", name) for name in names)


def test_jobs_are_encrypted_and_isolated_where_they_can_be(machine):
    prepare, train, score = (arguments(machine, n) for n in ("Prepare", "TrainKMeans", "Score"))
    for name in ("TrainForecasts", "TrainChurn"):
        assert arguments(machine, name)["EnableNetworkIsolation"] is True
    assert prepare["NetworkConfig"]["EnableNetworkIsolation"] is False  # it reads the secret
    assert score["NetworkConfig"]["EnableNetworkIsolation"] is True
    assert train["EnableNetworkIsolation"] is True
    for job in (prepare, score):
        assert job["ProcessingResources"]["ClusterConfig"]["VolumeKmsKeyId"]
    assert train["ResourceConfig"]["VolumeKmsKeyId"]
    assert train["OutputDataConfig"]["KmsKeyId"]
    assert score["ProcessingOutputConfig"]["KmsKeyId"]
    volumes = prepare["ProcessingResources"]["ClusterConfig"], train["ResourceConfig"]
    assert len({each["VolumeKmsKeyId"] for each in volumes}) == 2  # Prepare handles identities


def test_jobs_read_and_write_where_naming_says(app, machine):
    bucket = f"s3://{app.outputs()['DataBucket']}/tenants/{LONGEST_TENANT}"
    score = arguments(machine, "Score")
    inputs = {i["InputName"]: i["S3Input"]["S3Uri"] for i in score["ProcessingInputs"]}
    assert inputs.pop("code").endswith(".zip")
    assert inputs == {
        "customers": f"{bucket}/runs/{RUN}/customers/",
        "attributes": f"{bucket}/runs/{RUN}/attributes/",
        "details": f"{bucket}/runs/{RUN}/details/",
        "previous": f"{bucket}/runs/{RUN}/previous/",
        "churn": CHURN,
        "forecasts": FORECASTS,
        "model": MODEL,
        "ticket": f"{bucket}/runs/{RUN}/ticket.json",
        "record": f"{bucket}/runs/{RUN}/prepare.json",
    }
    outputs = {
        o["OutputName"]: o["S3Output"]["S3Uri"] for o in score["ProcessingOutputConfig"]["Outputs"]
    }
    assert outputs == {
        "profiles": f"{bucket}/profiles/",
        "transitions": f"{bucket}/transitions/",
        "model_cards": f"{bucket}/model_cards/",
        "score": f"{bucket}/runs/{RUN}/score/",
    }
    train = arguments(machine, "TrainKMeans")
    assert train["OutputDataConfig"]["S3OutputPath"] == f"{bucket}/runs/{RUN}/model"
    forecasts, churn = (arguments(machine, name) for name in ("TrainForecasts", "TrainChurn"))
    assert forecasts["OutputDataConfig"]["S3OutputPath"] == f"{bucket}/runs/{RUN}/forecasts"
    assert channels(forecasts) == {
        "behaviour_days": f"{bucket}/runs/{RUN}/behaviour_days/",
        "record": f"{bucket}/runs/{RUN}/prepare.json",
        "previous": f"{bucket}/runs/{RUN}/previous/previous.json",
        "ticket": f"{bucket}/runs/{RUN}/ticket.json",
    }
    assert churn["OutputDataConfig"]["S3OutputPath"] == f"{bucket}/runs/{RUN}/churn"
    assert channels(churn) == {
        "attributes": f"{bucket}/runs/{RUN}/attributes/",
        "ticket": f"{bucket}/runs/{RUN}/ticket.json",
    }


def channels(request):
    """Return the address of each of a training job's channels, without that of the code."""
    uris = {
        each["ChannelName"]: each["DataSource"]["S3DataSource"]["S3Uri"]
        for each in request["InputDataConfig"]
    }
    assert uris.pop("code").endswith(".zip")
    return uris


def test_score_gets_a_churn_model_where_one_was_trained(machine):
    inputs = asl.states(machine)["Score"]["Arguments"]["ProcessingInputs"]
    trained = asl.evaluate(inputs, sample("Score"))
    assert trained[-1]["InputName"] == "churn"
    assert trained[-1]["S3Input"]["S3Uri"] == CHURN
    assert asl.evaluate(inputs, sample("Score") | {"churn_uri": ""}) == trained[:-1]


def test_the_code_runs_from_where_sagemaker_puts_it(machine):
    for name, folder in (("Prepare", "processing/input"), ("TrainKMeans", "input/data")):
        request = arguments(machine, name)
        specification = request.get("AppSpecification") or request["AlgorithmSpecification"]
        python, path = specification["ContainerEntrypoint"]
        assert python == "python3"
        assert re.fullmatch(rf"/opt/ml/{folder}/code/[0-9a-f]{{64}}\.zip", path)
