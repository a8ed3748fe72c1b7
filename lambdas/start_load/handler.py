"""Check that a destination is ready. Called by the `StartLoad` state."""

from __future__ import annotations

import os
from typing import Any

from adapters.aws.function_logs import logged
from steps.activate.activation import Activation, LoadJob
from steps.activate.start import start_load
from tessera.records.codec import encode


@logged("StartLoad", message="status", facts=("progress",))
def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Reply DONE if there is nothing to send or sending is not allowed, else IN_PROGRESS."""
    activation = Activation.of(LoadJob.parse(event), env=os.environ)
    return encode(start_load(activation))
