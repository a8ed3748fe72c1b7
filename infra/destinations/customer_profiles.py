"""Amazon Connect Customer Profiles: what Activate may do in the stage's domains."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from aws_cdk import Stack
from aws_cdk import aws_iam as iam

from infra.config import StageSettings
from infra.constructs.grants import allow, allow_grants
from infra.nag import acknowledge
from tessera.contracts import customer_profiles

if TYPE_CHECKING:
    from infra.stacks.data_stack import DataStack

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


def options(_settings: StageSettings, data: DataStack) -> Mapping[str, str]:
    """Return what the transport is told."""
    return {"domain": data.profiles_domain, "object_type": customer_profiles.OBJECT_TYPE}


def grant(role: iam.Role, state: str, *, data: DataStack, **_others: object) -> None:
    """Let a function of Activate do its part; ``state`` is its folder, such as ``poll_load``."""
    domain = data.profiles_domain
    arn = Stack.of(role).format_arn(service="profile", resource="domains", resource_name=domain)
    allow(role, _ACTIONS[state], arn, f"{arn}/*", f"{arn}-*")
    acknowledge(
        role,
        {
            rf"AwsSolutions-IAM5\[Resource::arn:.+:domains/{domain}(/|-)\*\]": (
                "Object types and segments of the stage's domains, one domain a tenant."
            )
        },
    )
    if state == "start_load":
        allow_grants(role, data.identities_key)
    if state == "poll_load":
        policy = role.node.find_child("DefaultPolicy").node.default_child
        assert isinstance(policy, iam.CfnPolicy)  # noqa: S101 (what the CDK makes)
        policy.add_metadata("cfn-lint", {"config": {"ignore_checks": ["W3037"]}})
