"""The state machine of campaigns: what its states do when something is not ready."""

from __future__ import annotations

from infra.campaigns.definition import CampaignStates, definition
from infra.kit.states import Function
from tessera.errors import Retryable


def test_a_plan_waits_for_its_turn_for_about_an_hour():
    function = Function(arn="arn:f", timeout_seconds=900)
    machine = definition(
        CampaignStates(
            plan_campaign=function, advance_campaign=function, send_chunk=function, partition="aws"
        )
    )
    retry = machine["States"]["PlanCampaign"]["Retry"][0]
    assert retry["ErrorEquals"] == [Retryable.__name__]
    seconds, waited = float(retry["IntervalSeconds"]), 0.0
    for _ in range(retry["MaxAttempts"]):
        waited += min(seconds, retry["MaxDelaySeconds"])
        seconds *= retry["BackoffRate"]
    assert 3600 < waited < 2 * 3600
