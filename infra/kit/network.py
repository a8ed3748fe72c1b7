"""The network of a stage: ids of subnets and security groups that exist already."""

from __future__ import annotations

import dataclasses
import re

from infra.kit.checks import failed

_SUBNET = re.compile(r"subnet-(?:[0-9a-f]{8}|[0-9a-f]{17})")
_SECURITY_GROUP = re.compile(r"sg-(?:[0-9a-f]{8}|[0-9a-f]{17})")


@dataclasses.dataclass(frozen=True, kw_only=True)
class NetworkSettings:
    """The VPC in which functions, SageMaker jobs and Glue jobs run. Empty for outside any VPC.

    From ``subnet_ids`` they must reach S3, KMS, DynamoDB, Secrets Manager, SNS, EventBridge, Step
    Functions, Glue, CloudWatch Logs and every destination, through a NAT gateway or endpoints.
    The console's functions also call Cognito, Lambda and STS.
    Glue needs a security group of ``security_group_ids`` that lets its own members in.
    """

    subnet_ids: tuple[str, ...] = ()
    security_group_ids: tuple[str, ...] = ()

    def problems(self) -> dict[str, str]:
        """Return what was expected of each setting that is wrong."""
        subnets, groups = self.subnet_ids, self.security_group_ids
        named = {
            "subnet_ids": all(_SUBNET.fullmatch(name) for name in subnets),
            "security_group_ids": all(_SECURITY_GROUP.fullmatch(name) for name in groups),
        }
        checks = {
            name: (good and bool(subnets) == bool(groups), "ids of both kinds, or none of either")
            for name, good in named.items()
        }
        return failed(checks)
