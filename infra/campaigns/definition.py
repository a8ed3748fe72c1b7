"""The state machine of campaigns, as one reads it: plan, then advance until there is an end."""

from __future__ import annotations

import dataclasses
from typing import Any

from infra.kit.states import Function, State, call, in_order, jsonata
from tessera.errors import Retryable

# An inline Map runs 40 at once at most. Each worker sends eight messages at once.
_AT_ONCE = 40
_PAUSE_SECONDS = 60  # after a worker's error, before its chunk is sent again
# Until it is a run's turn to be planned: about an hour, which the runs before it have at most.
_TURN = {
    "ErrorEquals": [Retryable.__name__],
    "IntervalSeconds": 10,
    "MaxAttempts": 40,
    "BackoffRate": 1.5,
    "MaxDelaySeconds": 120,
}
_CAUSE = "The run could not be planned. Its reason is on its page, or in the log of PlanCampaign."
_RUN = {"tenant": jsonata("$tenant"), "run": jsonata("$run")}


@dataclasses.dataclass(frozen=True, kw_only=True)
class CampaignStates:
    """What the states call."""

    plan_campaign: Function
    advance_campaign: Function
    send_chunk: Function
    partition: str


def definition(states: CampaignStates) -> dict[str, Any]:
    """Return the machine in Amazon States Language.

    Its input is ``{"tenant", "run", "task"}``. The task ``plan`` begins with the plan. Then, as
    for ``send``, AdvanceCampaign decides what comes next each time, from what is stored.
    """
    return {
        "Comment": "Tessera: a campaign's run, from its plan to its last message",
        "QueryLanguage": "JSONata",
        "StartAt": "NameCampaignRun",
        "States": in_order(
            [
                ("NameCampaignRun", _name()),
                ("PlanCampaign?", _choice("$states.input.task = 'plan'", "PlanCampaign")),
                ("AdvanceCampaign", _advance(states)),
                ("Next?", _next()),
                ("SendChunks", _send_chunks(states)),
                ("WaitUntil", _wait()),
                ("PlanCampaign", _plan(states)),
                ("RecordFailure", _record_failure(states)),
                ("PlanFailed", {"Type": "Fail", "Error": "PlanFailed", "Cause": _CAUSE}),
                ("Ended", {"Type": "Succeed"}),
            ]
        ),
    }


def _name() -> State:
    assign = {
        "tenant": jsonata("$states.input.tenant"),
        "run": jsonata("$states.input.run"),
        "rounds": 0,
    }
    return {"Type": "Pass", "Assign": assign}


def _choice(condition: str, following: str) -> State:
    choice = {"Condition": jsonata(condition), "Next": following}
    return {"Type": "Choice", "Choices": [choice], "Default": "AdvanceCampaign"}


def _plan(states: CampaignStates) -> State:
    """Plan the run. A tenant's runs are planned one after another, so this one may have to wait."""
    state = _call(states, states.plan_campaign, _RUN, "AdvanceCampaign")
    caught = {
        "ErrorEquals": ["States.ALL"],
        "Output": {"error": jsonata("$states.errorOutput.Error")},
        "Next": "RecordFailure",
    }
    return {**state, "Retry": [_TURN, *state["Retry"]], "Catch": [caught]}


def _record_failure(states: CampaignStates) -> State:
    """Write down that the plan failed: a run that stays PLANNING lets no other one be planned."""
    event = {**_RUN, "failed": jsonata("$states.input.error")}
    return _call(states, states.advance_campaign, event, "PlanFailed")


def _advance(states: CampaignStates) -> State:
    event = {
        **_RUN,
        "execution": jsonata("$states.context.Execution.Name"),
        "rounds": jsonata("$rounds"),
    }
    state = _call(states, states.advance_campaign, event, "Next?")
    return {**state, "Assign": {"rounds": jsonata("$rounds + 1")}}


def _next() -> State:
    choices = [
        {"Condition": jsonata(f"$states.input.next = '{one}'"), "Next": following}
        for one, following in (("send", "SendChunks"), ("wait", "WaitUntil"))
    ]
    return {"Type": "Choice", "Choices": choices, "Default": "Ended"}


def _wait() -> State:
    return {
        "Type": "Wait",
        "Timestamp": jsonata("$states.input.until"),
        "Next": "AdvanceCampaign",
    }


def _send_chunks(states: CampaignStates) -> State:
    """Send the chunks of a round. One whose worker failed is sent again in the next round."""
    event = {
        **_RUN,
        "chunk": jsonata("$states.input.chunk"),
        "round": jsonata("$states.input.round"),
    }
    sent = call(
        states.send_chunk.arn,
        event,
        partition=states.partition,
        timeout_seconds=states.send_chunk.timeout_seconds,
    )
    failed = {"ErrorEquals": ["States.ALL"], "Output": {}, "Next": "ChunkFailed"}
    return {
        "Type": "Map",
        "Items": jsonata("$states.input.chunks"),
        "MaxConcurrency": _AT_ONCE,
        "ItemProcessor": {
            "ProcessorConfig": {"Mode": "INLINE"},
            "StartAt": "SendChunk",
            "States": {
                "SendChunk": {**sent, "Catch": [failed], "End": True},
                "ChunkFailed": {"Type": "Wait", "Seconds": _PAUSE_SECONDS, "End": True},
            },
        },
        "Output": {},
        "Next": "AdvanceCampaign",
    }


def _call(states: CampaignStates, function: Function, event: Any, following: str) -> State:
    state = call(
        function.arn,
        event,
        partition=states.partition,
        timeout_seconds=function.timeout_seconds,
    )
    return {**state, "Next": following}
