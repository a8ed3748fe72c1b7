"""The environments of StoreEvents and CloseWindows."""

from __future__ import annotations

import dataclasses

from tessera.environments.environment import Environment


@dataclasses.dataclass(frozen=True)
class StoreEventsEnvironment(Environment):
    """For lambdas/store_events. ``stage`` is a dimension of its metrics."""

    data_bucket: str
    stage: str


@dataclasses.dataclass(frozen=True)
class CloseWindowsEnvironment(Environment):
    """For lambdas/close_windows."""

    data_bucket: str
