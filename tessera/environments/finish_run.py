"""The environment of FinishRun."""

from __future__ import annotations

import dataclasses

from tessera.environments.environment import Environment


@dataclasses.dataclass(frozen=True)
class FinishRunEnvironment(Environment):
    """For lambdas/finish_run.

    ``stage`` is a dimension of its metrics, ``machines`` what ``StageMachines.to_text`` writes.
    ``console`` is the console's origin, empty where there is none.
    """

    data_bucket: str
    identities_bucket: str
    runs_table: str
    database: str
    topic_arn: str
    stage: str
    machines: str
    console: str
