"""The API's table: JSON documents by partition (``pk``) and place in it (``sk``)."""

from __future__ import annotations

import contextlib
import datetime as dt
import functools
import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from adapters.aws import clients
from adapters.aws.errors import code_of, translated

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_CONDITION = "ConditionalCheckFailedException"
Document = Mapping[str, Any]


class Items:
    """JSON documents in a DynamoDB table with the key ``pk`` and ``sk``, and a ``ttl``.

    Parameters
    ----------
    table
        The table's name.
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
        """The client, made when it is first needed: most requests need none."""
        return self._given or clients.dynamodb()

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
        except _ThereAlready:
            return False
        return True

    def delete(self, pk: str, sk: str) -> None:
        """Remove a document. A missing one is no error."""
        with self._translated():
            self._dynamodb.delete_item(TableName=self.table, Key=_key(pk, sk))

    @contextlib.contextmanager
    def _translated(self) -> Iterator[None]:
        missing = f"there is no table {self.table!r}: deploy again"
        with translated("DynamoDB", what=f"table {self.table!r}", missing=missing):
            try:
                yield
            except ClientError as error:
                if code_of(error) != _CONDITION:
                    raise
                raise _ThereAlready from error


class _ThereAlready(Exception):  # noqa: N818 (a signal inside this module)
    """The condition of a write did not hold."""


def _key(pk: str, sk: str) -> dict[str, Any]:
    return {"pk": {"S": pk}, "sk": {"S": sk}}


def _item(pk: str, sk: str, document: Document, until: dt.datetime) -> dict[str, Any]:
    text = json.dumps(document, sort_keys=True, ensure_ascii=False)
    return {**_key(pk, sk), "document": {"S": text}, "ttl": {"N": str(int(until.timestamp()))}}


def _document(item: Mapping[str, Any]) -> Document:
    return dict(json.loads(item["document"]["S"]))
