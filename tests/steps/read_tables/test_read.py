"""Tables of a real PostgreSQL, read in turns: the kept files are the table, whatever happened."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from pg8000.exceptions import InterfaceError

from adapters.databases.connection import connect
from local.services.postgresql import PostgresServer
from steps.read_tables.keep import RawTables
from steps.read_tables.read import TablesRead, read_tables
from tessera.errors import InvalidInput, Refused, Retryable
from tessera.sources.databases.cursor import ReadPolicy
from tessera.sources.databases.tables import TableRequest
from tests.adapters.databases.shop import Shop, folded, shop_of
from tests.bucket_in_memory import BucketInMemory


class Reading:
    """A shop's table that is read again and again into one bucket."""

    def __init__(self, shop: Shop, folder: Path) -> None:
        self.shop, self.folder = shop, folder
        self.bucket = BucketInMemory("identities")
        self.raw = RawTables(self.bucket, "default")
        self.request = TableRequest(schema=shop.schema, table="orders")
        self._turn = 0

    def read(
        self, *, slot: bool = False, keep: bool = True, connection: Any = None,
        policy: ReadPolicy | None = None, requests: Sequence[TableRequest] = (),
    ) -> TablesRead:  # fmt: skip
        self._turn += 1
        name = self.shop.table
        connection = connection or self.shop.connect()
        read = read_tables(
            requests or [self.request],
            connection=connection,
            folder=self.folder / str(self._turn),
            cursor=self.raw.cursor("shop"),
            last={name: self.raw.last_changes(name)},
            policy=policy or ReadPolicy(),
            slot=self.shop.slot if slot else "",
        )
        if keep:
            self.raw.keep(read)
        if keep and read.end:
            from adapters.databases.slot import ReplicationSlot

            ReplicationSlot(connection, name=self.shop.slot).forget(read.end)
        return read

    def why(self, **how: Any) -> str:
        return self.read(**how).tables[self.shop.table].why

    def rows(self) -> list[tuple[str | None, ...]]:
        self._turn += 1
        target = self.folder / f"kept-{self._turn}"
        target.mkdir(parents=True)
        for name in self.raw.names(self.shop.table):
            key = self.raw.folder(self.shop.table) + name
            (target / name).write_bytes(self.bucket.read(key))
        return folded(target)


@pytest.fixture
def shop(postgres: PostgresServer) -> Iterator[Shop]:
    yield from shop_of(postgres, seed=5)


@pytest.fixture
def reading(shop: Shop, tmp_path: Path) -> Reading:
    return Reading(shop, tmp_path)


def by_updates(reading: Reading) -> None:
    reading.request = TableRequest(schema=reading.shop.schema, table="orders", updated_at="shipped")


def test_a_table_read_by_its_changes_is_the_table_after_each_turn(reading: Reading) -> None:
    shop = reading.shop
    shop.change(10)
    assert reading.why(slot=True) == "it was never read"
    for _ in range(3):
        shop.change(10)
        assert reading.why(slot=True) == ""
        assert reading.rows() == shop.expected()

    shop.change(10)
    assert "reload" in reading.why(slot=True, policy=ReadPolicy(reload=True))
    assert reading.rows() == shop.expected()
    shop.change(10)
    reading.read(slot=True)
    assert reading.rows() == shop.expected()


def test_what_was_not_kept_is_read_again(reading: Reading) -> None:
    reading.read(slot=True)
    reading.shop.change(10)
    reading.read(slot=True, keep=False)
    reading.shop.change(10)
    reading.read(slot=True)

    assert reading.rows() == reading.shop.expected()


def test_a_slot_that_was_dropped_leads_to_a_whole_read(reading: Reading) -> None:
    reading.shop.change(10)
    reading.read(slot=True)
    reading.shop.run(f"SELECT pg_drop_replication_slot('{reading.shop.slot}')")
    reading.shop.change(20)

    assert reading.why(slot=True) == "it was never read"
    assert reading.rows() == reading.shop.expected()


def test_an_emptied_table_has_no_rows_by_its_changes_and_read_whole(reading: Reading) -> None:
    reading.shop.change(10)
    reading.read(slot=True)
    reading.shop.run("TRUNCATE {table}")
    reading.read(slot=True)
    assert reading.raw.names(reading.shop.table) == []

    reading.shop.change(5)
    reading.read()
    assert reading.rows() == reading.shop.expected()
    reading.shop.run("DELETE FROM {table}")
    reading.read()
    assert reading.rows() == []


