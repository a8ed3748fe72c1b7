"""A PostgreSQL's replication slot: what was committed since it was last read.

A slot keeps the server's log until somebody reads it. One that nobody reads fills the disk.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Sequence
from typing import Any

from adapters.databases.connection import translated
from tessera.errors import InvalidInput
from tessera.sources.changes import quoted
from tessera.sources.databases.tables import DatabaseTable

_ROWS_AT_ONCE = 5_000
_NAMES = re.compile(r"[a-z_][a-z0-9_]{0,62}")


class ReplicationSlot:
    """A slot and the publication of the same name, which lists the tables.

    Parameters
    ----------
    connection
        A connection of a user with the right REPLICATION.
    name
        Of both.
    """

    def __init__(self, connection: Any, *, name: str) -> None:
        if not _NAMES.fullmatch(name):
            raise InvalidInput(
                f"the slot's name is {name!r}: expected small letters, digits and _, at most 63"
            )
        self.name = name
        self.connection = connection

    @property
    def exists(self) -> bool:
        """Whether the slot is there.

        Raises
        ------
        InvalidInput
            A slot of that name is another program's.
        """
        with self._translated():
            slots = self.connection.run(
                "SELECT plugin, database = current_database() FROM pg_replication_slots "
                f"WHERE slot_name = '{self.name}'"
            )
        for plugin, is_here in slots:
            if plugin != "pgoutput" or not is_here:
                raise InvalidInput(
                    f"the replication slot {self.name} is used by something else: give another "
                    "name with --changes NAME"
                )
        return bool(slots)

    def create(self, tables: Sequence[DatabaseTable]) -> None:
        """Make the slot, and the publication unless somebody made it.

        Raises
        ------
        InvalidInput
            The server does not write what a slot reads, or a table can't be read by its changes.
        """
        with self._translated():
            ((level,),) = self.connection.run("SHOW wal_level")
        if level != "logical":
            raise InvalidInput(
                f"the server's wal_level is {level!r}, so it has no changes to read: expected "
                "'logical', which docs/sources.md shows how to set. Or read without --changes"
            )
        self.check(tables)
        with self._translated():
            self.connection.run(
                f"SELECT pg_create_logical_replication_slot('{self.name}', 'pgoutput')"
            )

    def check(self, tables: Sequence[DatabaseTable]) -> None:
        """Refuse tables whose changes are not published, or lack the row before.

        The publication is made where there is none.
        """
        for table in tables:
            if not table.sends_whole_rows:
                raise InvalidInput(
                    f"the changes of table {table.full_name} lack the row before: run ALTER TABLE "
                    f"{table.full_name} REPLICA IDENTITY FULL as its owner, or read without "
                    "--changes"
                )
        with self._translated():
            if not self.connection.run(
                f"SELECT 1 FROM pg_publication WHERE pubname = '{self.name}'"
            ):
                self._publish(tables)
            listed = self.connection.run(
                "SELECT schemaname, tablename FROM pg_publication_tables "
                f"WHERE pubname = '{self.name}'"
            )
        published = {(schema, name) for schema, name in listed}
        for table in tables:
            if (table.schema, table.name) not in published:
                raise InvalidInput(
                    f"the publication {self.name} lacks table {table.full_name}: run ALTER "
                    f"PUBLICATION {self.name} ADD TABLE {table.full_name} as its owner"
                )

    def drop(self) -> bool:
        """Remove the slot and the publication. Return whether there was a slot."""
        there = self.exists
        with self._translated():
            if there:
                self.connection.run(f"SELECT pg_drop_replication_slot('{self.name}')")
            self.connection.run(f"DROP PUBLICATION IF EXISTS {self.name}")
        return there

    def kept_bytes(self) -> int:
        """Return how much of the log the server keeps for the slot."""
        with self._translated():
            ((size,),) = self.connection.run(
                "SELECT coalesce(pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn), 0)::bigint "
                f"FROM pg_replication_slots WHERE slot_name = '{self.name}'"
            )
        return int(size)

    def forget(self, end: int) -> None:
        """Let the server remove its log up to a position. Call it once the files are kept."""
        position = f"{end >> 32:X}/{end & 0xFFFFFFFF:X}"
        with self._translated():
            self.connection.run(f"SELECT pg_replication_slot_advance('{self.name}', '{position}')")

    def messages(self) -> Iterator[bytes]:
        """Yield the messages of whole transactions. The server keeps them aside, not we."""
        peek = (
            f"pg_logical_slot_peek_binary_changes('{self.name}', NULL, NULL, "
            f"'proto_version', '1', 'publication_names', '{self.name}')"
        )
        with self._translated():
            self.connection.run("BEGIN")
        try:
            with self._translated():
                self.connection.run(f"DECLARE changes NO SCROLL CURSOR FOR SELECT data FROM {peek}")
            while True:
                with self._translated():
                    rows = self.connection.run(f"FETCH {_ROWS_AT_ONCE} FROM changes")
                if not rows:
                    return
                for (data,) in rows:
                    yield bytes(data)
        finally:
            with contextlib.suppress(Exception):  # a connection that was lost has no transaction
                self.connection.run("ROLLBACK")

    def _publish(self, tables: Sequence[DatabaseTable]) -> None:
        names = ", ".join(f"{quoted(table.schema)}.{quoted(table.name)}" for table in tables)
        self.connection.run(
            f"CREATE PUBLICATION {self.name} FOR TABLE {names} "
            "WITH (publish_via_partition_root = true)"
        )

    def _translated(self) -> contextlib.AbstractContextManager[None]:
        return translated(f"the replication slot {self.name}")
