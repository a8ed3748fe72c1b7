"""What a SageMaker job may touch, and the arguments that start it.

The CDK has no task for Processing, so the requests are written here as the API has them. Tests
hold them against the service's own model.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aws_cdk import ArnFormat, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3_assets as assets
from constructs import Construct

from infra.kit.grants import allow, allow_asset, allow_grants
from infra.kit.nag import acknowledge
from infra.kit.network import NetworkSettings
from infra.kit.regions import Region
from infra.kit.trust import trusted
from infra.pipeline.constructs.job_machine import JobMachine
from infra.pipeline.constructs.transfers import CHANNELS, INPUTS, channel, inputs_of, output

PROCESSING, TRAINING = "processing", "training"
LOG_GROUPS = {PROCESSING: "/aws/sagemaker/ProcessingJobs", TRAINING: "/aws/sagemaker/TrainingJobs"}

_FREE = ("cloudwatch:PutMetricData", "ecr:GetAuthorizationToken")
_ATTACH = (
    "ec2:CreateNetworkInterface",
    "ec2:CreateNetworkInterfacePermission",
    "ec2:DeleteNetworkInterface",
    "ec2:DeleteNetworkInterfacePermission",
    "ec2:DescribeDhcpOptions",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSubnets",
    "ec2:DescribeVpcs",
)


class SageMakerJob(Construct):
    """One step of the zip app, with its own role.

    Parameters
    ----------
    kind
        ``processing`` or ``training``.
    step
        The app's argument that names the step, such as ``score``.
    name
        What the jobs' names begin with.
    volume_key
        Encrypts the job's disk and, for an isolated job, what SageMaker uploads for it.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        kind: str,
        step: str,
        name: str,
        code: assets.Asset,
        region: Region,
        machine: JobMachine,
        volume_key: kms.IKey,
        network: NetworkSettings,
    ) -> None:
        super().__init__(scope, id_)
        self.kind = kind
        self.name = name
        self.machine = machine
        self._step = step
        self._code = code
        self._file = code.s3_object_key.rpartition("/")[2]  # SageMaker drops the folder
        self._key = volume_key
        self._network = network
        self._image = region.sklearn_image
        self.role = _job_role(self, region)
        allow_asset(self.role, code)
        allow_grants(self.role, volume_key)
        # SageMaker encrypts what it uploads for an isolated job with the key, as this role.
        allow(self.role, ["kms:Encrypt"], volume_key.key_arn)
        ours = {"StringEquals": {"cloudwatch:namespace": LOG_GROUPS[kind]}}
        allow(self.role, ["cloudwatch:PutMetricData"], "*", conditions=ours)
        if network.subnet_ids:
            allow(self.role, _ATTACH, "*")
        allow(
            self.role,
            [
                "logs:CreateLogGroup",
                "logs:CreateLogStream",
                "logs:DescribeLogStreams",
                "logs:PutLogEvents",
            ],
            Stack.of(self).format_arn(
                service="logs",
                resource="log-group",
                resource_name=f"{LOG_GROUPS[kind]}:*",
                arn_format=ArnFormat.COLON_RESOURCE_NAME,
            ),
        )
        acknowledge(
            self.role,
            {
                r"AwsSolutions-IAM5\[Resource::\*\]": (
                    "These take no resource: "
                    f"{', '.join((*_FREE, *(_ATTACH if network.subnet_ids else ())))}."
                ),
                r"AwsSolutions-IAM5\[Resource::arn:.+:log-group:/aws/sagemaker/\w+:\*\]": (
                    "SageMaker names the log streams."
                ),
            },
        )

    def processing(
        self,
        *,
        arguments: list[str],
        environment: Mapping[str, str] | None = None,
        inputs: Mapping[str, str] | None = None,
        optional: Mapping[str, str] | None = None,
        outputs: Mapping[str, str] | None = None,
        isolated: bool,
    ) -> dict[str, Any]:
        """Return the request of a Processing job. Inputs and outputs are S3 addresses by name.

        ``optional`` inputs are variables of the state machine, omitted while they are empty.
        """
        request: dict[str, Any] = {
            "ProcessingJobName": self._job_name(),
            "RoleArn": self.role.role_arn,
            "AppSpecification": {
                "ImageUri": self._image,
                "ContainerEntrypoint": ["python3", f"{INPUTS}/code/{self._file}"],
                "ContainerArguments": [self._step, *arguments],
            },
            "ProcessingInputs": inputs_of(
                {"code": self._code.s3_object_url, **(inputs or {})}, optional or {}
            ),
            "ProcessingResources": {"ClusterConfig": self.machine.cluster(self._key)},
            "NetworkConfig": {"EnableNetworkIsolation": isolated, **self._vpc()},
            "StoppingCondition": {"MaxRuntimeInSeconds": self.machine.hours * 3600},
        }
        if outputs:
            request["ProcessingOutputConfig"] = {
                "KmsKeyId": self._key.key_arn,
                "Outputs": [output(name, uri) for name, uri in outputs.items()],
            }
        if environment:
            request["Environment"] = dict(environment)
        return request

    def training(self, *, channels: Mapping[str, str], output: str) -> dict[str, Any]:
        """Return the request of a Training job without network. The model goes below ``output``."""
        code = f"{CHANNELS}/code/{self._file}"
        return {
            "TrainingJobName": self._job_name(),
            "RoleArn": self.role.role_arn,
            "AlgorithmSpecification": {
                "TrainingImage": self._image,
                "TrainingInputMode": "File",
                "ContainerEntrypoint": ["python3", code],
                "ContainerArguments": [self._step],
            },
            "InputDataConfig": [
                channel(name, uri)
                for name, uri in {"code": self._code.s3_object_url, **channels}.items()
            ],
            "OutputDataConfig": {"S3OutputPath": output, "KmsKeyId": self._key.key_arn},
            "ResourceConfig": self.machine.cluster(self._key) | self.machine.kept_warm,
            "EnableNetworkIsolation": True,
            **self._vpc(),
            "StoppingCondition": {"MaxRuntimeInSeconds": self.machine.hours * 3600},
        }

    def _vpc(self) -> dict[str, Any]:
        if not self._network.subnet_ids:
            return {}
        return {
            "VpcConfig": {
                "Subnets": list(self._network.subnet_ids),
                "SecurityGroupIds": list(self._network.security_group_ids),
            }
        }

    def _job_name(self) -> str:
        # At most 63 characters, and new for each attempt: SageMaker never forgets a name.
        attempt = "$string($millis()) & '-' & $string($states.context.State.RetryCount)"
        return f"{{% '{self.name}-' & $run_id & '-' & {attempt} %}}"

    def allow_start(self, role: iam.Role) -> None:
        """Let the state machine start, watch and stop these jobs, and pass them this role only."""
        stack = Stack.of(self)
        kind = self.kind.title()
        jobs = stack.format_arn(
            service="sagemaker", resource=f"{self.kind}-job", resource_name=f"{self.name}-*"
        )
        verbs = ("Create", "Describe", "Stop")
        allow(role, [f"sagemaker:{verb}{kind}Job" for verb in verbs], jobs)
        allow(role, ["sagemaker:AddTags"], jobs)
        # Step Functions waits for a job by a rule that it manages itself.
        rule = stack.format_arn(
            service="events",
            resource="rule",
            resource_name=f"StepFunctionsGetEventsForSageMaker{kind}JobsRule",
        )
        allow(role, ["events:DescribeRule", "events:PutRule", "events:PutTargets"], rule)
        to = {"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}}
        allow(role, ["iam:PassRole"], self.role.role_arn, conditions=to)
        acknowledge(
            role,
            {
                rf"AwsSolutions-IAM5\[Resource::arn:.+:{self.kind}-job/{self.name}-\*\]": (
                    "A job's name is made for each attempt."
                )
            },
        )


def _job_role(scope: Construct, region: Region) -> iam.Role:
    role = iam.Role(scope, "Role", assumed_by=trusted("sagemaker"))
    allow(role, ["ecr:GetAuthorizationToken"], "*")
    repository = f"ecr:{region.name}:{region.sklearn_account}:repository/sagemaker-scikit-learn"
    allow(
        role,
        ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
        f"arn:{region.partition}:{repository}",
    )
    return role
