"""What is started ahead is what a run that goes well will need, in that order."""

from __future__ import annotations

import re

from infra.kit.states import State
from local.aws.warming import is_rare, needs
from tessera import naming

FUNCTION = "arn:aws:lambda:us-east-1:000000000000:function:"


def call(name: str, following: str = "") -> State:
    way = {"Next": following} if following else {"End": True}
    arguments = {"FunctionName": FUNCTION + name}
    resource = "arn:aws:states:::lambda:invoke"
    failed = {"Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Failed"}]}
    return {"Type": "Task", "Resource": resource, "Arguments": arguments, **way, **failed}


def job(integration: str, following: str = "") -> State:
    way = {"Next": following} if following else {"End": True}
    return {"Type": "Task", "Resource": f"arn:aws:states:::{integration}.sync", **way}


def test_jobs_and_functions_come_in_the_order_of_the_states():
    inside = {
        "StartAt": "Load",
        "States": {"Load": call("load", "Report"), "Report": call("report")},
    }
    branches = [
        {"StartAt": name, "States": {name: job("sagemaker:createTrainingJob")}}
        for name in ("Groups", "Leavers")
    ]
    definition = {
        "StartAt": "Check",
        "States": {
            "Failed": call("fail", "Over"),
            "Each": {"Type": "Map", "ItemProcessor": inside, "Next": "Finish"},
            "Finish": call("finish"),
            "Check": call("check", "Go?"),
            "Go?": {"Type": "Choice", "Choices": [{"Next": "Prepare"}], "Default": "Wait"},
            "Wait": {"Type": "Wait", "Seconds": 1, "Next": "Check"},
            "Prepare": job("sagemaker:createProcessingJob", "Train"),
            "Train": {"Type": "Parallel", "Branches": branches, "Next": "Map"},
            "Map": job("glue:startJobRun", "Any?"),
            "Any?": {"Type": "Choice", "Choices": [{"Next": "None"}], "Default": "Each"},
            "None": {"Type": "Pass", "Next": "Failed"},
            "Over": {"Type": "Fail"},
        },
    }
    names = [re.sub(f"^{FUNCTION}", "", name) for name in needs(definition)]
    assert names == [
        "check", "processing", "training", "training", "glue", "load", "load", "report",
        "finish",
    ]  # fmt: skip


def test_nothing_is_started_ahead_for_what_is_rarely_done():
    assert is_rare(naming.erasures_machine("dev"))
    assert is_rare(naming.campaigns_machine("dev"))
    assert not is_rare("tessera-dev")