def test_only_rows_that_changed_are_read_by_a_column_that_grows(reading: Reading) -> None:
    by_updates(reading)
    shop = reading.shop
    shop.run(
        "INSERT INTO {table} (id, shipped) VALUES (1, '2026-01-01'), (2, '2026-01-02'), (3, NULL)"
    )
    reading.read()
    shop.run(
        "UPDATE {table} SET customer = 'C1', shipped = '2026-01-03' WHERE id = 2",
        "UPDATE {table} SET customer = 'C2' WHERE id = 3",
        "INSERT INTO {table} (id, shipped) VALUES (4, '2026-01-01 23:30')",
    )
    read = reading.read()

    (path,) = read.tables[shop.table].paths
    assert not path.name.startswith("LOAD")
    assert reading.rows() == shop.expected()  # with the late row, within the overlap


def test_deleted_rows_go_with_the_weekly_reload(reading: Reading) -> None:
    by_updates(reading)
    shop = reading.shop
    shop.run("INSERT INTO {table} (id, shipped) VALUES (1, '2026-01-01'), (2, '2026-01-02')")
    reading.read()
    shop.run("DELETE FROM {table} WHERE id = 1")
    reading.read()
    assert [row[0] for row in reading.rows()] == ["1", "2"]

    soon = ReadPolicy(reload_after=dt.timedelta(0))
    assert "deleted rows" in reading.why(policy=soon)
    assert [row[0] for row in reading.rows()] == ["2"]


def test_a_moment_in_the_future_does_not_stop_the_reading(reading: Reading) -> None:
    by_updates(reading)
    shop = reading.shop
    shop.run("INSERT INTO {table} (id, shipped) VALUES (1, '2099-01-01')")
    reading.read()
    shop.run("INSERT INTO {table} (id, shipped) VALUES (2, now())")
    reading.read()

    assert [row[0] for row in reading.rows()] == ["1", "2"]


def test_a_column_that_changed_its_type_leads_to_a_whole_read(reading: Reading) -> None:
    shop = reading.shop
    shop.change(5)
    reading.read(slot=True)
    shop.run("ALTER TABLE {table} ALTER total TYPE text USING 'EUR ' || total")
    assert reading.why(slot=True) == "column 'total' was numeric(12,2) and is text"
    shop.run("ALTER TABLE {table} ADD source text DEFAULT 'web'")
    assert reading.why(slot=True) == "column 'source' is new"
    assert [row[-1] for row in reading.rows()] == ["web"] * len(shop.expected())


def test_all_tables_are_of_one_moment(reading: Reading) -> None:
    shop = reading.shop
    shop.run(f"CREATE TABLE {shop.schema}.items AS SELECT 1 AS order_id, 1 AS line")
    items = TableRequest(schema=shop.schema, table="items", key=("order_id", "line"))
    read = reading.read(requests=[reading.request, items])

    assert len({files.paths[0].name for files in read.tables.values()}) == 1
    loaded = {table.read_at for table in read.cursor.tables.values()}
    assert len(loaded) == 1


def test_a_table_without_a_key_says_what_to_write(reading: Reading) -> None:
    shop = reading.shop
    shop.run(f"CREATE TABLE {shop.schema}.items (a int, b int)")

    with pytest.raises(InvalidInput, match=r"items has no primary key.*key = .*a, b"):
        reading.read(requests=[TableRequest(schema=shop.schema, table="items")])


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        ({"table": "order"}, r"no table shop\d+\.order .*shop\d+\.orders"),
        ({"table": "orders", "columns": ("totl",)}, r"no column 'totl'.*total"),
        ({"table": "orders", "updated_at": "note"}, r"'note'.*is text: expected a timestamp"),
    ],
)
def test_a_name_that_is_not_there_is_shown_beside_those_that_are(
    reading: Reading, request_: dict[str, Any], words: str
) -> None:
    with pytest.raises(InvalidInput, match=words):
        reading.read(requests=[TableRequest(schema=reading.shop.schema, **request_)])


def test_only_the_columns_that_are_asked_for_are_read(reading: Reading) -> None:
    reading.shop.run("INSERT INTO {table} (id, customer, note) VALUES (1, 'C1', 'private')")
    wanted = TableRequest(schema=reading.shop.schema, table="orders", columns=("customer",))
    reading.read(requests=[wanted])

    assert reading.rows() == [("1", "C1")]


