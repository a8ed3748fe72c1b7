"""The Glue job: PySpark, encrypted throughout, with a role of its own."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from aws_cdk import ArnFormat, Duration, RemovalPolicy, Stack
from aws_cdk import aws_glue as glue
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3_assets as assets
from constructs import Construct

from infra.kit.grants import allow, allow_asset
from infra.kit.nag import acknowledge
from infra.kit.trust import trusted
from tessera.environments import Environment


@dataclasses.dataclass(frozen=True, kw_only=True)
class Workers:
    """What a job runs on: Glue's kind of worker, how many at most, for how long; and what for."""

    kind: str
    count: int
    hours: int
    about: str


class GlueJob(Construct):
    """A script on Glue's current Spark.

    ``key`` encrypts its bookmarks and output, ``logs_key`` its logs: a key whose own policy lets
    CloudWatch Logs in.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        script: Path,
        modules: assets.Asset,
        arguments: Environment,
        key: kms.IKey,
        logs_key: kms.IKey,
        machines: Workers,
    ) -> None:
        super().__init__(scope, id_)
        self.name = name
        code = assets.Asset(self, "Script", path=str(script))
        self.role = iam.Role(self, "Role", assumed_by=trusted("glue"))
        allow_asset(self.role, code)
        allow_asset(self.role, modules)
        self._allow_logs()
        # The job reads its own security configuration; the call takes no resource.
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
            default_arguments={
                "--job-language": "python",
                "--extra-py-files": modules.s3_object_url,
                "--enable-auto-scaling": "true",
                "--enable-continuous-cloudwatch-log": "true",
                "--enable-metrics": "true",
                **arguments.to_arguments(),
            },
        )

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
                r"AwsSolutions-IAM5\[Resource::\*\]": "Limited by condition, or takes no resource.",
                r"AwsSolutions-IAM5\[Resource::arn:.+:log-group:/aws-glue/jobs\*\]": (
                    "Glue names its log groups and streams."
                ),
            },
        )

    def allow_start(self, role: iam.IRole) -> None:
        """Let the state machine start, watch and stop runs of this job."""
        job = Stack.of(self).format_arn(service="glue", resource="job", resource_name=self.name)
        verbs = ("BatchStopJobRun", "GetJobRun", "GetJobRuns", "StartJobRun")
        allow(role, [f"glue:{verb}" for verb in verbs], job)
