"""Erase the people of an erasure at one destination, and keep what it answered.

The event is {"tenant", "case", "destination"}. The reply names nobody.
"""

from __future__ import annotations

import os
from typing import Any

from adapters.aws.function_logs import logged
from steps.erase.destinations import ErasureAtDestination


@logged("EraseAtDestination", message="status", facts=("people", "failed"))
def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Reply DONE, FAILED where a part is to be tried again, or ENDED for a case without anybody."""
    answer = ErasureAtDestination.parse(event).carry_out(os.environ)
    if answer is None:
        return {"status": "ENDED", "destination": event["destination"]}
    return {
        "status": "FAILED" if answer.failed else "DONE",
        "destination": answer.destination,
        "people": sum(answer.answers.values()),
        "failed": answer.answers.get("failed", 0),
    }
