"""The API's table: JSON documents by partition (``pk``) and place in it (``sk``)."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

from adapters.stores.dynamo_table import ConditionFailed
from adapters.stores.keyed_table import Item, KeyedTable, key

Document = Mapping[str, Any]


class Items(KeyedTable):
    """JSON documents in a DynamoDB table with the key ``pk`` and ``sk``, and a ``ttl``."""

    def get(self, pk: str, sk: str) -> Document | None:
        """Return a document, None without one."""
        item = self._get(pk, sk)
        return None if item is None else _document(item)

    def all(self, pk: str) -> list[Document]:
        """Return the documents of a partition, by place."""
        return [_document(item) for item in self._partition(pk)]

    def put(self, pk: str, sk: str, document: Document, *, until: dt.datetime) -> None:
        """Write a document, which DynamoDB removes some time after ``until``."""
        with self._translated():
            self._dynamodb.put_item(TableName=self.table, Item=_item(pk, sk, document, until))

    def add(self, pk: str, sk: str, document: Document, *, until: dt.datetime) -> bool:
        """Write a document where there is none. Return whether there was none."""
        try:
            with self._translated():
                self._dynamodb.put_item(
                    TableName=self.table,
                    Item=_item(pk, sk, document, until),
                    ConditionExpression="attribute_not_exists(pk)",
                )
        except ConditionFailed:
            return False
        return True

    def delete(self, pk: str, sk: str) -> None:
        """Remove a document. A missing one is no error."""
        with self._translated():
            self._dynamodb.delete_item(TableName=self.table, Key=key(pk, sk))


def _item(pk: str, sk: str, document: Document, until: dt.datetime) -> Item:
    text = json.dumps(document, sort_keys=True, ensure_ascii=False)
    return {**key(pk, sk), "document": {"S": text}, "ttl": {"N": str(int(until.timestamp()))}}


def _document(item: Mapping[str, Any]) -> Document:
    return dict(json.loads(item["document"]["S"]))
