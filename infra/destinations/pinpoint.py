"""Amazon Pinpoint, which ended on 2026-10-30: what Activate and the service itself may do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from aws_cdk import Stack
from aws_cdk import aws_iam as iam

from infra.config import StageSettings
from infra.constructs.grants import DELETE, READ, allow, allow_objects
from infra.nag import acknowledge
from tessera import naming

if TYPE_CHECKING:
    from infra.stacks.data_stack import DataStack

IMPORTS = naming.destination_prefix("*", "*", "pinpoint") + naming.IMPORTS + "*"
_ROLE = "PinpointImportRole"
_SERVICE = "pinpoint.amazonaws.com"
# By what of an application they act on, by the service authorization reference.
_ACTIONS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "start_load": {"": ("mobiletargeting:GetApp",)},
    "poll_load": {
        "": ("mobiletargeting:CreateImportJob", "mobiletargeting:GetImportJobs"),
        "/jobs/import/*": ("mobiletargeting:GetImportJob",),
    },
    "ensure_segments": {
        "": ("mobiletargeting:CreateSegment", "mobiletargeting:GetSegments"),
        "/segments/*": ("mobiletargeting:DeleteSegment", "mobiletargeting:UpdateSegment"),
    },
}


def options(settings: StageSettings, data: DataStack) -> Mapping[str, Any]:
    """Return what the transport is told."""
    return {
        "applications": settings.pinpoint.applications,
        "addresses": settings.pinpoint.addresses,
        "role_arn": _import_role(data).role_arn,
    }


def grant(role: iam.Role, state: str, *, settings: StageSettings, data: DataStack) -> None:
    """Let a function of Activate do its part; ``state`` is its folder, such as ``poll_load``."""
    stack = Stack.of(role)
    applications = [
        stack.format_arn(service="mobiletargeting", resource="apps", resource_name=one)
        for one in sorted(set(settings.pinpoint.applications.values()))
    ]
    for part, actions in _ACTIONS[state].items():
        allow(role, actions, *(arn + part for arn in applications))
        if part:
            acknowledge(
                role,
                {
                    rf"AwsSolutions-IAM5\[Resource::arn:.+:apps/\w+{part[:-1]}\*\]": (
                        "Jobs and segments of the stage's applications, named by Pinpoint."
                    )
                },
            )
    if state == "poll_load":
        only = {"StringEquals": {"iam:PassedToService": _SERVICE}}
        allow(role, ["iam:PassRole"], _import_role(data).role_arn, conditions=only)
        allow_objects(role, data.identities, DELETE, IMPORTS)


def _import_role(data: DataStack) -> iam.Role:
    """Return the role as which Pinpoint reads a batch's file, and nothing else."""
    known = data.node.try_find_child(_ROLE)
    if isinstance(known, iam.Role):
        return known
    ours = {"StringEquals": {"aws:SourceAccount": Stack.of(data).account}}
    role = iam.Role(data, _ROLE, assumed_by=iam.ServicePrincipal(_SERVICE, conditions=ours))
    allow_objects(role, data.identities, READ, IMPORTS)
    allow(role, ["s3:GetBucketLocation"], data.identities.bucket_arn)
    allow(role, ["kms:Decrypt"], data.identities_key.key_arn)
    return role
