"""The environment of Prepare, on one machine and on Spark."""

from __future__ import annotations

import dataclasses

from tessera.environments.environment import Environment


@dataclasses.dataclass(frozen=True)
class PrepareEnvironment(Environment):
    """For sagemaker_jobs/prepare. ``memory_limit_mb`` bounds the engine, not the whole job."""

    data_bucket: str
    identities_bucket: str
    pseudonym_secret: str
    memory_limit_mb: str


@dataclasses.dataclass(frozen=True)
class PrepareOnSparkEnvironment(Environment):
    """For glue_jobs/prepare_events.py, as job arguments."""

    data_bucket: str
    identities_bucket: str
    pseudonym_secret: str
