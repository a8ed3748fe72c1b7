"""A shop's table in a real PostgreSQL, changed at random, and its rows in change files."""

from __future__ import annotations

import contextlib
import datetime as dt
import itertools
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb
from pg8000.exceptions import InterfaceError

from adapters.databases.connection import connect
from local.services.postgresql import OWNER, PostgresServer
from tessera.sources.changes import CHANGE_COLUMNS, current_rows_sql
from tessera.sources.databases.address import Address

_NUMBERS = itertools.count(1)
KEY = ("id",)
COLUMNS = (
    "id bigint PRIMARY KEY", "customer text", "placed_at timestamptz", "shipped timestamp",
    "day date", "total numeric(12,2)", "share double precision", "paid boolean", "note text",
)  # fmt: skip
# Every column's text as a change file has it, computed by the server on its own.
EXPECTED = (
    "SELECT id::text, customer, to_char(placed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS') "
    "|| rtrim(to_char(placed_at AT TIME ZONE 'UTC', '.US'), '.0'), shipped::text, "
    "to_char(day, 'YYYY-MM-DD'), total::text, share::text, "
    "CASE WHEN paid THEN 'true' WHEN NOT paid THEN 'false' END, note FROM {table} ORDER BY 1"
)


class Shop:
    """A separate schema in the session's server, with a table of orders."""

    def __init__(self, server: PostgresServer, connection: Any, *, seed: int = 0) -> None:
        self.server, self.owner = server, connection
        number = next(_NUMBERS)
        self.schema, self.slot = f"shop{number}", f"tessera{number}"
        self.table = f"{self.schema}.orders"
        self.random = random.Random(seed)  # noqa: S311
        self._ids: list[int] = []
        self._last = 0
        self.connections: list[Any] = []
        connection.run(f"CREATE SCHEMA {self.schema}")
        connection.run(f"CREATE TABLE {self.table} ({', '.join(COLUMNS)})")
        connection.run(f"ALTER TABLE {self.table} REPLICA IDENTITY FULL")

    def address(self, **other: Any) -> Address:
        secret = self.server.secret()
        given = {
            "host": secret["host"], "port": int(secret["port"]), "database": secret["dbname"],
            "user": OWNER,
        }  # fmt: skip
        return Address(**{**given, **other})

    def connect(self) -> Any:
        self.connections.append(
            made := connect(self.address(), password=self.server.owner_secret()["password"])
        )
        return made

    def run(self, *statements: str) -> None:
        """Run statements as one transaction."""
        self.owner.run("BEGIN")
        for statement in statements:
            self.owner.run(statement.format(table=self.table))
        self.owner.run("COMMIT")

    def change(self, transactions: int) -> None:
        """Run so many random transactions."""
        for _ in range(transactions):
            self.run(*[self._statement() for _ in range(self.random.randrange(1, 6))])

    def expected(self) -> list[tuple[str | None, ...]]:
        """Return the table's rows."""
        self.owner.run("SET TimeZone = 'UTC'")
        return [tuple(row) for row in self.owner.run(EXPECTED.format(table=self.table))]

    def end(self) -> None:
        for connection in self.connections:
            with contextlib.suppress(InterfaceError):  # one that a test has closed
                connection.close()
        self.owner.run(
            "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots "
            f"WHERE slot_name = '{self.slot}'"
        )
        self.owner.run(f"DROP PUBLICATION IF EXISTS {self.slot}")
        self.owner.run(f"DROP SCHEMA {self.schema} CASCADE")
        self.owner.run(f"DROP ROLE IF EXISTS reader_{self.schema}")

    def _statement(self) -> str:
        kind, some = self.random.random(), self.random.choice(self._ids or [0])
        if kind < 0.45 or not self._ids:
            return self._insert()
        if kind < 0.65:
            return f"UPDATE {{table}} SET total = total + 1, paid = NOT paid WHERE id = {some}"
        if kind < 0.80:
            note = self.random.choice(
                ["NULL", "''", "'a,\"b\"' || chr(10) || '\\.'", "note || '!'"]
            )
            return f"UPDATE {{table}} SET note = {note}, shipped = now() WHERE id = {some}"
        if kind < 0.88:
            self._ids.remove(some)
            self._ids.append(new := self._next())
            return f"UPDATE {{table}} SET id = {new} WHERE id = {some}"
        if kind < 0.995:
            self._ids.remove(some)
            return f"DELETE FROM {{table}} WHERE id = {some}"
        self._ids.clear()
        return "TRUNCATE {table}"

    def _insert(self) -> str:
        self._ids.append(new := self._next())
        at = dt.datetime(2026, 1, 1, tzinfo=dt.UTC) + dt.timedelta(
            microseconds=self.random.randrange(10**13)
        )
        long = self.random.choice([1, 280])
        return (
            f"INSERT INTO {{table}} SELECT {new}, 'C{new % 7}', '{at.isoformat()}', "
            f"'{at:%Y-%m-%d %H:%M:%S}', '{at:%Y-%m-%d}', {self.random.randrange(99_999)} / 100.0, "
            f"{self.random.random()}, {self.random.choice(['true', 'false', 'NULL'])}, "
            f"(SELECT string_agg(md5((g + {new})::text), '') FROM generate_series(1, {long}) g)"
        )

    def _next(self) -> int:
        self._last += 1
        return self._last


def folded(folder: Path, *, key: Sequence[str] = KEY) -> list[tuple[str | None, ...]]:
    """Return the rows that a folder's change files come to, all columns, by key."""
    if not list(folder.glob("*.parquet")):  # the table was truncated
        return []
    with duckdb.connect() as connection:
        files = f"read_parquet('{folder}/*.parquet', union_by_name = true)"
        named = connection.execute(f"DESCRIBE SELECT * FROM {files}").fetchall()
        columns = [row[0] for row in named if row[0] not in CHANGE_COLUMNS]
        query = current_rows_sql(f"({files})", key=key, columns=columns)
        return connection.execute(f"SELECT * FROM ({query}) ORDER BY 1").fetchall()


def shop_of(server: PostgresServer, *, seed: int = 0) -> Iterator[Shop]:
    """Give a shop, and remove it."""
    with server.owner() as connection:
        shop = Shop(server, connection, seed=seed)
        try:
            yield shop
        finally:
            shop.end()
