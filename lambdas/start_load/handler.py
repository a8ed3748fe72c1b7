"""See whether a destination has to be told anything, and that it is there. State: StartLoad."""

from __future__ import annotations

from typing import Any

from adapters.aws.function_logs import logged
from adapters.destinations.activation import Activation
from tessera.destinations.port import Segment


@logged("StartLoad", message="status", facts=("progress",))
def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Reply DONE when there is nothing to send or nothing may be, otherwise IN_PROGRESS."""
    activation = Activation.parse(event)
    record = activation.load().record
    changes = record["changes"]
    if activation.vendor is None or record["held"]:
        return {"status": "DONE", "wait_seconds": 0, "progress": {"changes": 0}}
    activation.transport().check([Segment.parse(value) for value in record["segments"]])
    return {
        "status": "IN_PROGRESS" if changes else "DONE",
        "wait_seconds": 0,
        "progress": {"changes": changes},
    }
