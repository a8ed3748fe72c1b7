"""The environment of FailRun."""

from __future__ import annotations

import dataclasses

from tessera.environments.environment import Environment


@dataclasses.dataclass(frozen=True)
class FailRunEnvironment(Environment):
    """For lambdas/fail_run."""

    data_bucket: str
    identities_bucket: str
    runs_table: str
    topic_arn: str
