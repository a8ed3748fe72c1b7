"""Close the days of the event stream that got parts. Called every hour by a rule."""

from __future__ import annotations

import dataclasses
import os
from typing import Any

from adapters.aws.function_logs import logged
from adapters.aws.objects import Objects
from steps.ingest.close import close_windows
from tessera.environments.ingest import CloseWindowsEnvironment


@logged("CloseWindows", facts=("folders", "closed", "merged"))
def handler(_event: dict[str, Any], _context: object) -> dict[str, int]:
    """Reply how many folders had new parts, how many were closed, and what was merged."""
    env = CloseWindowsEnvironment.from_env(os.environ)
    report = close_windows(Objects.shared(env.data_bucket))
    return dataclasses.asdict(report)
