"""The state machine: logged without data, traced, with its own role."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aws_cdk import RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from infra.kit.nag import acknowledge
from infra.kit.retention import retention
from infra.kit.states import LIVE
from infra.kit.trust import trusted

_FREE = (
    "logs:CreateLogDelivery",
    "logs:DeleteLogDelivery",
    "logs:DescribeLogGroups",
    "logs:DescribeResourcePolicies",
    "logs:GetLogDelivery",
    "logs:ListLogDeliveries",
    "logs:PutResourcePolicy",
    "logs:UpdateLogDelivery",
    "xray:GetSamplingRules",
    "xray:GetSamplingTargets",
    "xray:PutTelemetryRecords",
    "xray:PutTraceSegments",
)


class StateMachine(Construct):
    """A state machine of a definition in Amazon States Language."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        key: kms.IKey,
        log_retention_days: int,
        definition: Mapping[str, Any],
    ) -> None:
        super().__init__(scope, id_)
        self.role = iam.Role(self, "Role", assumed_by=trusted("states"))
        log_group = logs.LogGroup(
            self,
            "Logs",
            # This prefix keeps the account's resource policy for log delivery small.
            log_group_name=f"/aws/vendedlogs/states/{name}",
            encryption_key=key,
            retention=retention(log_retention_days),
            removal_policy=RemovalPolicy.DESTROY,
        )
        self.machine = sfn.StateMachine(
            self,
            "Machine",
            state_machine_name=name,
            definition_body=sfn.DefinitionBody.from_string(
                Stack.of(self).to_json_string(dict(definition))
            ),
            role=self.role,
            tracing_enabled=True,
            logs=sfn.LogOptions(
                destination=log_group,
                level=sfn.LogLevel.ALL,
                include_execution_data=False,  # inputs hold the names of uploads
            ),
        )
        version = sfn.CfnStateMachineVersion(
            self,
            "Version",
            state_machine_arn=self.machine.state_machine_arn,
            state_machine_revision_id=self.machine.state_machine_revision_id,
        )
        version.apply_removal_policy(RemovalPolicy.RETAIN)  # to roll back to
        routes = sfn.CfnStateMachineAlias.RoutingConfigurationVersionProperty(
            state_machine_version_arn=version.attr_arn, weight=100
        )
        self._live = sfn.CfnStateMachineAlias(
            self, "Live", name=LIVE, routing_configuration=[routes]
        )
        acknowledge(
            self.role,
            {
                r"AwsSolutions-IAM5\[Resource::\*\]": (
                    f"Tracing and log delivery take no resource: {', '.join(_FREE)}."
                )
            },
        )

    @property
    def live_arn(self) -> str:
        """The ARN of the version in use, for what starts executions."""
        return str(self._live.attr_arn)
