"""Send the next parts of a load, for as long as there is time. State: PollLoad."""

from __future__ import annotations

import dataclasses
import math
import time
from typing import Any, Protocol

from adapters.aws.function_logs import logged
from adapters.destinations.activation import Activation
from tessera.destinations.planning.load import ATTEMPTS
from tessera.destinations.port import Loaded
from tessera.errors import InvalidInput, Retryable

_RESERVE_SECONDS = 60  # one batch with all its repeats, and saving what was acknowledged
_WAIT_SECONDS = 2


class Context(Protocol):
    """What the runtime tells about this call."""

    def get_remaining_time_in_millis(self) -> int:
        """Return what is left of the function's time."""
        ...


@logged("PollLoad", message="status", facts=("wait_seconds", "progress"))
def handler(event: dict[str, Any], context: Context) -> dict[str, Any]:
    """Reply IN_PROGRESS while there is more to send. The bucket knows how far the load is.

    The reply's progress is for whoever watches: a repeated call goes on from what was saved. A
    destination that asks to be left alone for longer than a function should wait gets that time.
    """
    activation = Activation.parse(event)
    if activation.vendor is None:
        raise InvalidInput(f"{activation.destination} is not loaded by requests")
    load = activation.load()
    reserve = _reserve_milliseconds(activation.vendor)
    wait_seconds = _WAIT_SECONDS
    try:
        done = load.advance(
            vendor=activation.vendor,
            transport=activation.transport(),
            go_on=lambda: context.get_remaining_time_in_millis() > reserve,
            pause=time.sleep,
        )
    except Retryable as busy:
        if not busy.after_seconds:
            raise
        done, wait_seconds = False, math.ceil(busy.after_seconds)
    if done:
        load.write_refused()
    return {
        "status": "DONE" if done else "IN_PROGRESS",
        "wait_seconds": 0 if done else wait_seconds,
        "progress": {"changes": load.record["changes"], **dataclasses.asdict(load.totals())},
    }


def _reserve_milliseconds(vendor: Loaded) -> int:
    return 1000 * (_RESERVE_SECONDS + ATTEMPTS * vendor.CAPABILITIES.exchange_seconds)
