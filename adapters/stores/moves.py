"""Single moves at a destination: who has the turn, what was sent, and what the ledger notes."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import functools
import time
from collections.abc import Callable, Iterable, Mapping

from adapters.aws.objects import Objects
from adapters.stores.ledger import Ledger
from adapters.stores.records import read_record, write_record
from adapters.stores.turns import LONGEST, Turns
from tessera.destinations.planning.ledger import Entry
from tessera.naming import (
    CONTENTS,
    LEDGER_MOVES,
    LEDGER_TURNS,
    destination_prefix,
    ledger_prefix,
)
from tessera.records.fields import MILLISECONDS
from tessera.records.loads.moves import MovesRecord

_NAME = "moves"  # sorts after the parts of the same run


def _utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class SingleMoves:
    """The moves of one tenant at one destination, beside its ledger in the identities bucket.

    The ledger has them right after the run that they build on. So whatever a later run sends wins.

    Parameters
    ----------
    objects
        The identities bucket.
    tenant, destination
        Whose moves, and where to.
    now, pause
        As ``Turns`` takes them.
    """

    def __init__(
        self,
        objects: Objects,
        *,
        tenant: str,
        destination: str,
        now: Callable[[], dt.datetime] = _utc_now,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._objects = objects
        self._folder_of = functools.partial(_folder, tenant, destination)
        prefix = ledger_prefix(tenant, destination)
        self._key = prefix + LEDGER_MOVES
        self._ledger = Ledger(objects, tenant=tenant, destination=destination)
        self._turns = Turns(objects, prefix=prefix + LEDGER_TURNS, now=now, pause=pause)

    def turn(self, *, wait_seconds: float) -> contextlib.AbstractContextManager[None]:
        """Hold the turn: nobody else changes what moves build on, or sends one. See ``Turns``."""
        return self._turns.taken(wait_seconds=wait_seconds)

    def record(self) -> MovesRecord | None:
        """Return moves.json. None before the first run with forwarding."""
        if not self._objects.exists(self._key):
            return None
        return read_record(MovesRecord, self._objects, self._key)

    def write(self, record: MovesRecord) -> None:
        """Write moves.json."""
        write_record(record, self._objects, self._key)

    def begin(self, *, run_id: str, started_at: dt.datetime, window: int | None) -> frozenset[str]:
        """Let moves build on a run, before its plan is made. Until it has loaded, they wait.

        Parameters
        ----------
        run_id, started_at
            The run.
        window
            The day of the stream that its upload is, in days since 1970. None for another upload.

        Returns
        -------
        The customers whose moves come from events that this run does not count. Its label would be
        older than the one that the destination has.
        """
        with self.turn(wait_seconds=2 * LONGEST.total_seconds()):
            before = self.record()
            later = {
                key: day
                for key, day in (before.moved if before else {}).items()
                if window is None or day > window
            }
            self.write(MovesRecord(run_id=run_id, started_at=started_at, moved=later))
            if before and before.run_id != run_id:  # nothing builds on its contents any more
                self._objects.delete_prefix(self._folder_of(before.run_id) + CONTENTS)
            return frozenset(later)

    def acknowledged(self, record: MovesRecord) -> dict[str, Entry]:
        """Return what was acknowledged of moves that build on the record's run, by key."""
        entries = self._ledger.acknowledged(**_named(record))
        return {entry.key: entry for entry in entries}

    def acknowledge(self, record: MovesRecord, entries: Iterable[Entry]) -> None:
        """Record all that was acknowledged of moves that build on the record's run."""
        self._ledger.acknowledge(sorted(entries), **_named(record))

    def note(self, record: MovesRecord, moved: Mapping[str, int]) -> MovesRecord:
        """Note who is about to be sent, so that a run that lacks their events leaves them alone."""
        after = dataclasses.replace(record, moved={**record.moved, **moved})
        self.write(after)
        return after

    def count(self, record: MovesRecord, forwarded: int, *, hour: dt.datetime) -> None:
        """Count customers who were sent in an hour."""
        before = record.forwarded if record.hour == hour else 0
        self.write(dataclasses.replace(record, hour=hour, forwarded=before + forwarded))


def _folder(tenant: str, destination: str, run_id: str) -> str:
    return destination_prefix(tenant, run_id, destination)


def _named(record: MovesRecord) -> dict[str, str]:
    started_at = record.started_at.isoformat(timespec=MILLISECONDS)
    return {"started_at": started_at, "name": f"{record.run_id}-{_NAME}"}
