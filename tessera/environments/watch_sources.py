"""The environment of WatchSources."""

from __future__ import annotations

import dataclasses

from tessera.environments.environment import Environment


@dataclasses.dataclass(frozen=True)
class WatchSourcesEnvironment(Environment):
    """For lambdas/watch_sources. ``stage`` is a dimension of its metric."""

    data_bucket: str
    tenants_table: str
    stage: str
