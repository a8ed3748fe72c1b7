"""How a capability makes its functions: one code asset, the data key, the stage's logs."""

from __future__ import annotations

import dataclasses

from aws_cdk import Duration
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.foundation.foundation import Foundation
from infra.kit.function import PythonFunction
from infra.kit.grants import allow_items, allow_key
from infra.kit.retention import retention
from infra.kit.stage import Stage
from tessera.environments.environment import Environment


@dataclasses.dataclass(frozen=True, kw_only=True)
class FunctionMaker:
    """Makes a pipeline's functions: their code, data and settings are the same for all."""

    stage: Stage
    foundation: Foundation
    code: lambda_.Code

    def make(
        self,
        scope: Construct,
        id_: str,
        *,
        folder: str,
        environment: Environment,
        minutes: int,
        memory_mb: int = 512,
        dead_letters: sqs.IQueue | None = None,
        name: str | None = None,
        storage_gb: int = 0,
        no_queue: str = "",
        architecture: lambda_.Architecture = lambda_.Architecture.ARM_64,
    ) -> PythonFunction:
        """Return a function that may use the data key.

        A function that events call needs a queue for its ``dead_letters``, or says in ``no_queue``
        why it has none.
        """
        function = PythonFunction(
            scope,
            id_,
            folder=folder,
            code=self.code,
            environment=environment,
            key=self.foundation.data_key,
            log_retention=retention(self.stage.log_retention_days),
            timeout=Duration.minutes(minutes),
            memory_mb=memory_mb,
            dead_letters=dead_letters,
            network=self.stage.network,
            name=name,
            storage_gb=storage_gb,
            architecture=architecture,
            **({"no_queue": no_queue} if no_queue else {}),
        )
        allow_key(function.role, self.foundation.data_key)
        return function

    def allow_runs(self, function: PythonFunction, *operations: str) -> None:
        """Let a function use the runs table."""
        allow_items(function.role, self.foundation.runs, *operations, key=self.foundation.data_key)

    def allow_tenants(self, function: PythonFunction, *operations: str) -> None:
        """Let a function use the tenants table."""
        table = self.foundation.tenants
        allow_items(function.role, table, *operations, key=self.foundation.data_key)