def reader_of(shop: Shop, *, rights: str) -> Any:
    """Return a connection of a user with some rights alone."""
    role = f"reader_{shop.schema}"
    shop.run(
        f"CREATE ROLE {role} LOGIN PASSWORD 'made-up'",
        f"GRANT USAGE ON SCHEMA {shop.schema} TO {role}",
        *([f"GRANT {rights} ON {{table}} TO {role}"] if rights else []),
    )
    shop.connections.append(made := connect(shop.address(user=role), password="made-up"))
    return made


def test_a_user_without_rights_is_answered_with_what_is_missing(reading: Reading) -> None:
    connection = reader_of(reading.shop, rights="SELECT (id, total)")
    wanted = TableRequest(schema=reading.shop.schema, table="orders", columns=("note",))

    with pytest.raises(InvalidInput, match=r"may not read column 'note'.*GRANT SELECT"):
        reading.read(connection=connection, requests=[wanted])
    reading.shop.run("INSERT INTO {table} (id, total) VALUES (1, 2)")
    reading.read(connection=connection)
    assert reading.rows() == [("1", "2.00")]

    with pytest.raises(Refused, match=r"docs/sources\.md"):
        reading.read(connection=connection, slot=True)


def test_a_wrong_password_is_refused_without_showing_it(shop: Shop) -> None:
    with pytest.raises(Refused, match="PGPASSWORD") as refused:
        connect(shop.address(user="tessera"), password="wrong-made-up")

    assert "wrong-made-up" not in str(refused.value)


def test_a_database_that_is_not_there_is_named(shop: Shop) -> None:
    with pytest.raises(InvalidInput, match="nowhere"):
        connect(shop.address(database="nowhere"), password=shop.server.owner_secret()["password"])


def test_a_server_that_is_away_can_be_tried_again(shop: Shop) -> None:
    with pytest.raises(Retryable, match=r"127\.0\.0\.1:1/.*Check the host and port"):
        connect(shop.address(port=1), password="made-up")


class LostAtTheClock:
    """A connection that breaks when the server's time is asked for."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def run(self, statement: str, **values: Any) -> Any:
        if "clock_timestamp" in statement:
            raise InterfaceError("network error")
        return self._connection.run(statement, **values)


def test_a_connection_that_is_lost_at_once_says_to_run_again(reading: Reading) -> None:
    with pytest.raises(Retryable, match=r"the server's clock: .*[Rr]un again"):
        reading.read(slot=False, connection=LostAtTheClock(reading.shop.connect()))


@pytest.mark.parametrize("slot", [False, True])
def test_a_connection_that_is_lost_leaves_nothing_half_done(reading: Reading, slot: bool) -> None:
    shop = reading.shop
    shop.run(
        "INSERT INTO {table} (id, note) SELECT g, repeat(md5(g::text), 300) "
        "FROM generate_series(1, 3000) g"
    )
    reading.read(slot=slot)
    before = (dict(reading.bucket.bodies), shop.expected())
    shop.run("UPDATE {table} SET total = id")
    connection = shop.connect()
    ((number,),) = connection.run("SELECT pg_backend_pid()")
    ends = threading.Timer(0.05, shop.owner.run, [f"SELECT pg_terminate_backend({number})"])
    locked = shop.connect()
    locked.run("BEGIN")
    locked.run(f"LOCK TABLE {shop.table} IN ACCESS EXCLUSIVE MODE")  # so that it is half-way
    ends.start()
    with pytest.raises(Retryable, match=r"[Rr]un again"):
        reading.read(slot=slot, connection=connection)
    ends.join()
    locked.run("ROLLBACK")

    assert reading.bucket.bodies == before[0]
    assert not [path for path in reading.folder.rglob(".*") if path.is_file()]
    reading.read(slot=slot)
    assert reading.rows() == shop.expected() != before[1]


@pytest.mark.parametrize("mode", ["verify-full", "verify-ca"])
def test_a_certificate_without_proof_is_refused(shop: Shop, mode: str) -> None:
    with pytest.raises(InvalidInput, match="sslrootcert"):
        connect(shop.address(ssl_mode=mode), password="made-up")


def test_a_proven_certificate_is_taken(shop: Shop, tmp_path: Path) -> None:
    root = tmp_path / "root.pem"
    root.write_text(shop.server.secret()["ca"])
    address = shop.address(ssl_mode="verify-full", ssl_root=str(root))
    shop.connections.append(
        made := connect(address, password=shop.server.owner_secret()["password"])
    )

    assert made.run("SELECT 1")
