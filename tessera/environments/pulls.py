"""The environments of PlanPulls and PullSource."""

from __future__ import annotations

import dataclasses

from tessera.environments.environment import Environment


@dataclasses.dataclass(frozen=True)
class PlanPullsEnvironment(Environment):
    """For lambdas/plan_pulls. ``connectors`` are names, with commas between them."""

    stage: str
    connectors: str
    tenants_table: str
    state_machine_arn: str


@dataclasses.dataclass(frozen=True)
class PullSourceEnvironment(Environment):
    """For lambdas/pull_source."""

    stage: str
    data_bucket: str
    identities_bucket: str
    run_defaults: str
