"""Put events on the stage's Kinesis stream. What the stream refuses alone is sent again, alone."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Protocol

from adapters.aws import clients
from adapters.aws.errors import translated
from tessera.errors import InvalidInput, Retryable
from tessera.sources.stream import LARGEST_RECORD_BYTES

MOST_RECORDS = 500  # of a request
_MOST_BYTES = 4 << 20  # of a request, whose limit is 5 MB with the partition keys
_LONGEST_KEY, _NO_KEY = 256, "none"
_FIRST_WAIT_S = 0.1
_ATTEMPTS = 8

Entry = Mapping[str, Any]


class KinesisClient(Protocol):
    """What a producer uses of boto3's client."""

    def put_records(self, **request: Any) -> Mapping[str, Any]:  # noqa: ANN401 (boto3's own)
        """Put at most 500 records, and answer for each."""


class StreamProducer:
    """Puts events on one stream.

    Parameters
    ----------
    stream
        The stream's name.
    client
        A Kinesis client. By default one for the environment's credentials and region.
    attempts
        How often a record is sent. Between two times a producer waits, twice as long each time.
    sleep
        Waits for so many seconds.
    """

    def __init__(
        self,
        stream: str,
        *,
        client: KinesisClient | None = None,
        attempts: int = _ATTEMPTS,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._stream = stream
        self._kinesis: KinesisClient = client or clients.kinesis()
        self._attempts = attempts
        self._sleep = sleep

    def put(self, events: Iterable[Mapping[str, Any] | bytes]) -> int:
        """Put events, each a JSON object with the data contract's headers. Return how many.

        Bytes are put as they are: what is no event is refused where it is read. Records of one
        customer keep their order, unless the stream refuses some of them. An event with an
        ``EventID`` may be put again without harm.

        Raises
        ------
        InvalidInput
            An event is too large, or the stream does not exist.
        Refused
            The credentials may not put records.
        Retryable
            The stream refused records at each attempt. The message has their number.
        """
        count = 0
        for batch in _batches(map(_entry, events)):
            self._put(batch)
            count += len(batch)
        return count

    def _put(self, batch: list[Entry]) -> None:
        wait_s = _FIRST_WAIT_S
        for attempt in range(self._attempts):
            if attempt:
                self._sleep(wait_s)
                wait_s *= 2
            with translated("Kinesis", what=f"stream {self._stream}", missing=self._missing()):
                answer = self._kinesis.put_records(StreamName=self._stream, Records=batch)
            results = zip(batch, answer["Records"], strict=True)
            batch = [entry for entry, result in results if result.get("ErrorCode")]
            if not batch:
                return
        raise Retryable(
            f"stream {self._stream} refused {len(batch)} records {self._attempts} times: it has "
            "too few shards, or it is busy. Send them again"
        )

    def _missing(self) -> str:
        return (
            f"stream {self._stream} does not exist: see the output EventStream of the stage's "
            "stack, and whether 'stream.shards' is set"
        )


def _entry(event: Mapping[str, Any] | bytes) -> Entry:
    if isinstance(event, bytes):
        return {"Data": event, "PartitionKey": _NO_KEY}
    data = json.dumps(event, ensure_ascii=False, separators=(",", ":"))
    body = data.encode(errors="replace")
    if len(body) > LARGEST_RECORD_BYTES:
        raise InvalidInput(
            f"an event has {len(body)} bytes, more than the {LARGEST_RECORD_BYTES} of a record: "
            "send fewer or shorter fields"
        )
    return {"Data": body, "PartitionKey": _key(event)}


def _key(event: Mapping[str, Any]) -> str:
    """Return what decides the shard: the customer, so that theirs stay in order."""
    for name in ("CustomerID", "EventID"):
        value = str(event.get(name) or "")
        if value:
            return value[:_LONGEST_KEY]
    return _NO_KEY


def _batches(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    batch: list[Entry] = []
    size = 0
    for entry in entries:
        more = len(entry["Data"]) + 4 * len(entry["PartitionKey"])
        if batch and (len(batch) == MOST_RECORDS or size + more > _MOST_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(entry)
        size += more
    if batch:
        yield batch
