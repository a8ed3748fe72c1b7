"""Which services may assume a role of ours: each for this account's resources only."""

from __future__ import annotations

from aws_cdk import Aws
from aws_cdk import aws_iam as iam


def trusted(service: str) -> iam.ServicePrincipal:
    """Return a service that acts for this account. Another account can't make it our deputy."""
    return iam.ServicePrincipal(
        f"{service}.amazonaws.com",
        conditions={"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}},
    )
