"""Send the next parts of a load, for as long as there is time. Called by the `PollLoad` state."""

from __future__ import annotations

import os
import time
from typing import Any, Protocol

from adapters.aws.function_logs import logged
from steps.activate.activation import Activation, LoadJob
from steps.activate.send import poll_load
from tessera.records.codec import encode


class Context(Protocol):
    """The part of Lambda's context that is used here."""

    def get_remaining_time_in_millis(self) -> int:
        """Return the rest of the function's time."""
        ...


@logged("PollLoad", message="status", facts=("wait_seconds", "progress"))
def handler(event: dict[str, Any], context: Context) -> dict[str, Any]:
    """Reply IN_PROGRESS while there is more to send. A repeated call continues from the bucket."""
    activation = Activation.of(LoadJob.parse(event), env=os.environ)
    reply = poll_load(
        activation,
        seconds_left=lambda: context.get_remaining_time_in_millis() / 1000,
        pause=time.sleep,
    )
    return encode(reply)
