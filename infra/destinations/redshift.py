"""Redshift: COPY reads batches and import files from the run's folder.

The function that puts something there for COPY removes it. The role of the stage's own warehouse
may read it. Any other cluster's role is granted by its owner.
"""

from __future__ import annotations

from collections.abc import Mapping

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.foundation.foundation import Foundation
from infra.kit.grants import DELETE, READ, allow, allow_objects
from tessera import naming

NAME = "redshift"

_FOLDER = naming.destination_prefix("*", "*", NAME)
_STAGING = f"{_FOLDER}{naming.STAGING}*"
_COPIED = (_FOLDER + naming.import_part(), _STAGING)


def options(*_others: object) -> Mapping[str, str]:
    """Return nothing: the transport reads its secret."""
    return {}


def own_options(scope: Construct, *, workgroup: str) -> Mapping[str, str]:
    """Return how the host of the stage's own warehouse begins: its role reads import files."""
    stack = Stack.of(scope)
    return {"own_host": f"{workgroup}.{stack.account}.{stack.region}."}


def grant(role: iam.Role, state: str, *, foundation: Foundation, **_others: object) -> None:
    """Let the function that sends batches remove them. It may write its runs' files anyway."""
    if state == "poll_load":
        allow_objects(role, foundation.identities, DELETE, _STAGING)


def grant_copy(role: iam.Role, *, foundation: Foundation) -> None:
    """Let the warehouse's role read what the runs have for this destination, and nothing else."""
    allow_objects(role, foundation.identities, READ, *_COPIED)
    place = Stack.of(role)
    by_s3 = {"StringEquals": {"kms:ViaService": f"s3.{place.region}.amazonaws.com"}}
    allow(role, ["kms:Decrypt"], foundation.identities_key.key_arn, conditions=by_s3)
    allow(role, ["s3:GetBucketLocation"], foundation.identities.bucket_arn)
