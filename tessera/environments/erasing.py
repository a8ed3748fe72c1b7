"""The environments of the job that erases, and of the functions around it."""

from __future__ import annotations

import dataclasses

from tessera.environments.activate import ActivateEnvironment
from tessera.environments.environment import Environment
from tessera.environments.one_line import OneLine


@dataclasses.dataclass(frozen=True, kw_only=True)
class KeptDays(OneLine):
    """How many days things are kept that an erasure does not touch. 0 for ever.

    Parameters
    ----------
    upload_days, reject_days, run_days, access_log_days, noncurrent_days
        As the settings of the storage have them.
    stream_days
        Of the records of the event stream. 0 in a stage without one.
    """

    upload_days: int
    reject_days: int
    run_days: int
    access_log_days: int
    noncurrent_days: int
    stream_days: int = 0


@dataclasses.dataclass(frozen=True)
class EraseEnvironment(Environment):
    """For sagemaker_jobs/erase. A stage without campaigns or live labels has no such table."""

    data_bucket: str
    identities_bucket: str
    pseudonym_secret: str
    runs_table: str
    campaigns_table: str = ""
    labels_table: str = ""


@dataclasses.dataclass(frozen=True)
class EraseAtDestinationEnvironment(ActivateEnvironment):
    """For lambdas/erase_at_destination. ``destinations`` are those of the stage, by commas."""

    destinations: str


@dataclasses.dataclass(frozen=True)
class BeginErasureEnvironment(Environment):
    """For lambdas/begin_erasure. ``max_runs`` is the stage's limit of a tenant's runs."""

    data_bucket: str
    identities_bucket: str
    runs_table: str
    tenants_table: str
    max_runs: str


@dataclasses.dataclass(frozen=True)
class FinishErasureEnvironment(Environment):
    """For lambdas/finish_erasure.

    ``kept_days`` is what ``KeptDays.to_text`` writes, and ``longest_write_seconds`` how long the
    longest writer may take that does not wait for the tenant's turn.
    """

    data_bucket: str
    identities_bucket: str
    runs_table: str
    receipt_key: str
    kept_days: str
    longest_write_seconds: str


@dataclasses.dataclass(frozen=True)
class RetryErasuresEnvironment(Environment):
    """For lambdas/retry_erasures."""

    data_bucket: str
    identities_bucket: str
    tenants_table: str
    erasures_machine_arn: str
    stage: str
