"""The one way a Lambda function is made: same code, runtime, logs and tracing for all."""

from __future__ import annotations

import functools
from collections.abc import Callable

from aws_cdk import Duration, RemovalPolicy, Size
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.kit.grants import allow
from infra.kit.nag import acknowledge
from infra.kit.network import NetworkSettings
from infra.kit.states import LIVE, Function
from tessera.environments.environment import Environment

_LONGER_SECONDS = 30  # than a function may take, for a state that calls it
ATTACH = (
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:UnassignPrivateIpAddresses",
)


class PythonFunction(Construct):
    """``lambdas/<folder>/handler.py``, configured through its environment.

    An environment that names what trusts the function's role is made by a function of that role.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        folder: str,
        code: lambda_.Code,
        environment: Environment | Callable[[iam.Role], Environment],
        key: kms.IKey,
        log_retention: logs.RetentionDays,
        timeout: Duration,
        memory_mb: int = 512,
        dead_letters: sqs.IQueue | None = None,
        no_queue: str = "Called synchronously: the caller sees what failed.",
        network: NetworkSettings,
        name: str | None = None,
        storage_gb: int = 0,
        architecture: lambda_.Architecture = lambda_.Architecture.ARM_64,
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
            architecture=architecture,
            handler=f"lambdas.{folder}.handler.handler",
            code=code,
            role=self.role,
            environment=(environment(self.role) if callable(environment) else environment).to_env(),
            log_group=log_group,
            logging_format=lambda_.LoggingFormat.JSON,
            tracing=lambda_.Tracing.ACTIVE,
            timeout=timeout,
            memory_size=memory_mb,
            function_name=name,  # only where another stack calls it by name
            ephemeral_storage_size=Size.gibibytes(storage_gb) if storage_gb else None,
            dead_letter_queue=dead_letters,
            current_version_options=lambda_.VersionOptions(removal_policy=RemovalPolicy.RETAIN),
        )
        if network.subnet_ids:
            self._enter(network)
        if dead_letters is None:
            acknowledge(self, {"Serverless-LambdaDLQ": no_queue})
        acknowledge(
            self,
            {
                r"AwsSolutions-IAM5\[Resource::\*\]": (
                    "These take no resource: xray:PutTelemetryRecords, xray:PutTraceSegments."
                ),
                "AwsSolutions-L1|Serverless-LambdaLatestVersion": "The version its wheels are for.",
            },
        )

    def _enter(self, network: NetworkSettings) -> None:
        """Put the function into the stage's subnets. Lambda attaches it as the function's role."""
        made = self.function.node.default_child
        assert isinstance(made, lambda_.CfnFunction)  # noqa: S101 (what the CDK makes)
        made.vpc_config = lambda_.CfnFunction.VpcConfigProperty(
            subnet_ids=list(network.subnet_ids),
            security_group_ids=list(network.security_group_ids),
        )
        allow(self.role, ATTACH, "*")
        acknowledge(
            self.role,
            {
                r"AwsSolutions-IAM5\[Resource::\*\]": (
                    f"Attaching to a network takes no resource: {', '.join(ATTACH)}."
                )
            },
        )

    @functools.cached_property
    def live(self) -> lambda_.Alias:
        """The version in use: each deployment moves it on, and it can be moved back."""
        version = self.function.current_version
        return lambda_.Alias(self, "Live", alias_name=LIVE, version=version)

    @property
    def arn(self) -> str:
        """The ARN of the version in use, for the states and the people that call it."""
        return str(self.live.function_arn)

    @property
    def called(self) -> Function:
        """The version in use as a state calls it: the state waits a little longer."""
        return Function(self.arn, int(self.timeout.to_seconds()) + _LONGER_SECONDS)
