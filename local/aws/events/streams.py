"""Event streams that call a function with batches of a shard, in order, until it succeeds.

moto calls the function record by record while the producer waits, and numbers the records of each
stream from 1 on. Numbers of an earlier session would come again then, and they are ids of events.
"""

from __future__ import annotations

import functools
import itertools
import json
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

from moto.awslambda.utils import get_backend
from moto.kinesis.models import Record, Shard, Stream

from local.aws.events.waking import HiddenMappings, Waking

_MOST_BYTES = 6_000_000  # of an event, at Lambda
_ENVELOPE_BYTES = 500  # of a record in it, beside its data
_GATHERS_S = 0.3  # how long a batch is waited for, whatever the mapping's window is
_AGAIN_S = 1.0  # after a batch that failed

_make_stream = Stream.__init__
_put = Stream.put_record


class StreamReading:
    """Calls the functions of streams in the background, a shard beside the others.

    Parameters
    ----------
    report
        Called with an error that no caller waits for.
    """

    def __init__(self, *, report: Callable[[str], None]) -> None:
        self._report = report
        self._waking = Waking()
        self._read: dict[str, int] = {}  # by function and shard: how many records were handled

    def wake(self, stream: Stream, shard: Shard) -> None:
        """Let each function read a shard, unless it is at it already."""
        for mapping in dict.values(stream.lambda_event_source_mappings):
            work = functools.partial(self._work, stream, shard, mapping)
            self._waking.wake(_source(stream, shard, mapping), work)

    def _work(self, stream: Stream, shard: Shard, mapping: Any) -> None:
        while self._waking.has_come(_source(stream, shard, mapping)):
            time.sleep(_GATHERS_S)
            try:
                while mapping.enabled and self._call(stream, shard, mapping):
                    pass
            except Exception as error:  # noqa: BLE001 (nobody waits for it)
                self._report(f"stream {stream.stream_name} could not call: {error}")

    def _call(self, stream: Stream, shard: Shard, mapping: Any) -> bool:
        """Call a function with the next batch, again after it failed. Return whether there was one.

        A batch that failed comes again before any later one, or from the first record on that the
        function says has failed.
        """
        key = _source(stream, shard, mapping)
        start = self._read.get(key, 0)
        batch = _next(shard, start, most=mapping.batch_size)
        if not batch:
            return False
        headers: dict[str, Any] = {}
        body = json.dumps({"Records": [_envelope(one, stream, shard) for one in batch]})
        lambdas = get_backend(stream.account_id, stream.region)
        reply = lambdas.invoke(mapping.function_arn, None, body, {}, headers)
        failed = "x-amz-function-error" in headers
        handled = 0 if failed else _handled(batch, reply)
        self._read[key] = start + handled
        if handled < len(batch):
            time.sleep(_AGAIN_S)
        return True


def _source(stream: Stream, shard: Shard, mapping: Any) -> str:
    return f"{stream.arn}/{shard.shard_id}/{mapping.uuid}"


def _handled(batch: Sequence[Record], reply: Any) -> int:
    """Return how many records come before the first one that a function's reply says has failed."""
    try:
        failures = json.loads(reply or "null").get("batchItemFailures") or ()
    except (AttributeError, ValueError):
        return len(batch)
    failed = {one["itemIdentifier"] for one in failures}
    numbers = [str(record.sequence_number) for record in batch]
    return next((place for place, one in enumerate(numbers) if one in failed), len(batch))


def _next(shard: Shard, start: int, *, most: int) -> Sequence[Record]:
    """Return the records from one on that fit into a call."""
    batch: list[Record] = []
    size = 0
    for record in itertools.islice(list(shard.records.values()), start, start + most):
        size += len(record.data) + _ENVELOPE_BYTES
        if batch and size > _MOST_BYTES:
            break
        batch.append(record)
    return batch


def _envelope(record: Record, stream: Stream, shard: Shard) -> dict[str, Any]:
    sequence = str(record.sequence_number)
    return {
        "kinesis": {
            "kinesisSchemaVersion": "1.0",
            "partitionKey": record.partition_key,
            "sequenceNumber": sequence,
            "data": record.data,
            "approximateArrivalTimestamp": round(record.created_at, 3),
        },
        "eventSource": "aws:kinesis",
        "eventVersion": "1.0",
        "eventID": f"{shard.shard_id}:{sequence}",
        "eventName": "aws:kinesis:record",
        "eventSourceARN": stream.arn,
        "awsRegion": stream.region,
    }


def install(reading: StreamReading) -> None:
    """Make moto's streams hand their records to functions in the background."""
    lock = threading.Lock()

    def make(stream: Stream, *args: Any, **kwargs: Any) -> None:
        _make_stream(stream, *args, **kwargs)
        stream.lambda_event_source_mappings = HiddenMappings()

    def put(stream: Stream, *args: Any, **kwargs: Any) -> tuple[str, str]:
        with lock:
            sequence, shard_id = _put(stream, *args, **kwargs)
        if stream.lambda_event_source_mappings:
            reading.wake(stream, stream.shards[shard_id])
        return sequence, shard_id

    def number(shard: Shard, partition_key: str, data: str, explicit_hash_key: str) -> str:
        last = next(reversed(shard.records), 0)
        sequence = max(last + 1, time.time_ns())
        record = Record(partition_key, data, sequence, explicit_hash_key)
        shard.records[sequence] = record
        return str(sequence)

    Stream.__init__ = make
    Stream.put_record = put
    Shard.put_record = number
