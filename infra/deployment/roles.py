"""The two roles of a deploy pipeline, without a stored key."""

from __future__ import annotations

from aws_cdk import ArnFormat, CfnOutput, DefaultStackSynthesizer, Duration, Stack
from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.deployment.trust import Trust
from infra.foundation.foundation import Foundation
from infra.kit.grants import READ, WRITE, allow, allow_key, allow_objects
from infra.kit.nag import acknowledge
from infra.kit.stage import stack_name
from tessera import naming

_AUDIENCE = "sts.amazonaws.com"
_BOOTSTRAP = ("deploy", "file-publishing", "lookup")
_STACKS = ("Data", "Pipeline")  # whose outputs the canary reads


class DeploymentRoles(Construct):
    """A role that deploys, by the CDK's own roles, and a role that sends the canary."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        stage: str,
        trust: Trust,
        foundation: Foundation,
        machine_name: str,
    ) -> None:
        super().__init__(scope, id_)
        self._trust = self._trusted(trust)
        self.deploy_role = self._role("Deploy", about=f"Deploys Tessera's stage {stage}")
        allow(self.deploy_role, ["sts:AssumeRole"], *self._bootstrap_roles())
        self.canary_role = self._role(
            "Canary", about=f"Sends the canary of Tessera's stage {stage}"
        )
        self._allow_upload(foundation)
        self._allow_follow(machine_name)
        self._allow_outputs(stage)
        CfnOutput(scope, "DeployRole", value=self.deploy_role.role_arn)
        CfnOutput(scope, "CanaryRole", value=self.canary_role.role_arn)

    def _trusted(self, trust: Trust) -> iam.WebIdentityPrincipal:
        provider = trust.provider_arn or self._provider(trust.issuer)
        # Equal, never alike: a pattern would let in another repository, branch or environment.
        equal = {f"{trust.issuer}:aud": _AUDIENCE, f"{trust.issuer}:sub": trust.subject}
        return iam.WebIdentityPrincipal(provider, {"StringEquals": equal})

    def _provider(self, issuer: str) -> str:
        # AWS checks the issuer's certificate against its own authorities: no thumbprint is needed.
        made = iam.CfnOIDCProvider(
            self, "Provider", url=f"https://{issuer}", client_id_list=[_AUDIENCE]
        )
        return str(made.attr_arn)

    def _role(self, id_: str, *, about: str) -> iam.Role:
        return iam.Role(
            self,
            f"{id_}Role",
            assumed_by=self._trust,
            description=about,
            max_session_duration=Duration.hours(1),
        )

    def _bootstrap_roles(self) -> list[str]:
        stack = Stack.of(self)
        prefix = f"cdk-{DefaultStackSynthesizer.DEFAULT_QUALIFIER}"
        return [
            stack.format_arn(
                service="iam",
                region="",
                resource="role",
                resource_name=f"{prefix}-{kind}-role-{stack.account}-{stack.region}",
            )
            for kind in _BOOTSTRAP
        ]

    def _allow_upload(self, foundation: Foundation) -> None:
        """Let the canary upload, write settings and read runs, only for its own tenant."""
        bucket, tenant = foundation.bucket, naming.CANARY_TENANT
        inside = (f"{naming.UPLOADS}{tenant}/*", naming.settings_key(tenant))
        allow_objects(self.canary_role, bucket, WRITE, *inside)
        allow_objects(self.canary_role, bucket, READ, f"{naming.runs_prefix(tenant)}*")
        allow_key(self.canary_role, foundation.data_key)

    def _allow_follow(self, machine_name: str) -> None:
        machine, executions = (
            Stack.of(self).format_arn(
                service="states",
                resource=resource,
                resource_name=name,
                arn_format=ArnFormat.COLON_RESOURCE_NAME,
            )
            for resource, name in (
                ("stateMachine", machine_name),
                ("execution", f"{machine_name}:*"),
            )
        )
        allow(self.canary_role, ["states:ListExecutions"], machine)
        allow(
            self.canary_role,
            ["states:DescribeExecution", "states:GetExecutionHistory"],
            executions,
        )
        acknowledge(
            self.canary_role,
            {
                rf"AwsSolutions-IAM5\[Resource::.+:execution:{machine_name}:\*\]": (
                    "The machine's executions, whose names are made at run time. Their histories "
                    "name no customer."
                )
            },
        )

    def _allow_outputs(self, stage: str) -> None:
        for name in (stack_name(stage, capability) for capability in _STACKS):
            arn = Stack.of(self).format_arn(
                service="cloudformation", resource="stack", resource_name=f"{name}/*"
            )
            allow(self.canary_role, ["cloudformation:DescribeStacks"], arn)
            acknowledge(
                self.canary_role,
                {rf"AwsSolutions-IAM5\[Resource::.+:stack/{name}/\*\]": "The stack's own id."},
            )
