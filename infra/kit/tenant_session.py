"""A role for what is of one tenant: each of its sessions names the tenant by a tag."""

from __future__ import annotations

from aws_cdk import Duration
from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.kit.grants import allow

TAG = "tenant"
TENANT = f"${{aws:PrincipalTag/{TAG}}}"  # in a policy: the tenant of the session


def tenant_role(scope: Construct, id_: str, *, trusted: iam.Role, about: str) -> iam.Role:
    """Return a role that one other role may assume, for exactly one tenant at a time."""
    tagged = {
        "StringLike": {f"aws:RequestTag/{TAG}": "?*"},
        "ForAllValues:StringEquals": {"aws:TagKeys": [TAG]},
    }
    role = iam.Role(
        scope,
        id_,
        assumed_by=iam.ArnPrincipal(trusted.role_arn).with_conditions(tagged).with_session_tags(),
        description=about,
        max_session_duration=Duration.hours(1),
    )
    allow(trusted, ["sts:AssumeRole", "sts:TagSession"], role.role_arn)
    return role
