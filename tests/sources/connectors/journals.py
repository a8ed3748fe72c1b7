"""A journal in memory, and kills at any request or write."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tessera.sources.connectors.cursor import PullCursor
from tessera.sources.connectors.port import PulledRecord


class Killed(BaseException):
    """The process ended here."""


class MemoryJournal:
    """Keeps pulls as ``ChangeJournal`` does, and folds them as Curate does."""

    def __init__(self) -> None:
        self.files: dict[tuple[int, int], tuple[PullCursor, tuple[PulledRecord, ...]]] = {}
        self._text = ""
        self._kept: PullCursor | None = None

    def cursor(self) -> PullCursor | None:
        return PullCursor.parse(self._text, where="cursor.json") if self._text else None

    def pulls(self) -> int:
        return max((pull for pull, _ in self.files), default=0)

    def keep(self, cursor: PullCursor) -> None:
        self._text, self._kept = cursor.text(), cursor

    def store(self, cursor: PullCursor, records: Sequence[PulledRecord]) -> None:
        self.files[cursor.pull, cursor.pages] = (cursor, tuple(records))

    def tidy(self, cursor: PullCursor) -> None:
        self.files = {
            (pull, page): file
            for (pull, page), file in self.files.items()
            if (pull == cursor.pull and page < cursor.pages)
            or (pull < cursor.pull and not cursor.load)
        }

    def current(self) -> dict[str, PulledRecord]:
        """Return the latest record of each key."""
        best: dict[str, tuple[tuple[str, tuple[int, ...]], PulledRecord]] = {}
        now = self._kept
        loads = [
            cursor.started_at
            for cursor, _ in self.files.values()
            if cursor.load and (now is None or cursor.pull != now.pull or now.done)
        ]
        for (pull, page), (cursor, records) in self.files.items():
            for place, record in enumerate(records):
                at = cursor.started_at if cursor.load else record.changed_at
                order = (at, (pull, page, place))
                if record.key not in best or best[record.key][0] < order:
                    best[record.key] = (order, record)
        newest = max(loads, default="")
        return {
            key: record
            for key, (order, record) in sorted(best.items())
            if record.rows and order[0] >= newest
        }


class Kills:
    """Ends the process at the nth step of a journal and a transport."""

    def __init__(self, at: int) -> None:
        self._left = at

    def __call__(self) -> None:
        self._left -= 1
        if self._left == 0:
            raise Killed


class KilledJournal:
    """A journal whose process may end before or after each write."""

    def __init__(self, journal: MemoryJournal, kill: Callable[[], None]) -> None:
        self._journal, self._kill = journal, kill
        self.cursor, self.pulls = journal.cursor, journal.pulls

    def keep(self, cursor: PullCursor) -> None:
        self._kill()
        self._journal.keep(cursor)
        self._kill()

    def store(self, cursor: PullCursor, records: Sequence[PulledRecord]) -> None:
        self._kill()
        self._journal.store(cursor, records)
        self._kill()

    def tidy(self, cursor: PullCursor) -> None:
        self._kill()
        self._journal.tidy(cursor)
