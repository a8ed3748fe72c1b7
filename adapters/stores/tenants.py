"""The tenants table: one item for each tenant that has uploaded something."""

from __future__ import annotations

from adapters.stores.dynamo_table import DynamoTable


class Tenants(DynamoTable):
    """The tenants of a stage, known from their first upload on.

    Its key is ``tenant``.
    """

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
