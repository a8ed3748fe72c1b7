"""Redshift: COPY reads a batch from the run's folder, and who put it there removes it."""

from __future__ import annotations

from collections.abc import Mapping

from aws_cdk import aws_iam as iam

from infra.foundation.foundation import Foundation
from infra.kit.grants import DELETE, allow_objects
from tessera import naming


def options(*_others: object) -> Mapping[str, str]:
    """Return nothing: the transport reads its secret."""
    return {}


def grant(role: iam.Role, state: str, *, foundation: Foundation, **_others: object) -> None:
    """Let the function that sends batches remove them. It may write its runs' files anyway."""
    if state == "poll_load":
        folder = naming.destination_prefix("*", "*", "redshift") + naming.STAGING
        allow_objects(role, foundation.identities, DELETE, f"{folder}*")
