"""Store a batch of a stream: a part for each tenant and day, and a mark that it is not counted yet.

The part comes first. A process that ends between the two is called with the same batch again.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

from adapters.aws.objects import Objects
from tessera import naming
from tessera.sources.stream import StreamCounts, StreamPart, StreamRecord, parts_of


@dataclasses.dataclass(frozen=True, kw_only=True)
class StoreReport:
    """What became of a batch: ``repeated`` of its ``parts`` were there already."""

    counts: StreamCounts
    parts: int
    repeated: int


def store_events(records: Iterable[StreamRecord], *, data: Objects) -> StoreReport:
    """Write a batch's records to the data bucket. Doing it again changes nothing.

    Raises
    ------
    Refused, Retryable
        S3 did not accept a part. The stream keeps the batch, so try it again.
    """
    parts, counts = parts_of(records)
    repeated = sum(not _store(part, data=data) for part in parts)
    return StoreReport(counts=counts, parts=len(parts), repeated=repeated)


def _store(part: StreamPart, *, data: Objects) -> bool:
    """Write a part where there is none, then its mark. Return whether there was none."""
    folder = naming.stream_folder(part.day)
    key = naming.source_folder(part.tenant, folder) + part.name
    is_new = data.create(key, part.body)
    data.write(naming.open_part_key(part.tenant, folder, part.name), b"")
    return is_new
