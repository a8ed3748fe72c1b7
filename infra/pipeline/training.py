"""The models of a run, trained side by side: a branch per model, and what becomes of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from infra.kit.states import (
    FAIL_RUN,
    TRAINING,
    State,
    caught,
    in_order,
    jsonata,
    literal,
    seconds_of,
)
from infra.pipeline.steps import Steps, small_or_job, start_job
from tessera.environments.machines import in_function

TRAIN = "Train"
_CLUSTERS, _FORECASTS, _CHURN = "TrainKMeans", "TrainForecasts", "TrainChurn"
_MODELS = (_CLUSTERS, _FORECASTS, _CHURN)


def train(steps: Steps) -> State:
    """Train all models at the same time. The output merges what the branches return.

    Variables that a branch assigns end with it. So each branch returns the address of its model.
    A branch that fails returns the state and the error instead, and the other branches continue.
    """
    branches = [
        _branch(_CLUSTERS, steps, steps.train, model="model_uri"),
        _branch(_FORECASTS, steps, steps.train_forecasts, model="forecasts_uri"),
        _branch(
            _CHURN,
            steps,
            steps.train_churn,
            model="churn_uri",
            before=[("Attributes?", _attributes(steps))],
        ),
    ]
    return {"Type": "Parallel", "Branches": branches, "Output": jsonata("$merge($states.result)")}


def trained(steps: Steps, *, following: str) -> State:
    """Continue with the models where all branches succeeded. Otherwise fail the run."""
    names = [*_MODELS, *map(in_function, _MODELS)] if steps.small else _MODELS
    seconds = literal({name: jsonata(f"$states.input.{name}") for name in names})
    models = {
        "Condition": jsonata("$not($exists($states.input.error))"),
        "Assign": {
            "model_uri": jsonata("$states.input.model_uri"),
            "forecasts_uri": jsonata("$states.input.forecasts_uri"),
            "churn_uri": jsonata("[$states.input.churn_uri, ''][0]"),
            "seconds": jsonata(f"$merge([$seconds, {seconds}])"),
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
    state = start_job(steps, TRAINING, request)
    uri = "$states.result.ModelArtifacts.S3ModelArtifacts"
    # One expression, because a member that is not known is then absent, and no error.
    output = jsonata(f"{{'{model}': {uri}, '{name}': {seconds_of(TRAINING)}}}")
    end = f"{name}Ended"
    reply = "$states.result.Payload"
    small = f"{{'{model}': {reply}.model, '{in_function(name)}': {reply}.seconds}}"
    work = small_or_job(
        steps, name, {**state, "Output": output}, following=end, output=jsonata(small)
    )
    states = [
        *before,
        *((one, caught(one, it, by=end) if it["Type"] == "Task" else it) for one, it in work),
        (end, {"Type": "Succeed"}),
    ]
    return {"StartAt": states[0][0], "States": in_order(states)}


def _attributes(steps: Steps) -> State:
    """Train a churn model where there is something to train on."""
    train = f"{_CHURN}?" if steps.small else _CHURN
    some = {"Condition": jsonata("$attributes"), "Next": train}
    return {"Type": "Choice", "Choices": [some], "Default": f"{_CHURN}Ended"}
