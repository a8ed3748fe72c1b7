"""The API's table: JSON documents by partition (``pk``) and place in it (``sk``)."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

from adapters.stores.dynamo_table import ConditionFailed, DynamoTable

Document = Mapping[str, Any]


class Items(DynamoTable):
    """JSON documents in a DynamoDB table with the key ``pk`` and ``sk``, and a ``ttl``."""

    def get(self, pk: str, sk: str) -> Document | None:
        """Return a document, None without one."""
        with self._translated():
            answer = self._dynamodb.get_item(
                TableName=self.table, Key=_key(pk, sk), ConsistentRead=True
            )
        return _document(answer["Item"]) if "Item" in answer else None

    def all(self, pk: str) -> list[Document]:
        """Return the documents of a partition, by place."""
        with self._translated():
            pages = self._dynamodb.get_paginator("query").paginate(
                TableName=self.table,
                KeyConditionExpression="pk = :pk",
                ExpressionAttributeValues={":pk": {"S": pk}},
                ConsistentRead=True,
            )
            return [_document(item) for page in pages for item in page["Items"]]

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
            self._dynamodb.delete_item(TableName=self.table, Key=_key(pk, sk))


def _key(pk: str, sk: str) -> dict[str, Any]:
    return {"pk": {"S": pk}, "sk": {"S": sk}}


def _item(pk: str, sk: str, document: Document, until: dt.datetime) -> dict[str, Any]:
    text = json.dumps(document, sort_keys=True, ensure_ascii=False)
    return {**_key(pk, sk), "document": {"S": text}, "ttl": {"N": str(int(until.timestamp()))}}


def _document(item: Mapping[str, Any]) -> Document:
    return dict(json.loads(item["document"]["S"]))
