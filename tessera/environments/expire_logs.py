"""The environment of ExpireLogs."""

from __future__ import annotations

import dataclasses

from tessera.environments.environment import Environment


@dataclasses.dataclass(frozen=True)
class ExpireLogsEnvironment(Environment):
    """For lambdas/expire_logs. ``log_groups`` is comma separated."""

    log_groups: str
    stream_prefix: str
    keep_days: str
