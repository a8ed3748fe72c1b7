"""What the stores of the campaigns' table share: all of 16 partitions, and batches."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from adapters.stores.keyed_table import Item, KeyedTable
from tessera.campaigns.sending.outcomes import PARTITIONS
from tessera.errors import Retryable

_READ_AT_ONCE, _WRITTEN_AT_ONCE = 100, 25  # DynamoDB's limits
_ATTEMPTS = 8
_FIRST_PAUSE_S = 0.05


class PartitionedTable(KeyedTable):
    """A table whose recipients are spread over 16 partitions."""

    def _partitions(
        self, pk: Callable[[str], str], *, values: Item | None = None, options: Mapping[str, Any],
    ) -> Iterator[Item]:  # fmt: skip
        """Return the items of all 16 partitions."""
        for digit in PARTITIONS:
            yield from self._partition(pk(digit), values=values, options=options)

    def _get_batch(self, keys: Sequence[Item]) -> Iterator[Item]:
        """Return the items of some keys that exist."""
        for part in _parts(keys, size=_READ_AT_ONCE):
            wanted: Mapping[str, Any] = {self.table: {"Keys": part, "ConsistentRead": True}}
            for pause_s in _pauses():
                with self._translated():
                    answer = self._dynamodb.batch_get_item(RequestItems=wanted)
                yield from answer["Responses"].get(self.table, [])
                wanted = answer.get("UnprocessedKeys", {})
                if not wanted:
                    break
                time.sleep(pause_s)
            else:
                raise Retryable(f"DynamoDB was busy for table {self.table!r}: items are unread")

    def _put_batch(self, items: Iterable[Item]) -> None:
        """Write items, whatever was in their places. No two may have the same key."""
        for part in _parts(items, size=_WRITTEN_AT_ONCE):
            wanted: Mapping[str, Any] = {
                self.table: [{"PutRequest": {"Item": one}} for one in part]
            }
            for pause_s in _pauses():
                with self._translated():
                    answer = self._dynamodb.batch_write_item(RequestItems=wanted)
                wanted = answer.get("UnprocessedItems", {})
                if not wanted:
                    break
                time.sleep(pause_s)
            else:
                raise Retryable(f"DynamoDB was busy for table {self.table!r}: items are unwritten")


def _parts(items: Iterable[Item], *, size: int) -> Iterator[list[Item]]:
    source = iter(items)
    while part := list(itertools.islice(source, size)):
        yield part


def _pauses() -> Iterator[float]:
    return (_FIRST_PAUSE_S * 2**attempt for attempt in range(_ATTEMPTS))
