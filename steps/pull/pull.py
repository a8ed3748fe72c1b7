"""Pull a shop's orders: pages → change files → cursor, so that a kill at any moment loses nothing.

A page is stored as a file that its pull and number name. Then the cursor is stored. So a pull that
is killed between the two asks for the page again and replaces the file.
"""

from __future__ import annotations

import collections
import dataclasses
import time
from collections.abc import Callable, Sequence
from typing import Protocol

from tessera.destinations.requests import Malformed, Request, Response
from tessera.errors import InvalidInput, Retryable
from tessera.sources.connectors.cursor import PullCursor, check_account, first
from tessera.sources.connectors.port import BulkFile, Connector, PulledPage, PulledRecord

_TRIES = 4
_FIRST_PAUSE_SECONDS = 2.0


class PullTransport(Protocol):
    """Sends a connector's requests. See ``adapters.connectors.transport``."""

    def send(self, request: Request | BulkFile) -> Response:
        """Return the response."""
        ...


class Journal(Protocol):
    """Keeps what was pulled. See ``adapters.connectors.journal``."""

    def cursor(self) -> PullCursor | None:
        """Return the cursor that was kept last, None before the first pull.

        Raises
        ------
        InvalidInput
            It can't be read.
        """
        ...

    def pulls(self) -> int:
        """Return the number of the last pull that stored anything, 0 for none."""
        ...

    def keep(self, cursor: PullCursor) -> None:
        """Keep a cursor."""
        ...

    def store(self, cursor: PullCursor, records: Sequence[PulledRecord]) -> None:
        """Store the records of the page at a cursor, in place of what the page had."""
        ...

    def tidy(self, cursor: PullCursor) -> None:
        """Remove the files that the complete pull of a cursor makes superfluous."""
        ...


@dataclasses.dataclass(frozen=True, kw_only=True)
class PullRecord:
    """What a pull came to.

    Parameters
    ----------
    cursor
        Where it is.
    more
        Whether it must be called again: its time was over before it was complete.
    requests
        How many requests this call sent.
    """

    cursor: PullCursor
    more: bool
    requests: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class Clock:
    """Time, for tests. ``now`` is ISO 8601 in UTC, ``seconds`` only grows."""

    now: Callable[[], str]
    seconds: Callable[[], float] = time.monotonic
    pause: Callable[[float], None] = time.sleep


def pull(
    connector: Connector,
    *,
    transport: PullTransport,
    journal: Journal,
    clock: Clock,
    reload: bool = False,
    budget_seconds: float | None = None,
) -> PullRecord:
    """Pull what changed since the pull before, or go on with one that was interrupted.

    Parameters
    ----------
    reload
        Ask for everything, and forget what the shop no longer has. A pull that is under way goes on
        if it does so too, and is given up otherwise.
    budget_seconds
        When this call begins no further page. A page that has begun is completed, so each call
        gets on by one at least. None for no limit.

    Raises
    ------
    InvalidInput, Refused, Retryable
        The shop can't be pulled now. What was stored stays: the next call goes on from there.
    """
    ends = None if budget_seconds is None else clock.seconds() + budget_seconds
    turn = _Turn(connector, transport=transport, clock=clock)
    cursor = _begun(connector, journal=journal, clock=clock, reload=reload)
    while not cursor.done:
        if turn.requests and ends is not None and clock.seconds() >= ends:
            return PullRecord(cursor=cursor, more=True, requests=turn.requests)
        page = turn.page(cursor)
        if page.records:
            journal.store(cursor, page.records)
        cursor = _after(cursor, page)
        if cursor.done:
            cursor = dataclasses.replace(cursor, notes=(*cursor.notes, *connector.conclude(cursor)))
        journal.keep(cursor)
        if page.trouble:
            raise Retryable(page.trouble)
    journal.tidy(cursor)
    return PullRecord(cursor=cursor, more=False, requests=turn.requests)


def _begun(connector: Connector, *, journal: Journal, clock: Clock, reload: bool) -> PullCursor:
    """Return the cursor of the pull that is under way, or of a new one."""
    try:
        before = journal.cursor()
    except InvalidInput:
        if not reload:
            raise
        before = None
    if before is not None:
        check_account(before, connector=connector.NAME, account=connector.account)
        if not before.done and (before.load or not reload):
            return before
        if before.done:
            journal.tidy(before)
    cursor = first(
        connector=connector.NAME,
        account=connector.account,
        pull=journal.pulls() + 1 if before is None else before.pull + 1,
        started_at=clock.now(),
        before=before,
        load=reload,
    )
    journal.keep(cursor)
    return cursor


class _Turn:
    """The requests of one call."""

    def __init__(self, connector: Connector, *, transport: PullTransport, clock: Clock) -> None:
        self._connector = connector
        self._transport = transport
        self._clock = clock
        self.requests = 0

    def page(self, cursor: PullCursor) -> PulledPage:
        """Return the page at a cursor."""
        pause = _FIRST_PAUSE_SECONDS
        for left in reversed(range(_TRIES)):
            try:
                return self._once(cursor)
            except Malformed as error:
                if not left:
                    raise Retryable(
                        f"{self._connector.TITLE} answers what its API does not promise: {error}. "
                        "Nothing is lost: pull again later"
                    ) from None
                self._clock.pause(pause)
                pause *= 2
        raise AssertionError  # the last try returns or raises

    def _once(self, cursor: PullCursor) -> PulledPage:
        responses: list[Response] = []
        while True:
            request = self._connector.next_request(cursor, responses)
            if request is None:
                return self._connector.read(cursor, responses)
            if isinstance(request, Request) and request.wait_seconds:
                self._clock.pause(request.wait_seconds)
            self.requests += 1
            responses.append(self._transport.send(request))


def _after(cursor: PullCursor, page: PulledPage) -> PullCursor:
    """Return the cursor after a page."""
    if page.restart:
        cursor = dataclasses.replace(cursor, pages=0, counts={}, notes=(), next_since="")
    counts = collections.Counter(cursor.counts)
    counts.update(page.counts)
    counts["records"] += len(page.records)
    counts["rows"] += sum(len(record.rows) for record in page.records)
    for record in page.records:
        if not record.rows:
            counts[f"left_out:{record.reason}"] += 1
    return dataclasses.replace(
        cursor,
        place=page.place,
        pages=cursor.pages + bool(page.records),
        done=page.done,
        next_since=page.next_since or cursor.next_since,
        counts=dict(sorted((name, number) for name, number in counts.items() if number)),
        notes=(*cursor.notes, *(note for note in page.notes if note not in cursor.notes)),
    )
