"""All that places hold of one tenant: counted, and deleted for good."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from adapters.aws.objects import Objects, ObjectVersion
from adapters.stores.dynamo_table import DynamoTable

if TYPE_CHECKING:
    from mypy_boto3_glue import GlueClient
    from mypy_boto3_secretsmanager import SecretsManagerClient

_AT_ONCE = 25  # the limit of a batch, of DynamoDB and of Glue
_AFTER = ("#", "/")  # what follows a tenant in a key that begins with it. No tenant has one
_KEYS = ("tenant", "pk", "customer")  # the partition keys of our tables


def belongs(item: Mapping[str, Any], tenant: str) -> bool:
    """Return whether an item of DynamoDB is a tenant's: by its key, a field, or its document."""
    for name in _KEYS:
        text = str(item.get(name, {}).get("S", ""))
        if text == tenant or text.startswith(tuple(tenant + after for after in _AFTER)):
            return True
    document = item.get("document", {}).get("S")
    if document is None or tenant not in document:
        return False
    value = json.loads(document)
    return isinstance(value, dict) and value.get("tenant") == tenant


def always() -> bool:
    """Say that there is time for more."""
    return True


class ObjectRemains:
    """Every version and delete marker below some prefixes of a bucket.

    ``goes_on`` says whether there is time for more, here and below.
    """

    def __init__(
        self,
        objects: Objects,
        *,
        what: str,
        prefixes: Sequence[str],
        goes_on: Callable[[], bool] = always,
    ) -> None:
        self.what, self._objects, self._prefixes = what, objects, prefixes
        self._goes_on = goes_on

    def count(self) -> int:
        """Return how many there are."""
        return sum(map(len, self._pages()))

    def delete(self) -> None:
        """Delete them for good."""
        for page in self._pages():
            self._objects.delete_versions(page)
            if not self._goes_on():
                return

    def _pages(self) -> Iterator[list[ObjectVersion]]:
        for prefix in self._prefixes:
            yield from self._objects.version_pages(prefix, markers=True)


class ItemRemains(DynamoTable):
    """A tenant's items of a table, whatever their keys are."""

    def __init__(
        self,
        table: str,
        *,
        what: str,
        tenant: str,
        dynamodb: Any,  # noqa: ANN401 (boto3's)
        goes_on: Callable[[], bool] = always,
    ) -> None:
        super().__init__(table, dynamodb=dynamodb)
        self.what, self._tenant, self._goes_on = what, tenant, goes_on

    def count(self) -> int:
        """Return how many there are."""
        return sum(1 for _ in self._items())

    def delete(self) -> None:
        """Delete them."""
        with self._translated():
            schema = self._dynamodb.describe_table(TableName=self.table)["Table"]["KeySchema"]
            names = [one["AttributeName"] for one in schema]
            for item in self._items():
                self._dynamodb.delete_item(
                    TableName=self.table, Key={name: item[name] for name in names}
                )
                if not self._goes_on():
                    return

    def _items(self) -> Iterator[Mapping[str, Any]]:
        with self._translated():
            pages = self._dynamodb.get_paginator("scan").paginate(
                TableName=self.table, ConsistentRead=True
            )
            for page in pages:
                yield from (item for item in page["Items"] if belongs(item, self._tenant))


class SecretRemains:
    """A tenant's keys of destinations and sources."""

    what = "secrets"

    def __init__(self, stage: str, *, tenant: str, client: SecretsManagerClient) -> None:
        self._prefix, self._ending, self._client = f"tessera/{stage}/", f"/{tenant}", client

    def count(self) -> int:
        """Return how many there are."""
        return len(self._names())

    def delete(self) -> None:
        """Delete them at once, without days in which they could be restored."""
        for name in self._names():
            self._client.delete_secret(SecretId=name, ForceDeleteWithoutRecovery=True)

    def _names(self) -> list[str]:
        pages = self._client.get_paginator("list_secrets").paginate(
            Filters=[{"Key": "name", "Values": [self._prefix]}]
        )
        names = [one["Name"] for page in pages for one in page["SecretList"]]
        return [
            name for name in names if name.startswith(self._prefix) and name.endswith(self._ending)
        ]


class PartitionRemains:
    """A tenant's partitions of the Glue catalog."""

    what = "partitions of the catalog"

    def __init__(self, database: str, *, tenant: str, client: GlueClient) -> None:
        self._database, self._tenant, self._glue = database, tenant, client

    def count(self) -> int:
        """Return how many there are."""
        return sum(len(values) for _, values in self._partitions())

    def delete(self) -> None:
        """Take them out of the catalog."""
        for table, values in self._partitions():
            for first in range(0, len(values), _AT_ONCE):
                self._glue.batch_delete_partition(
                    DatabaseName=self._database,
                    TableName=table,
                    PartitionsToDelete=[
                        {"Values": one} for one in values[first : first + _AT_ONCE]
                    ],
                )

    def _partitions(self) -> Iterator[tuple[str, list[list[str]]]]:
        pages = self._glue.get_paginator("get_tables").paginate(DatabaseName=self._database)
        for table in [one for page in pages for one in page["TableList"]]:
            keys = [key["Name"] for key in table.get("PartitionKeys", [])]
            if "tenant" not in keys:
                continue
            place, rows = keys.index("tenant"), []
            parts = self._glue.get_paginator("get_partitions").paginate(
                DatabaseName=self._database, TableName=table["Name"]
            )
            for page in parts:
                rows += [list(one["Values"]) for one in page["Partitions"]]
            yield table["Name"], [each for each in rows if each[place] == self._tenant]
