"""Amazon Pinpoint, which ended on 2026-10-30: what Activate and the service itself may do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.destinations.settings import DestinationSettings
from infra.foundation.foundation import Foundation
from infra.kit.document import JsonDocument
from infra.kit.grants import DELETE, READ, allow, allow_objects
from infra.kit.nag import acknowledge
from infra.kit.trust import trusted
from tessera import naming

IMPORTS = naming.destination_prefix("*", "*", "pinpoint") + naming.IMPORTS + "*"
_ROLE = "PinpointImportRole"
_DOCUMENT = "PinpointApplications"
_SERVICE = "pinpoint.amazonaws.com"
# By what of an application they act on, by the service authorization reference.
_ACTIONS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "start_load": {"": ("mobiletargeting:GetApp",)},
    "poll_load": {
        "": ("mobiletargeting:CreateImportJob", "mobiletargeting:GetImportJobs"),
        "/jobs/import/*": ("mobiletargeting:GetImportJob",),
    },
    "erase": {
        "": ("mobiletargeting:GetApp",),
        "/users/*": ("mobiletargeting:DeleteUserEndpoints",),
    },
    "ensure_segments": {
        "": ("mobiletargeting:CreateSegment", "mobiletargeting:GetSegments"),
        "/segments/*": ("mobiletargeting:DeleteSegment", "mobiletargeting:UpdateSegment"),
    },
}


def options(
    scope: Construct, settings: DestinationSettings, foundation: Foundation
) -> Mapping[str, Any]:
    """Return the transport's options."""
    return {
        "applications": _applications(scope, settings).uri,
        "addresses": settings.pinpoint.addresses,
        "role_arn": _import_role(scope, foundation).role_arn,
    }


def grant(
    role: iam.Role, state: str, *, settings: DestinationSettings, foundation: Foundation
) -> None:
    """Let a function of Activate do its part. ``state`` is its folder, such as ``poll_load``."""
    # Any application of the account: a list would grow with the tenants.
    apps = Stack.of(role).format_arn(service="mobiletargeting", resource="apps", resource_name="*")
    for part, actions in _ACTIONS[state].items():
        allow(role, actions, apps + part)
    acknowledge(
        role,
        {
            r"AwsSolutions-IAM5\[Resource::arn:.+:apps/\*(/(jobs/import|segments|users)/\*)?\]": (
                "The tenants' applications, named in the stage's settings; their jobs, segments "
                "and users."
            )
        },
    )
    _applications(role, settings).allow_read(role)
    if state == "poll_load":
        only = {"StringEquals": {"iam:PassedToService": _SERVICE}}
        allow(role, ["iam:PassRole"], _import_role(role, foundation).role_arn, conditions=only)
        allow_objects(role, foundation.identities, DELETE, IMPORTS)


def _applications(scope: Construct, settings: DestinationSettings) -> JsonDocument:
    """Return the document with every tenant's application."""
    stack = Stack.of(scope)
    known = stack.node.try_find_child(_DOCUMENT)
    if isinstance(known, JsonDocument):
        return known
    return JsonDocument(stack, _DOCUMENT, value=settings.pinpoint.applications)


def _import_role(scope: Construct, foundation: Foundation) -> iam.Role:
    """Return the role as which Pinpoint reads a batch's file, and nothing else."""
    stack = Stack.of(scope)  # the pipeline's: a role of the data stack could not be left again
    known = stack.node.try_find_child(_ROLE)
    if isinstance(known, iam.Role):
        return known
    role = iam.Role(stack, _ROLE, assumed_by=trusted("pinpoint"))
    allow_objects(role, foundation.identities, READ, IMPORTS)
    allow(role, ["s3:GetBucketLocation"], foundation.identities.bucket_arn)
    allow(role, ["kms:Decrypt"], foundation.identities_key.key_arn)
    return role
