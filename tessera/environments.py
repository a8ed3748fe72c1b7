"""The environment of each runtime, set at deploy time.

Each class is the environment of one function or job: infra writes it, the entry point reads it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Self

from tessera.errors import InvalidInput


@dataclasses.dataclass(frozen=True)
class Environment:
    """Fields map one to one to upper-case environment variables; every value is text."""

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Self:
        """Read every field, or name all that are missing."""
        names = [field.name for field in dataclasses.fields(cls)]
        missing = [name.upper() for name in names if name.upper() not in env]
        if missing:
            raise InvalidInput(f"missing environment variables: {', '.join(missing)}")
        return cls(**{name: env[name.upper()] for name in names})

    def to_env(self) -> dict[str, str]:
        """Write the variables that ``from_env`` reads."""
        return {name.upper(): value for name, value in dataclasses.asdict(self).items()}

    @classmethod
    def from_arguments(cls, arguments: Mapping[str, str]) -> Self:
        """Read every field from parsed ``--field value`` arguments (Glue has no environment)."""
        return cls.from_env({name.upper(): value for name, value in arguments.items()})

    def to_arguments(self) -> dict[str, str]:
        """Write the arguments that ``from_arguments`` reads."""
        return {f"--{name}": value for name, value in dataclasses.asdict(self).items()}


@dataclasses.dataclass(frozen=True)
class CheckUploadEnvironment(Environment):
    """For lambdas/check_upload.

    ``run_defaults`` is where the stage's RunSettings are as JSON: a segment definition alone can
    be larger than a function's environment. Sizes are bytes.
    """

    data_bucket: str
    runs_table: str
    tenants_table: str
    run_defaults: str
    max_upload_bytes: str
    available_destinations: str  # comma separated


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


@dataclasses.dataclass(frozen=True)
class MapSchemaEnvironment(Environment):
    """For glue_jobs/map_schema.py, as job arguments.

    ``files_only`` names the destinations that get files only in this stage, comma separated.
    """

    data_bucket: str
    identities_bucket: str
    files_only: str


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
class AwaitApprovalEnvironment(Environment):
    """For lambdas/await_approval. ``decide_function`` is the name of lambdas/decide_run."""

    data_bucket: str
    runs_table: str
    topic_arn: str
    decide_function: str
    approval_seconds: str


@dataclasses.dataclass(frozen=True)
class DecideRunEnvironment(Environment):
    """For lambdas/decide_run."""

    runs_table: str


@dataclasses.dataclass(frozen=True)
class StartDailyRunsEnvironment(Environment):
    """For lambdas/start_daily_runs."""

    tenants_table: str
    state_machine_arn: str


@dataclasses.dataclass(frozen=True)
class WatchRunsEnvironment(Environment):
    """For lambdas/watch_runs. ``stage`` is a dimension of its metrics."""

    state_machine_arn: str
    stage: str


@dataclasses.dataclass(frozen=True)
class ExpireLogsEnvironment(Environment):
    """For lambdas/expire_logs. ``log_groups`` is comma separated."""

    log_groups: str
    stream_prefix: str
    keep_days: str


@dataclasses.dataclass(frozen=True)
class FinishRunEnvironment(Environment):
    """For lambdas/finish_run. ``stage`` is a dimension of its metrics."""

    data_bucket: str
    identities_bucket: str
    runs_table: str
    database: str
    topic_arn: str
    stage: str


@dataclasses.dataclass(frozen=True)
class FailRunEnvironment(Environment):
    """For lambdas/fail_run."""

    data_bucket: str
    runs_table: str
    topic_arn: str
