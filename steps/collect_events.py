"""Take the events of a page: check its origin, key and pace, then put them into the stream."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Protocol

from tessera.api.write_keys import WriteKey, parse_write_key
from tessera.sources.collecting.body import read_body
from tessera.sources.collecting.events import read_events
from tessera.sources.collecting.origins import is_listed
from tessera.sources.collecting.refusals import NotCollected, WrongPart

_SECONDS_A_MINUTE = 60
_TYPES = ("text/plain", "application/json")


class EventSink(Protocol):
    """Where records go."""

    def put(self, records: Sequence[Mapping[str, str]], /) -> object:
        """Put all records, or raise ``Retryable``."""


class KeyReader(Protocol):
    """Knows write-only keys."""

    def find(self, key_id: str) -> WriteKey | None:
        """Return a key by its id, None without one."""


class EventCounter(Protocol):
    """Counts the events of each key."""

    def take(self, key_id: str, number: int, *, most: int, now: dt.datetime) -> bool:
        """Count events. Return whether they still fit into the key's minute."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class PageRequest:
    """What a page sends.

    Parameters
    ----------
    origin
        The page's origin, as the browser says it. None without one.
    content_type
        The type of the body. Empty without one.
    body
        The body's bytes.
    """

    origin: str | None
    content_type: str
    body: bytes = dataclasses.field(repr=False)


@dataclasses.dataclass(frozen=True, kw_only=True)
class CollectOutcome:
    """What became of a request, for the log.

    Parameters
    ----------
    tenant, key_id
        Whose events these are, and by which key.
    events
        How many there were.
    refused
        Why none of them was taken. None where all were.
    """

    tenant: str
    key_id: str
    events: int
    refused: NotCollected | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Collector:
    """What taking events works with.

    Parameters
    ----------
    keys, counts, sink
        The write-only keys, what each has sent, and the stream.
    why_not
        Returns why nothing is taken for a tenant now. Empty where it is.
    origins
        The pages that may send.
    most_a_minute
        How many events a key may send in a minute.
    """

    keys: KeyReader
    counts: EventCounter
    sink: EventSink
    why_not: Callable[[str, dt.datetime], str]
    origins: Sequence[str]
    most_a_minute: int


def collect_events(
    request: PageRequest, *, collector: Collector, now: dt.datetime
) -> CollectOutcome:
    """Take all events of a request, or none.

    Raises
    ------
    NotCollected
        The request is refused before anybody knows whose it is.
    Retryable
        The stream or the table was busy or away.
    """
    _check_envelope(request, origins=collector.origins)
    body = read_body(request.body)
    key = _key(body.key, keys=collector.keys, now=now)
    taken = CollectOutcome(tenant=key.tenant, key_id=key.key_id, events=len(body.events))
    try:
        _check_tenant(key.tenant, collector.why_not(key.tenant, now))
        events = read_events(body, now=now)
        _count(key, len(events), collector=collector, now=now)
    except NotCollected as refused:
        return dataclasses.replace(taken, refused=refused)
    collector.sink.put([event.record(key.tenant) for event in events])
    return taken


def _check_tenant(tenant: str, why_not: str) -> None:
    if why_not:
        raise NotCollected(
            f"No events are taken for tenant {tenant!r} now.", status=HTTPStatus.FORBIDDEN
        )


def _count(key: WriteKey, number: int, *, collector: Collector, now: dt.datetime) -> None:
    most = collector.most_a_minute
    if not collector.counts.take(key.key_id, number, most=most, now=now):
        raise NotCollected(
            f"This key has sent its {most:,} events of this minute. Send these later.",
            status=HTTPStatus.TOO_MANY_REQUESTS,
            after_seconds=_SECONDS_A_MINUTE - now.second,
        )


def _check_envelope(request: PageRequest, *, origins: Sequence[str]) -> None:
    if not is_listed(request.origin, origins=origins):
        raise NotCollected(
            "Pages of this origin may not send events. An administrator lists the origins in "
            "the setting 'stream.origins'.",
            status=HTTPStatus.FORBIDDEN,
        )
    media = request.content_type.partition(";")[0].strip().lower()
    if media and media not in _TYPES:
        raise NotCollected(
            f"Expected the content type {' or '.join(_TYPES)}.",
            status=HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        )


def _key(text: str, *, keys: KeyReader, now: dt.datetime) -> WriteKey:
    parsed = parse_write_key(text)
    key = keys.find(parsed[0]) if parsed else None
    if parsed is None or key is None or not key.works(parsed[1], now=now):
        raise NotCollected(
            "A valid write-only key is needed in the body's field 'key'. An API key is none.",
            status=HTTPStatus.UNAUTHORIZED,
            wrong=(WrongPart("key", "expected tsw_…, neither expired nor revoked"),),
        )
    return key
