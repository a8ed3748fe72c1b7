"""The environment of StartDailyRuns."""

from __future__ import annotations

import dataclasses

from tessera.environments.environment import Environment


@dataclasses.dataclass(frozen=True)
class StartDailyRunsEnvironment(Environment):
    """For lambdas/start_daily_runs."""

    tenants_table: str
    state_machine_arn: str
