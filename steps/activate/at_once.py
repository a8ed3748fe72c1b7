"""Let a destination fetch a run's import files itself, many at once, and acknowledge them after.

It takes all customers of some files or none. If it takes none, half as many are tried, down to one
file, which is sent in batches: those isolate the customers that it refuses. After each success
twice as many are tried. So one wrong customer costs some attempts, and no other customer is lost.

An attempt is noted before it begins. A process that ends within it tries half as many next time.
Whether it was carried out does not matter: the same customers again change nothing.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Callable, Sequence

from adapters.destinations.loads import Position, RunLoad
from tessera.destinations.port import FileTransport, Loaded, Transport
from tessera.errors import Retryable
from tessera.records.loads.load import FilesAtOnce, ImportFile

FILES_PER_SAVE = 50  # half a million customers, whose ledger entries are in memory together

_FEWEST = 2  # one file is a batch
_MOST_SECONDS, _LEAST_SECONDS = 720, 300  # of one attempt
_SAVING_SECONDS = 60
_WAIT_SECONDS = 2
_HOPELESS = 20  # attempts in a row that came to nothing: it isn't the customers
_UNKNOWN = "interrupted"


class AtOnce:
    """The part of a load that the destination fetches itself. There is none if it cannot.

    Parameters
    ----------
    load, vendor, transport
        The load, and the way to its destination.
    started_at
        When the run began.
    seconds_left
        Returns how long this process may still take.
    """

    def __init__(
        self,
        load: RunLoad,
        *,
        vendor: Loaded,
        transport: Transport,
        started_at: str,
        seconds_left: Callable[[], float],
    ) -> None:
        self._transport: FileTransport | None = None
        if isinstance(transport, FileTransport) and transport.customers_at_once:
            self._transport = transport
        self._load = load
        self._vendor = vendor
        self._started_at = started_at
        self._seconds_left = seconds_left
        self._last = load.at_once() if self._transport else None

    def advance(self, position: Position) -> Position | None:
        """Let the files from a position on be fetched, and acknowledge those that are there.

        Returns
        -------
        Position or None
            Where to go on. None if the customers at the position are to be sent in batches.

        Raises
        ------
        Retryable
            The destination is busy or away, or there is not enough time.
        """
        if self._transport is None or position.row:
            return None
        while not self._has(position):
            files = self._due(position.part)
            if len(files) < _FEWEST:
                return None
            self._attempt(position.part, files)
        return self._acknowledge(position.part)

    def _has(self, position: Position) -> bool:
        last = self._last
        return bool(last and not last.reason and last.first <= position.part < last.end)

    def _due(self, first: int) -> Sequence[ImportFile]:
        """Return the files to try next, from one on. Fewer than two are left to batches."""
        files = self._load.record.parts[first : first + self._most(first)]
        customers = itertools.accumulate(file.rows for file in files)
        limit = self._transport.customers_at_once if self._transport else 0
        fitting = sum(1 for total in customers if total <= limit)
        return files[:fitting]

    def _most(self, first: int) -> int:
        last = self._last
        if last is None:
            return len(self._load.record.parts)
        if last.failed >= _HOPELESS:
            return 0
        if not last.reason:
            return 2 * (last.end - last.first)
        return (last.end - last.first) // 2 if last.first == first else _FEWEST

    def _attempt(self, first: int, files: Sequence[ImportFile]) -> None:
        seconds = min(_MOST_SECONDS, self._seconds_left() - _SAVING_SECONDS)
        if seconds < _LEAST_SECONDS:
            raise Retryable("there is no time left to load files", after_seconds=_WAIT_SECONDS)
        failed = self._last.failed if self._last else 0
        made = FilesAtOnce(first=first, end=first + len(files), reason=_UNKNOWN, failed=failed)
        self._load.note_at_once(made)
        assert self._transport is not None  # noqa: S101 (as advance knows)
        try:
            reason = self._transport.load_files(files, seconds=seconds)
        except Retryable:  # half of twice as many is the same attempt again
            self._load.note_at_once(dataclasses.replace(made, end=first + 2 * len(files)))
            raise
        failed = failed + 1 if reason else 0
        self._last = dataclasses.replace(made, reason=reason, failed=failed)
        self._load.note_at_once(self._last)

    def _acknowledge(self, first: int) -> Position:
        assert self._last is not None  # noqa: S101 (as advance knows)
        end = min(first + FILES_PER_SAVE, self._last.end)
        return self._load.save_files(
            first,
            end,
            vendor=self._vendor,
            started_at=self._started_at,
            requests=int(first == self._last.first),
        )
