"""The models of a run, trained side by side: a branch per model, and what becomes of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from infra.pipeline.states import FAIL_RUN, State, caught, in_order, jsonata
from infra.pipeline.steps import Steps, start_job

TRAIN = "Train"


def train(steps: Steps) -> State:
    """Train all models at the same time. The output merges what the branches return.

    Variables that a branch assigns end with it. So each branch returns the address of its model.
    A branch that fails returns the state and the error instead, and the other branches continue.
    """
    branches = [
        _branch("TrainKMeans", steps, steps.train, model="model_uri"),
        _branch("TrainForecasts", steps, steps.train_forecasts, model="forecasts_uri"),
        _branch(
            "TrainChurn",
            steps,
            steps.train_churn,
            model="churn_uri",
            before=[("Attributes?", _attributes())],
        ),
    ]
    return {"Type": "Parallel", "Branches": branches, "Output": jsonata("$merge($states.result)")}


def trained(*, following: str) -> State:
    """Continue with the models where all branches succeeded. Otherwise fail the run."""
    models = {
        "Condition": jsonata("$not($exists($states.input.error))"),
        "Assign": {
            "model_uri": jsonata("$states.input.model_uri"),
            "forecasts_uri": jsonata("$states.input.forecasts_uri"),
            "churn_uri": jsonata("[$states.input.churn_uri, ''][0]"),
        },
        "Next": following,
    }
    return {"Type": "Choice", "Choices": [models], "Default": FAIL_RUN}


def _branch(
    name: str,
    steps: Steps,
    request: dict[str, Any],
    *,
    model: str,
    before: Sequence[tuple[str, State]] = (),
) -> dict[str, Any]:
    """Return a branch that trains one model. ``model`` names its address in the output."""
    state = start_job(steps, "sagemaker:createTrainingJob", request)
    uri = jsonata("$states.result.ModelArtifacts.S3ModelArtifacts")
    end = f"{name}Ended"
    states = [
        *before,
        (name, caught(name, {**state, "Output": {model: uri}}, by=end)),
        (end, {"Type": "Succeed"}),
    ]
    return {"StartAt": states[0][0], "States": in_order(states)}


def _attributes() -> State:
    """Train a churn model where there is something to train on."""
    some = {"Condition": jsonata("$attributes"), "Next": "TrainChurn"}
    return {"Type": "Choice", "Choices": [some], "Default": "TrainChurnEnded"}
