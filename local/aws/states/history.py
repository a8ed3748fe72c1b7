"""The history of an execution, as Step Functions gives it: by pages, in either order."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from moto.stepfunctions.responses import StepFunctionResponse

_MOST_EVENTS = 1000  # of a page, as at the service


def answer(response: StepFunctionResponse) -> str:
    """Answer GetExecutionHistory by pages, with times as the service sends them: as numbers.

    moto sends all of it each time, and its texts cost a client more to read than all the rest.
    """
    arn = response._get_param("executionArn")
    events = response.stepfunction_backend.get_execution_history(arn)["events"]
    backwards = bool(response._get_param("reverseOrder"))
    size = int(response._get_param("maxResults") or 0) or _MOST_EVENTS
    token = response._get_param("nextToken")  # how many events lie before the next page's edge
    edge = int(token) if token else len(events) * backwards
    chosen = events[max(edge - size, 0) : edge][::-1] if backwards else events[edge : edge + size]
    edge += -size if backwards else size
    more = {"nextToken": str(edge)} if 0 < edge < len(events) else {}
    return json.dumps({"events": [_timed(event) for event in chosen], **more})


def _timed(event: dict[str, Any]) -> dict[str, Any]:
    moment = dt.datetime.fromisoformat(event["timestamp"])
    return {**event, "timestamp": moment.timestamp()}
