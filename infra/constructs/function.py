"""The one way a Lambda function is made: same code, runtime, logs and tracing for all."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.config import StageSettings
from infra.constructs.grants import allow, allow_items, allow_key
from infra.constructs.retention import retention
from infra.nag import acknowledge
from tessera.environments import Environment

if TYPE_CHECKING:
    from infra.stacks.data_stack import DataStack


class PythonFunction(Construct):
    """``lambdas/<folder>/handler.py``, told everything through its environment."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        folder: str,
        code: lambda_.Code,
        environment: Environment,
        key: kms.IKey,
        log_retention: logs.RetentionDays,
        timeout: Duration,
        memory_mb: int = 512,
    ) -> None:
        super().__init__(scope, id_)
        self.timeout = timeout
        log_group = logs.LogGroup(
            self,
            "Logs",
            encryption_key=key,
            retention=log_retention,
            removal_policy=RemovalPolicy.DESTROY,
        )
        self.role = iam.Role(self, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        allow(
            self.role,
            ["logs:CreateLogStream", "logs:PutLogEvents"],
            log_group.log_group_arn,
        )
        self.function = lambda_.Function(
            self,
            "Function",
            description=f"Tessera: {folder}",
            runtime=lambda_.Runtime.PYTHON_3_13,
            architecture=lambda_.Architecture.ARM_64,
            handler=f"lambdas.{folder}.handler.handler",
            code=code,
            role=self.role,
            environment=environment.to_env(),
            log_group=log_group,
            logging_format=lambda_.LoggingFormat.JSON,
            tracing=lambda_.Tracing.ACTIVE,
            timeout=timeout,
            memory_size=memory_mb,
        )
        acknowledge(
            self,
            {
                r"AwsSolutions-IAM5\[Resource::\*\]": "X-Ray takes no resource.",
                "Serverless-LambdaDLQ": "Called synchronously: whoever calls it sees what failed.",
                "AwsSolutions-L1|Serverless-LambdaLatestVersion": "The version its wheels are for.",
            },
        )

    @property
    def arn(self) -> str:
        """The function's ARN, for the state that calls it."""
        return str(self.function.function_arn)

    @property
    def name(self) -> str:
        """The function's name, for whoever calls it by hand."""
        return str(self.function.function_name)


@dataclasses.dataclass(frozen=True, kw_only=True)
class FunctionMaker:
    """Makes a pipeline's functions: their code, data and settings are the same for all."""

    settings: StageSettings
    data: DataStack
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
    ) -> PythonFunction:
        """Return a function that may use the data key."""
        function = PythonFunction(
            scope,
            id_,
            folder=folder,
            code=self.code,
            environment=environment,
            key=self.data.data_key,
            log_retention=retention(self.settings.log_retention_days),
            timeout=Duration.minutes(minutes),
            memory_mb=memory_mb,
        )
        allow_key(function.role, self.data.data_key)
        return function

    def allow_runs(self, function: PythonFunction, *operations: str) -> None:
        """Let a function use the runs table."""
        allow_items(function.role, self.data.runs, *operations, key=self.data.data_key)
