"""Bring a destination's segments up to date and report on the load. State: EnsureSegments."""

from __future__ import annotations

import functools
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from adapters.activation import Activation
from tessera.destinations.port import Segment, Transport
from tessera.destinations.report import Placed, files_report, report

_AT_ONCE = 4  # a size takes the service seconds to count, and there are dozens


def handler(event: dict[str, Any], _context: object) -> dict[str, str]:
    """Create what is missing, keep what is right, read the sizes back, write report.json."""
    activation = Activation.parse(event)
    load = activation.load()
    if activation.vendor is None:
        load.write_report(files_report(load.record))
    else:
        place = functools.partial(_place, transport=activation.transport())
        wanted = [Segment.parse(value) for value in load.record["segments"]]
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            placed = list(pool.map(place, wanted))
        load.write_report(report(load.record, totals=load.totals(), segments=placed))
    return {"destination": activation.destination, "status": "DONE"}


def _place(segment: Segment, *, transport: Transport) -> Placed:
    action = transport.ensure(segment)
    return Placed(segment.name, segment.label, action, transport.size(segment))
