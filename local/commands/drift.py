"""``tessera drift``: which deployed resources differ from their templates."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from local.app.elsewhere.account import capabilities_of, reaching
from local.app.inputs.settings_file import stage_settings
from tessera.errors import Refused

_POLL_S = 5.0
_WITHIN_S = 900.0
_DIFFERENT = ["MODIFIED", "DELETED"]
_LONGEST = 120  # characters of a property's value that are printed


def drift_of(stage: str, *, say: Callable[[str], None]) -> dict[str, list[str]]:
    """Compare a stage of cdk.json, as it is deployed with this shell's credentials."""
    settings = stage_settings(stage=stage)
    with reaching(settings, capabilities=capabilities_of(settings)) as (aws, outputs):
        return drift(aws.client("cloudformation"), stacks=sorted(outputs), say=say)


def drift(
    client: Any,
    *,
    stacks: list[str],
    say: Callable[[str], None],
    sleep: Callable[[float], None] = time.sleep,
) -> dict[str, list[str]]:
    """Print the resources that were changed outside CloudFormation. Return them by stack.

    Parameters
    ----------
    client
        boto3's client of CloudFormation.
    stacks
        The stacks' names.

    Raises
    ------
    Refused
        CloudFormation could not compare a stack. The message has its reason.
    """
    identified = {
        stack: client.detect_stack_drift(StackName=stack)["StackDriftDetectionId"]
        for stack in stacks
    }
    changed: dict[str, list[str]] = {}
    for stack, detection in identified.items():
        _wait(client, stack, detection, sleep=sleep)
        lines = [line for resource in _changed(client, stack) for line in _describe(resource)]
        changed[stack] = [line.strip() for line in lines]
        say(f"{stack}: {'changed outside CloudFormation' if lines else 'as its template says'}")
        for line in lines:
            say(line)
    return changed


def _wait(client: Any, stack: str, detection: str, *, sleep: Callable[[float], None]) -> None:
    waited = 0.0
    while True:
        status = client.describe_stack_drift_detection_status(StackDriftDetectionId=detection)
        if status["DetectionStatus"] == "DETECTION_COMPLETE":
            return
        if status["DetectionStatus"] == "DETECTION_FAILED":
            reason = status.get("DetectionStatusReason", "no reason given")
            raise Refused(
                f"CloudFormation could not compare stack {stack}: {reason}. It needs permission "
                "to read every resource of the stack"
            )
        if waited >= _WITHIN_S:
            raise Refused(f"CloudFormation did not compare stack {stack} within {_WITHIN_S:.0f} s")
        sleep(_POLL_S)
        waited += _POLL_S


def _changed(client: Any, stack: str) -> Iterator[Mapping[str, Any]]:
    request: dict[str, Any] = {
        "StackName": stack,
        "StackResourceDriftStatusFilters": _DIFFERENT,
    }
    while True:
        page = client.describe_stack_resource_drifts(**request)
        yield from page["StackResourceDrifts"]
        if not page.get("NextToken"):
            return
        request["NextToken"] = page["NextToken"]


def _describe(resource: Mapping[str, Any]) -> Iterator[str]:
    status = resource["StackResourceDriftStatus"].lower()
    name = resource.get("PhysicalResourceId") or resource["LogicalResourceId"]
    yield f"  {status}: {resource['ResourceType']} {name}"
    for difference in resource.get("PropertyDifferences", []):
        expected, actual = (_short(difference[side]) for side in ("ExpectedValue", "ActualValue"))
        yield f"    {difference['PropertyPath']}: expected {expected}, is {actual}"


def _short(value: str) -> str:
    return value if len(value) <= _LONGEST else value[: _LONGEST - 1] + "…"
