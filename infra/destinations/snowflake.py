"""Snowflake: the key that signs its tokens. The private half never leaves KMS."""

from __future__ import annotations

from collections.abc import Mapping

from aws_cdk import RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from infra.destinations.settings import DestinationSettings
from infra.foundation.foundation import Foundation
from infra.kit.grants import allow
from tessera import naming

_KEY = "SnowflakeKey"
_ACTIONS = ("kms:GetPublicKey", "kms:Sign")


def options(
    scope: Construct, settings: DestinationSettings, _foundation: Foundation
) -> Mapping[str, str]:
    """Return the transport's options: the key."""
    return {"key": _key(scope, settings).key_arn}


def grant(
    role: iam.Role, _state: str, *, settings: DestinationSettings, foundation: Foundation
) -> None:
    """Let a function of Activate sign, and read the public half."""
    del foundation
    allow(role, _ACTIONS, _key(role, settings).key_arn)


def _key(scope: Construct, settings: DestinationSettings) -> kms.Key:
    """Return the stage's key pair. Snowflake's users have its public half."""
    stack = Stack.of(scope)
    known = stack.node.try_find_child(_KEY)
    if isinstance(known, kms.Key):
        return known
    return kms.Key(
        stack,
        _KEY,
        alias=naming.snowflake_key(settings.stage),
        description="Tessera: signs tokens for Snowflake",
        key_spec=kms.KeySpec.RSA_2048,
        key_usage=kms.KeyUsage.SIGN_VERIFY,
        removal_policy=RemovalPolicy.RETAIN if settings.retain else RemovalPolicy.DESTROY,
    )
