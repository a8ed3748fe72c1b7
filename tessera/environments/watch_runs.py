"""The environment of WatchRuns."""

from __future__ import annotations

import dataclasses

from tessera.environments.environment import Environment


@dataclasses.dataclass(frozen=True)
class WatchRunsEnvironment(Environment):
    """For lambdas/watch_runs. ``stage`` is a dimension of its metrics."""

    state_machine_arn: str
    stage: str
