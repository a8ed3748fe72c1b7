"""The environment of the functions of Activate."""

from __future__ import annotations

import dataclasses

from tessera.environments.environment import Environment


@dataclasses.dataclass(frozen=True)
class ActivateEnvironment(Environment):
    """For lambdas/start_load, poll_load and ensure_segments.

    ``stage`` names the secrets, ``options`` is JSON: the options of each destination inside AWS,
    by the catalog's names.
    """

    data_bucket: str
    identities_bucket: str
    stage: str
    options: str


@dataclasses.dataclass(frozen=True)
class PlanLoadsEnvironment(ActivateEnvironment):
    """For lambdas/plan_loads. ``machines`` is what ``StageMachines.to_text`` writes."""

    machines: str
