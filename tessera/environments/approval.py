"""The environment of AwaitApproval and DecideRun."""

from __future__ import annotations

import dataclasses

from tessera.environments.environment import Environment


@dataclasses.dataclass(frozen=True)
class AwaitApprovalEnvironment(Environment):
    """For lambdas/await_approval.

    ``decide_function`` is the name of lambdas/decide_run, ``machines`` what
    ``StageMachines.to_text`` writes.
    """

    data_bucket: str
    runs_table: str
    topic_arn: str
    decide_function: str
    approval_seconds: str
    machines: str


@dataclasses.dataclass(frozen=True)
class DecideRunEnvironment(Environment):
    """For lambdas/decide_run."""

    runs_table: str
