"""Send the next parts of a load, for as long as there is time. State: PollLoad."""

from __future__ import annotations

import dataclasses
import time
from typing import Any, Protocol

from adapters.activation import Activation
from tessera.errors import InvalidInput

_RESERVE_MILLISECONDS = 60_000  # one batch with all its repeats, and saving what was acknowledged
_WAIT_SECONDS = 2


class Context(Protocol):
    """What the runtime tells about this call."""

    def get_remaining_time_in_millis(self) -> int:
        """Return what is left of the function's time."""
        ...


def handler(event: dict[str, Any], context: Context) -> dict[str, Any]:
    """Reply IN_PROGRESS while there is more to send. The bucket knows how far the load is.

    The reply's progress is for whoever watches: a repeated call goes on from what was saved.
    """
    activation = Activation.parse(event)
    if activation.vendor is None:
        raise InvalidInput(f"{activation.destination} is not loaded by requests")
    load = activation.load()
    done = load.advance(
        vendor=activation.vendor,
        transport=activation.transport(),
        go_on=lambda: context.get_remaining_time_in_millis() > _RESERVE_MILLISECONDS,
        pause=time.sleep,
    )
    if done:
        load.write_refused()
    return {
        "status": "DONE" if done else "IN_PROGRESS",
        "wait_seconds": 0 if done else _WAIT_SECONDS,
        "progress": {"changes": load.record["changes"], **dataclasses.asdict(load.totals())},
    }
