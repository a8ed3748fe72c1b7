"""The Glue job: PySpark, encrypted throughout, with its own role."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from aws_cdk import ArnFormat, Duration, RemovalPolicy, Stack
from aws_cdk import aws_glue as glue
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3_assets as assets
from constructs import Construct

from infra.kit.assets import ROOT
from infra.kit.grants import allow, allow_asset
from infra.kit.nag import acknowledge
from infra.kit.retention import retention
from infra.kit.trust import trusted
from tessera.environments.environment import Environment

_SCRIPT = ROOT / "glue_jobs" / "__main__.py"
_FREE = ("cloudwatch:PutMetricData", "glue:GetSecurityConfiguration")
_ATTACH = (
    "ec2:CreateNetworkInterface",
    "ec2:CreateTags",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeRouteTables",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSubnets",
    "ec2:DescribeVpcAttribute",
    "ec2:DescribeVpcEndpoints",
)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Workers:
    """A job: its purpose, Glue worker type, maximum workers and time limit."""

    kind: str
    count: int
    hours: int
    about: str


class GlueJob(Construct):
    """A module of ``glue_jobs`` on Glue's current Spark.

    ``key`` encrypts its bookmarks and output, ``logs_key`` its logs: a key whose own policy lets
    CloudWatch Logs in.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        module: str,
        modules: assets.Asset,
        arguments: Environment,
        key: kms.IKey,
        logs_key: kms.IKey,
        log_retention_days: int,
        connection: str,
        machines: Workers,
    ) -> None:
        super().__init__(scope, id_)
        self.name = name
        self.arguments = {"--module": module, **arguments.to_arguments()}
        self._modules = modules
        code = assets.Asset(self, "Script", path=str(_SCRIPT))
        self.role = iam.Role(self, "Role", assumed_by=trusted("glue"))
        allow_asset(self.role, code)
        allow_asset(self.role, modules)
        self._allow_logs()
        if connection:
            self._allow_network(connection)
        # The job reads its own security configuration. The call takes no resource.
        allow(self.role, ["glue:GetSecurityConfiguration"], "*")
        security = glue.SecurityConfiguration(
            self,
            "Security",
            security_configuration_name=name,
            cloud_watch_encryption=glue.CloudWatchEncryption.kms(logs_key),
            job_bookmarks_encryption=glue.JobBookmarksEncryption.client_side_kms(key),
            s3_encryption=glue.S3Encryption.kms(key),
        )
        # It has a name: left behind, it would block the next deployment, and it holds nothing.
        security.apply_removal_policy(RemovalPolicy.DESTROY)
        self._log_groups(key=logs_key, days=log_retention_days)
        glue.CfnJob(
            self,
            "Job",
            name=name,
            description=f"Tessera: {machines.about}",
            role=self.role.role_arn,
            command=glue.CfnJob.JobCommandProperty(
                name="glueetl", python_version="3", script_location=code.s3_object_url
            ),
            glue_version="6.0",
            worker_type=machines.kind,
            number_of_workers=machines.count,
            execution_property=glue.CfnJob.ExecutionPropertyProperty(max_concurrent_runs=20),
            max_retries=0,
            timeout=Duration.hours(machines.hours).to_minutes(),
            security_configuration=security.security_configuration_name,
            connections=(
                glue.CfnJob.ConnectionsListProperty(connections=[connection])
                if connection
                else None
            ),
            default_arguments={
                "--job-language": "python",
                "--module": module,
                "--enable-auto-scaling": "true",
                "--enable-continuous-cloudwatch-log": "true",
                "--enable-metrics": "true",
                **arguments.to_arguments(),
            },
        )

    def _log_groups(self, *, key: kms.IKey, days: int) -> None:
        """Make the groups that Glue would make itself, and would keep for ever.

        A job with a security configuration logs into groups named after it and its role. The role
        has a name of CloudFormation's, so no earlier deployment can have left these groups.
        """
        for stream in ("error", "output"):
            logs.LogGroup(
                self,
                f"{stream.title()}Logs",
                log_group_name=f"/aws-glue/jobs/{self.name}-role/{self.role.role_name}/{stream}",
                encryption_key=key,
                retention=retention(days),
                removal_policy=RemovalPolicy.DESTROY,
            )

    def _allow_network(self, connection: str) -> None:
        """Let Glue attach the job to the stage's network."""
        stack = Stack.of(self)
        allow(
            self.role,
            ["glue:GetConnection"],
            stack.format_arn(service="glue", resource="catalog"),
            stack.format_arn(service="glue", resource="connection", resource_name=connection),
        )
        allow(self.role, _ATTACH, "*")

    def _allow_logs(self) -> None:
        groups = Stack.of(self).format_arn(
            service="logs",
            resource="log-group",
            resource_name="/aws-glue/jobs*",
            arn_format=ArnFormat.COLON_RESOURCE_NAME,
        )
        allow(
            self.role,
            [
                "logs:AssociateKmsKey",
                "logs:CreateLogGroup",
                "logs:CreateLogStream",
                "logs:PutLogEvents",
            ],
            groups,
        )
        only = {"StringEquals": {"cloudwatch:namespace": "Glue"}}
        allow(self.role, ["cloudwatch:PutMetricData"], "*", conditions=only)
        acknowledge(
            self.role,
            {
                r"AwsSolutions-IAM5\[Resource::\*\]": (
                    f"These take no resource: {', '.join((*_FREE, *_ATTACH))}."
                ),
                r"AwsSolutions-IAM5\[Resource::arn:.+:log-group:/aws-glue/jobs\*\]": (
                    "Glue names its log groups and streams."
                ),
            },
        )

    def request(self, arguments: Mapping[str, str]) -> dict[str, Any]:
        """Return the request that starts a run.

        It names the modules. So a version of the state machine keeps the code that it was deployed
        with, although the job itself has no versions.
        """
        modules = {"--extra-py-files": self._modules.s3_object_url}
        return {"JobName": self.name, "Arguments": {**arguments, **modules}}

    def allow_start(self, role: iam.Role) -> None:
        """Let the state machine start, watch and stop runs of this job."""
        job = Stack.of(self).format_arn(service="glue", resource="job", resource_name=self.name)
        verbs = ("BatchStopJobRun", "GetJobRun", "GetJobRuns", "StartJobRun")
        allow(role, [f"glue:{verb}" for verb in verbs], job)
