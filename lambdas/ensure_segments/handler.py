"""Bring a destination's segments up to date and report on the load.

Called by the states `EnsureSegments`, and `ReportFailure` if a destination failed.
"""

from __future__ import annotations

import os
from typing import Any

from adapters.aws.function_logs import logged
from steps.activate.activation import Activation, LoadJob
from steps.activate.segments import ensure_segments, report_failure
from tessera.insights.failure.understanding import CaughtError
from tessera.records.codec import encode


@logged("EnsureSegments", message="status", facts=("error",))
def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Reply with the destination and whether it is DONE or FAILED."""
    activation = Activation.of(LoadJob.parse(event), env=os.environ)
    if "failure" in event:
        return encode(report_failure(activation, CaughtError.parse(event["failure"])))
    return encode(ensure_segments(activation))
