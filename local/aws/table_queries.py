"""DynamoDB's Query reads one partition. moto reads and sorts the whole table for each."""

from __future__ import annotations

import copy
from typing import Any

from moto.dynamodb.models.dynamo_type import DynamoType
from moto.dynamodb.models.table import Table

_query = Table.query


def _query_partition(  # noqa: PLR0917 (moto's own)
    table: Table, hash_key: DynamoType | None, range_comparison: str | None,
    range_objs: list[DynamoType], limit: int, start: dict[str, Any], forward: bool,  # noqa: FBT001
    projections: list[list[str]] | None, index_name: str | None = None, *args: Any, **kwargs: Any,
) -> Any:  # fmt: skip
    """Answer a query as moto does, of a table that has nothing else than what it asks for."""
    asked = table
    if hash_key is not None and table.has_range_key and not index_name:
        asked = copy.copy(table)
        asked.items = {
            hash_key: {
                range_key: item
                for range_key, item in list(table.items.get(hash_key, {}).items())
                if not range_comparison or range_key.compare(range_comparison, range_objs)
            }
        }
    return _query(
        asked, hash_key, range_comparison, range_objs, limit, start, forward, projections,
        index_name, *args, **kwargs,
    )  # fmt: skip


def install() -> None:
    """Let moto's tables read the partition that a query names."""
    Table.query = _query_partition
