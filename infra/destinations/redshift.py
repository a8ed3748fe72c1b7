"""Redshift: COPY reads a batch from the run's folder, and who put it there removes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from aws_cdk import aws_iam as iam

from infra.constructs.grants import DELETE, allow_objects
from tessera import naming

if TYPE_CHECKING:
    from infra.stacks.data_stack import DataStack


def options(*_others: object) -> Mapping[str, str]:
    """Return nothing: the transport reads its secret."""
    return {}


def grant(role: iam.Role, state: str, *, data: DataStack, **_others: object) -> None:
    """Let the function that sends batches remove them; it may write its runs' files anyway."""
    if state == "poll_load":
        folder = naming.destination_prefix("*", "*", "redshift") + naming.STAGING
        allow_objects(role, data.identities, DELETE, f"{folder}*")
