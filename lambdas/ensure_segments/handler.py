"""Bring a destination's segments up to date and report on the load.

States: EnsureSegments, and TellFailure for a destination that failed while others go on.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from adapters.activation import Activation
from adapters.loads import RunLoad
from tessera.destinations import content
from tessera.destinations.estimate import estimate
from tessera.destinations.port import BY_HAND, Segment, Transport
from tessera.destinations.report import Failed, Placed, files_report, report
from tessera.insights.failure import understand_caught

_AT_ONCE = 4  # a size takes the service seconds to count, and there are dozens


def handler(event: dict[str, Any], _context: object) -> dict[str, str]:
    """Create what is missing, keep what is right, read the sizes back, write report.json."""
    activation = Activation.parse(event)
    load = activation.load()
    if "failure" in event:
        return _tell(event["failure"], activation=activation, load=load)
    if activation.vendor is None:
        load.write_report(files_report(load.record))
    elif load.record["held"]:
        planned = estimate(load.record["changes"], capabilities=activation.vendor.CAPABILITIES)
        load.write_report(report(load.record, totals=load.totals(), segments=[], planned=planned))
    else:
        place = functools.partial(_place, transport=activation.transport())
        wanted = [Segment.parse(value) for value in load.record["segments"]]
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            placed = list(pool.map(place, wanted))
        load.write_report(report(load.record, totals=load.totals(), segments=placed))
    return {"destination": activation.destination, "status": "DONE"}


def _tell(failure: Mapping[str, Any], *, activation: Activation, load: RunLoad) -> dict[str, str]:
    """Report on a destination that failed: what was sent until then stays acknowledged."""
    known = understand_caught(failure)
    if activation.vendor is not None:
        load.write_refused()
    told = Failed(state=str(failure["state"]), error=known.error, message=known.message)
    load.write_report(report(load.record, totals=load.totals(), segments=[], failed=told))
    return {
        "destination": activation.destination,
        "status": "FAILED",
        "error": known.error,
        "message": known.message,
    }


def _place(segment: Segment, *, transport: Transport) -> Placed:
    action = transport.ensure(segment)
    rule = content.rule(segment) if action == BY_HAND else ""
    return Placed(segment.name, segment.label, action, transport.size(segment), rule)
