"""Bring a destination's segments up to date and report on the load.

States: EnsureSegments, and TellFailure for a destination that failed while others go on.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from adapters.aws.function_logs import logged
from adapters.destinations.activation import Activation
from adapters.destinations.loads import RunLoad
from tessera.destinations import content
from tessera.destinations.capabilities import Capabilities
from tessera.destinations.planning.report import Failed, Placed, files_report, report
from tessera.destinations.planning.retiring import retired
from tessera.destinations.port import BY_HAND, RETIRED, Referring, Segment, Transport
from tessera.insights.failure import understand_caught
from tessera.settings import DELETE

_AT_ONCE = 4  # a size takes the service seconds to count, and there are dozens


@logged("EnsureSegments", message="status", facts=("error",))
def handler(event: dict[str, Any], _context: object) -> dict[str, str]:
    """Create what is missing, keep what is right, read the sizes back, write report.json."""
    activation = Activation.parse(event)
    load = activation.load()
    if "failure" in event:
        return _tell(event["failure"], activation=activation, load=load)
    if activation.vendor is None:
        load.write_report(files_report(load.record))
    elif load.record["held"]:
        planned = activation.estimate(load.record["changes"])
        load.write_report(report(load.record, totals=load.totals(), segments=[], planned=planned))
    else:
        placed = _place_all(activation, load, able=activation.vendor.CAPABILITIES)
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


def _place_all(activation: Activation, load: RunLoad, *, able: Capabilities) -> list[Placed]:
    """Make every segment what it shall be, and see to those that nobody asks for any more."""
    transport = activation.transport()
    wanted = [Segment.parse(value) for value in load.record["segments"]]
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        placed = list(pool.map(functools.partial(_place, transport=transport, able=able), wanted))
    left = retired(load.known_segments(), wanted)
    delete = activation.settings.retired_segments == DELETE
    actions = [transport.retire(one) if delete else RETIRED for one in left]
    load.remember_segments(wanted if delete else [*wanted, *left])
    gone = [
        Placed(one.name, one.label, action, None, content.rule(one) if action == BY_HAND else "")
        for one, action in zip(left, actions, strict=True)
    ]
    return placed + gone


def _place(segment: Segment, *, transport: Transport, able: Capabilities) -> Placed:
    if segment.bounds and not able.thresholds:
        return Placed(segment.name, segment.label, BY_HAND, None, content.rule(segment))
    action = transport.ensure(segment)
    rule = content.rule(segment) if action == BY_HAND else ""
    reference = transport.reference(segment) if isinstance(transport, Referring) else ""
    size = transport.size(segment)
    return Placed(segment.name, segment.label, action, size, rule, reference)
