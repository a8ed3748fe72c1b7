"""The state machine, as one reads it: from the upload to the destinations, or to FailRun."""

from __future__ import annotations

from typing import Any

from infra.kit.states import (
    FAIL_RUN,
    GLUE,
    PROCESSING,
    State,
    ask,
    caught,
    failing,
    in_order,
    jsonata,
    text,
)
from infra.pipeline.activation import activate, nothing_sent, sent
from infra.pipeline.steps import (
    RUN,
    Steps,
    call_step,
    small_first,
    small_or_job,
    start_job,
    wait_for_turn,
)
from infra.pipeline.training import TRAIN, train, trained
from tessera.environments.machines import in_function
from tessera.errors import NotApproved
from tessera.naming import ATTRIBUTES_FOLDER, DEFAULT_TENANT

_AWAIT_APPROVAL = "AwaitApproval"
_TENANT_OF_KEY = r"/^uploads\/([a-z0-9](?:[a-z0-9-]{0,46}[a-z0-9])?)\//"


def definition(steps: Steps) -> dict[str, Any]:
    """Return the whole machine in Amazon States Language."""
    prepare = start_job(steps, PROCESSING, steps.prepare, timed="Prepare")
    score = start_job(steps, PROCESSING, steps.score, timed="Score")
    map_schema = start_job(steps, GLUE, steps.map_schema, timed="MapSchema")
    scoring = small_or_job(steps, "Score", score, following=_AWAIT_APPROVAL)
    run = [
        ("CheckUpload", _check_upload(steps)),
        ("Start?", _start(steps)),
        ("Large?", _large(steps)),
        *small_first(steps, "Prepare", prepare, following=TRAIN),
        (TRAIN, train(steps)),
        ("Trained?", trained(steps, following=scoring[0][0])),
        *scoring,
        (_AWAIT_APPROVAL, _await_approval(steps)),
        *small_or_job(steps, "MapSchema", map_schema, following="Activate"),
        ("Activate", activate(steps)),
        ("Sent?", sent()),
        ("FinishRun", call_step(steps, steps.finish_run, {**RUN, "seconds": jsonata("$seconds")})),
        ("Finished", {"Type": "Succeed"}),
    ]
    guarded = [
        (name, caught(name, state) if state["Type"] in {"Task", "Map", "Parallel"} else state)
        for name, state in run
    ]
    ends = [
        ("PrepareOnSpark", caught("PrepareOnSpark", _prepare_on_spark(steps))),
        ("WaitForTurn", wait_for_turn(following="CheckUpload")),
        ("NothingSent", nothing_sent()),
        ("NothingToDo", {"Type": "Succeed", "Comment": "Done already, under way, or incomplete"}),
        (FAIL_RUN, _fail_run(steps)),
        ("RunFailed", _run_failed()),
    ]
    return {
        "Comment": "Tessera: from an upload or the clock to segments at every destination",
        "QueryLanguage": "JSONata",
        "StartAt": "NameRun",
        "TimeoutSeconds": steps.run_seconds,
        "States": in_order([("NameRun", _name_run()), *guarded, *ends]),
    }


def _name_run() -> State:
    """Give the variables values that FailRun can use before CheckUpload has replied."""
    by_key = f"$match($states.input.key, {_TENANT_OF_KEY}).groups[0]"
    named = f"({by_key} != '{ATTRIBUTES_FOLDER}' ? {by_key})"  # undefined otherwise: no tenant's
    tenant = f"[$states.input.tenant, {named}, '{DEFAULT_TENANT}'][0]"
    return {
        "Type": "Pass",
        "Assign": {
            "tenant": jsonata(tenant),
            "run_id": jsonata("$replace($states.context.Execution.Name, /[^A-Za-z0-9-]/, '-')"),
            "destinations": [],
            "began_ms": jsonata("$millis()"),
            "seconds": {},
        },
    }


def _check_upload(steps: Steps) -> State:
    execution = (
        "{'execution_arn': $states.context.Execution.Id, "
        "'execution_name': $states.context.Execution.Name, 'began_ms': $began_ms}"
    )
    return call_step(
        steps,
        steps.check_upload,
        jsonata(f"$merge([$states.context.Execution.Input, {execution}])"),
    )


def _start(steps: Steps) -> State:
    size = "$states.input.bytes + $states.input.history_bytes"
    small = f"{size} < {steps.small_bytes} and $states.input.engine != 'spark'"
    start = {
        "Condition": jsonata("$states.input.status = 'START'"),
        "Assign": {
            "tenant": jsonata("$states.input.tenant"),
            "run_id": jsonata("$states.input.run_id"),
            "destinations": jsonata("$states.input.destinations"),
            "attributes": jsonata("$states.input.attributes"),
            **({"small": jsonata(small)} if steps.small else {}),
        },
        "Next": "Large?",
    }
    queued = {"Condition": jsonata("$states.input.status = 'QUEUED'"), "Next": "WaitForTurn"}
    return {"Type": "Choice", "Choices": [start, queued], "Default": "NothingToDo"}


def _large(steps: Steps) -> State:
    """Prepare on many machines what one would take too long for, or what a setting says.

    What is small is prepared in a function, if there are functions for that.
    """
    by_size = f"$states.input.bytes >= {steps.spark_from_bytes}"
    condition = f"$states.input.engine = 'spark' or ($states.input.engine = 'auto' and {by_size})"
    spark = {"Condition": jsonata(condition), "Next": "PrepareOnSpark"}
    small = {"Condition": jsonata("$small"), "Next": in_function("Prepare")}
    choices = [spark, small] if steps.small else [spark]
    return {"Type": "Choice", "Choices": choices, "Default": "Prepare"}


def _prepare_on_spark(steps: Steps) -> State:
    state = start_job(steps, GLUE, steps.prepare_on_spark, timed="PrepareOnSpark")
    return {**state, "Next": TRAIN}


def _await_approval(steps: Steps) -> State:
    """Go on at once, or wait for somebody's decision when the circuit breaker asks for one."""
    event = {**RUN, "execution_arn": jsonata("$states.context.Execution.Id")}
    days = steps.approval_seconds // 86_400
    late = f"nobody approved or rejected the run within {days} days, so it was stopped"
    error = {"Error": NotApproved.__name__, "Cause": late}
    state = ask(
        steps.await_approval.arn,
        event,
        partition=steps.partition,
        timeout_seconds=steps.approval_seconds,
    )
    return {**state, "Catch": [failing(_AWAIT_APPROVAL, ["States.Timeout"], error=error)]}


def _fail_run(steps: Steps) -> State:
    event = {
        **RUN,
        "state": jsonata("$states.input.state"),
        "error": jsonata("$states.input.error"),
        "execution_arn": jsonata("$states.context.Execution.Id"),
    }
    same = jsonata("$states.input")
    catch = {"ErrorEquals": ["States.ALL"], "Output": same, "Next": "RunFailed"}
    return {
        **call_step(steps, steps.fail_run, event),
        "Output": same,
        "Catch": [catch],
        "Next": "RunFailed",
    }


def _run_failed() -> State:
    cause = text("Run $run_id of tenant $tenant failed; its error.json says what to do")
    return {"Type": "Fail", "Error": "RunFailed", "Cause": cause}
