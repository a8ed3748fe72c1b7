"""A ledger in a file, with the same rules as the one in DynamoDB: fast enough to kill often."""

from __future__ import annotations

import datetime as dt
import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from tessera.campaigns.recipients import Recipient
from tessera.campaigns.sending.outcomes import (
    BEFORE,
    CLAIMABLE,
    CLAIMED,
    SKIPPED,
    UNKNOWN,
    RecipientRow,
    RecipientState,
    RunTally,
    count_rows,
)

_COLUMNS = "recipient, state, at, message_id, reason"


class FileLedger:
    """The rows of one run. A killed process leaves what it has committed.

    Parameters
    ----------
    path
        The file.
    now
        The clock.
    """

    def __init__(self, path: Path, *, now: Callable[[], dt.datetime]) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._rows = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        # The system keeps what a killed process wrote. Only a power cut would lose it.
        self._rows.executescript(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; CREATE TABLE IF NOT EXISTS rows "
            "(recipient TEXT PRIMARY KEY, state TEXT, at TEXT, message_id TEXT, reason TEXT) "
            "WITHOUT ROWID"
        )

    def close(self) -> None:
        """Close the file."""
        self._rows.close()

    def claim(self, recipient: str) -> bool:
        """Take a recipient for this worker. False if another has, or its state is final."""
        return self._put(recipient, CLAIMED, allowed=CLAIMABLE, absent=True)

    def mark(
        self, recipient: str, state: RecipientState, *, message_id: str = "", reason: str = ""
    ) -> bool:
        """Change the state of a row, where ``BEFORE`` allows it. Return whether it is so now."""
        self._put(
            recipient, state, allowed=BEFORE[state], absent=False, message_id=message_id,
            reason=reason,
        )  # fmt: skip
        row = self.rows([recipient]).get(recipient)
        return row is not None and (row.state, row.message_id) == (state, message_id)

    def remember(self, recipient: Recipient, *, message_id: str) -> None:
        """Keep no history: nobody of this bench reads one."""

    def skip(self, recipient: str, *, reason: str) -> bool:
        """Record that no message is sent, unless somebody has claimed the recipient."""
        self._put(recipient, SKIPPED, allowed=BEFORE[SKIPPED], absent=True, reason=reason)
        row = self.rows([recipient])[recipient]
        return (row.state, row.reason) == (SKIPPED, reason)

    def rows(self, recipients: Sequence[str]) -> Mapping[str, RecipientRow]:
        """Return the rows of some recipients. Those without one are absent."""
        marks = ", ".join("?" * len(recipients))
        query = f"SELECT {_COLUMNS} FROM rows WHERE recipient IN ({marks})"
        return {row.recipient: row for row in self._read(query, *recipients)}

    def unsettled(self) -> Iterator[RecipientRow]:
        """Return the rows that are CLAIMED or UNKNOWN."""
        query = f"SELECT {_COLUMNS} FROM rows WHERE state IN (?, ?)"
        return iter(self._read(query, CLAIMED, UNKNOWN))

    def tally(self, *, planned: int) -> RunTally:
        """Count the rows of the run."""
        return count_rows(self._read(f"SELECT {_COLUMNS} FROM rows"), planned=planned)

    def _put(
        self, recipient: str, state: RecipientState, *, allowed: frozenset[RecipientState],
        absent: bool, message_id: str = "", reason: str = "",
    ) -> bool:  # fmt: skip
        values = (recipient, state, self._now().isoformat(), message_id, reason)
        marks = ", ".join("?" * len(allowed))
        if absent:
            statement = (
                "INSERT INTO rows VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET state = "
                "excluded.state, at = excluded.at, message_id = '', reason = excluded.reason "
                f"WHERE state IN ({marks})"
            )
        else:
            statement = (
                "UPDATE rows SET state = ?2, at = ?3, message_id = ?4, reason = ?5 "
                f"WHERE recipient = ?1 AND state IN ({marks})"
            )
        with self._lock:
            return self._rows.execute(statement, (*values, *sorted(allowed))).rowcount == 1

    def _read(self, query: str, *values: str) -> list[RecipientRow]:
        with self._lock:
            rows = self._rows.execute(query, values).fetchall()
        return [
            RecipientRow(
                recipient=recipient, state=state, at=dt.datetime.fromisoformat(at),
                message_id=message_id, reason=reason,
            )
            for recipient, state, at, message_id, reason in rows
        ]  # fmt: skip
