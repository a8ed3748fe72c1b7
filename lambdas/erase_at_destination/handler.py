"""Erase the people of an erasure at one destination, and keep what it answered.

The event is {"tenant", "case", "destination"}. The reply names nobody.
"""

from __future__ import annotations

import os
from typing import Any

from adapters.aws.function_logs import logged
from steps.erase.destinations import ErasureAtDestination

_RESERVE_MS = 120_000  # what the last request before the time limit may take


@logged("EraseAtDestination", message="status", facts=("people", "failed"))
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ANN401 (Lambda's own)
    """Reply DONE, MORE where there was no time for everybody, or FAILED where a part failed.

    A failed part is tried again another day. ENDED is for a case without anybody.
    """
    answer = ErasureAtDestination.parse(event).carry_out(
        os.environ, goes_on=lambda: context.get_remaining_time_in_millis() > _RESERVE_MS
    )
    if answer is None:
        return {"status": "ENDED", "destination": event["destination"]}
    return {
        "status": "MORE" if answer.left else "FAILED" if answer.failed else "DONE",
        "destination": answer.destination,
        "people": sum(answer.answers.values()),
        "failed": answer.answers.get("failed", 0),
    }
