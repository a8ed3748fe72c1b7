"""Amazon Connect Customer Profiles: what Activate may do in the stage's domains."""

from __future__ import annotations

from collections.abc import Mapping

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.destinations.settings import DestinationSettings
from infra.foundation.foundation import Foundation
from infra.kit.grants import allow, allow_grants
from infra.kit.nag import acknowledge
from tessera.contracts import customer_profiles

# The batch call is in the service's model but not yet in IAM's list of actions, by which it may
# be authorized as the single one: both are allowed.
_ACTIONS = {
    "start_load": (
        "profile:CreateDomain",
        "profile:GetDomain",
        "profile:GetProfileObjectType",
        "profile:PutProfileObjectType",
        "profile:TagResource",
    ),
    "erase": ("profile:DeleteProfile", "profile:GetProfileObjectType", "profile:SearchProfiles"),
    "poll_load": ("profile:BatchPutProfileObject", "profile:PutProfileObject"),
    "ensure_segments": (
        "profile:CreateSegmentDefinition",
        "profile:CreateSegmentEstimate",
        "profile:DeleteSegmentDefinition",
        "profile:GetSegmentDefinition",
        "profile:GetSegmentEstimate",
        "profile:TagResource",
    ),
}
# For whole batches. Customers that an upload job refuses are sent in batches of ten.
_UPLOAD_ACTIONS = (
    "profile:CreateUploadJob",
    "profile:GetUploadJob",
    "profile:GetUploadJobPath",
    "profile:ListUploadJobs",
    "profile:StartUploadJob",
)


def options(
    _scope: Construct, settings: DestinationSettings, _foundation: Foundation
) -> Mapping[str, str]:
    """Return the transport's options."""
    own = settings.customer_profiles
    return {
        "domain": settings.profiles_domain,
        "object_type": own.object_type or customer_profiles.OBJECT_TYPE,
        "loader": own.loader,
    }


def grant(
    role: iam.Role, state: str, *, settings: DestinationSettings, foundation: Foundation
) -> None:
    """Let a function of Activate do its part. ``state`` is its folder, such as ``poll_load``."""
    domain = settings.profiles_domain
    arn = Stack.of(role).format_arn(service="profile", resource="domains", resource_name=domain)
    uploads = state == "poll_load" and settings.customer_profiles.loader == "upload"
    actions = (*_ACTIONS[state], *(_UPLOAD_ACTIONS if uploads else ()))
    allow(role, actions, arn, f"{arn}/*", f"{arn}-*")
    acknowledge(
        role,
        {
            rf"AwsSolutions-IAM5\[Resource::arn:.+:domains/{domain}(/|-)\*\]": (
                "Object types and segments of the stage's domains, one domain a tenant."
            )
        },
    )
    if state == "start_load":
        allow_grants(role, foundation.identities_key)
    if state == "poll_load":
        policy = role.node.find_child("DefaultPolicy").node.default_child
        assert isinstance(policy, iam.CfnPolicy)  # noqa: S101 (what the CDK makes)
        policy.add_metadata("cfn-lint", {"config": {"ignore_checks": ["W3037"]}})
