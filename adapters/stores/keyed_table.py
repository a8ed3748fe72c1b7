"""A table of DynamoDB with the key ``pk`` and ``sk``: a partition, and a place in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from adapters.stores.dynamo_table import DynamoTable

Item = dict[str, Any]


def key(pk: str, sk: str) -> Item:
    """Return a key as DynamoDB has it."""
    return {"pk": {"S": pk}, "sk": {"S": sk}}


class KeyedTable(DynamoTable):
    """Reads items by their partition and place, as they are now."""

    def _get(self, pk: str, sk: str) -> Item | None:
        """Return an item, None without one."""
        with self._translated():
            answer = self._dynamodb.get_item(
                TableName=self.table, Key=key(pk, sk), ConsistentRead=True
            )
        return answer.get("Item")

    def _partition(
        self, pk: str, *, begins_with: str = "", limit: int | None = None,
        values: Item | None = None, options: Mapping[str, Any] | None = None,
    ) -> Iterator[Item]:  # fmt: skip
        """Return a partition's items in order."""
        condition, given = "pk = :pk", {":pk": {"S": pk}, **(values or {})}
        if begins_with:
            condition, given[":sk"] = f"{condition} AND begins_with(sk, :sk)", {"S": begins_with}
        paging: Any = {} if limit is None else {"MaxItems": limit, "PageSize": limit}
        with self._translated():
            pages = self._dynamodb.get_paginator("query").paginate(
                TableName=self.table,
                KeyConditionExpression=condition,
                ExpressionAttributeValues=given,
                ConsistentRead=True,
                PaginationConfig=paging,
                **(options or {}),
            )
            for page in pages:
                yield from page["Items"]
