"""The tenants table: one item for each tenant that has uploaded something."""

from __future__ import annotations

import contextlib
import functools
from typing import TYPE_CHECKING

from adapters.aws import clients
from adapters.aws.errors import translated

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class Tenants:
    """The tenants of a stage, known from their first upload on.

    Parameters
    ----------
    table
        The table's name. Its key is ``tenant``.
    dynamodb
        A client. By default for the environment's credentials and region.

    Raises
    ------
    InvalidInput
        There is no such table.
    Refused
        DynamoDB denied the call.
    Retryable
        DynamoDB was busy or could not be reached.
    """

    def __init__(self, table: str, *, dynamodb: DynamoDBClient | None = None) -> None:
        self.table = table
        self._given = dynamodb

    @functools.cached_property
    def _dynamodb(self) -> DynamoDBClient:
        """The client, made when it is first needed: only uploads need it."""
        return self._given or clients.dynamodb()

    def add(self, tenant: str, *, seen_at: str) -> None:
        """Record a tenant. Adding it again changes only when it was last seen."""
        with self._translated():
            self._dynamodb.put_item(
                TableName=self.table,
                Item={"tenant": {"S": tenant}, "seen_at": {"S": seen_at}},
            )

    def all(self) -> list[str]:
        """Return every tenant, sorted."""
        with self._translated():
            pages = self._dynamodb.get_paginator("scan").paginate(
                TableName=self.table, ProjectionExpression="tenant"
            )
            return sorted(item["tenant"]["S"] for page in pages for item in page["Items"])

    def _translated(self) -> contextlib.AbstractContextManager[None]:
        missing = f"there is no table {self.table!r}: deploy again"
        return translated("DynamoDB", what=f"table {self.table!r}", missing=missing)
