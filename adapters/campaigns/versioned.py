"""Records that several workers change: each change is made to the newest version, or again."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from adapters.stores.dynamo_table import ConditionFailed
from adapters.stores.keyed_table import Item, KeyedTable, key
from tessera.errors import Retryable
from tessera.records.codec import decode, encode

Kept = TypeVar("Kept")
_ATTEMPTS = 40
_PAUSE_S = 0.01


class VersionedRecords(KeyedTable, Generic[Kept]):
    """Records of one type in one partition, each with a version.

    Parameters
    ----------
    table
        The campaigns' table.
    pk
        The partition.
    kind
        The records' dataclass.
    """

    def __init__(self, table: str, *, pk: str, kind: type[Kept], **more: object) -> None:
        super().__init__(table, **more)  # type: ignore[arg-type]
        self._pk, self._kind = pk, kind

    def read(self, sk: str) -> Kept | None:
        """Return a record, None without one."""
        return self._read(sk)[0]

    def all(self) -> list[Kept]:
        """Return all records, by their place."""
        return [self._decoded(item["document"]["S"], item["sk"]["S"])
                for item in self._partition(self._pk)]  # fmt: skip

    def change(self, sk: str, change: Callable[[Kept | None], Kept]) -> Kept:
        """Change a record, and return what it is now.

        Parameters
        ----------
        sk
            Its place.
        change
            Given the newest version, returns the next. It is called again when another worker
            was faster. What it raises passes through.

        Raises
        ------
        Retryable
            Others were faster each time.
        """
        for attempt in range(_ATTEMPTS):
            before, version = self._read(sk)
            after = change(before)
            if after == before or self._write(sk, after, version=version):
                return after
            time.sleep(_PAUSE_S * (1 + attempt % 7))
        raise Retryable(f"too many workers change {sk!r} in table {self.table!r}")

    def _read(self, sk: str) -> tuple[Kept | None, int]:
        item = self._get(self._pk, sk)
        if item is None:
            return None, 0
        return self._decoded(item["document"]["S"], sk), int(item["version"]["N"])

    def _write(self, sk: str, record: Kept, *, version: int) -> bool:
        condition = "version = :before" if version else "attribute_not_exists(pk)"
        values: Item = {":before": {"N": str(version)}} if version else {}
        named: Any = {"ExpressionAttributeValues": values} if values else {}
        try:
            with self._translated():
                self._dynamodb.put_item(
                    TableName=self.table,
                    Item={
                        **key(self._pk, sk), "version": {"N": str(version + 1)},
                        "document": {"S": json.dumps(encode(record), sort_keys=True)},
                    },
                    ConditionExpression=condition,
                    **named,
                )  # fmt: skip
        except ConditionFailed:
            return False
        return True

    def _decoded(self, text: str, sk: str) -> Kept:
        return decode(self._kind, json.loads(text), document=f"{self._pk} {sk}", tolerant=True)
