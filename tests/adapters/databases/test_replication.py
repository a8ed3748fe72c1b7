"""A real PostgreSQL's changes in DMS' files, folded: the table itself, row for row."""

from __future__ import annotations

import datetime as dt
import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.databases.catalog import list_tables
from adapters.databases.replication import ReadChanges, read_changes
from adapters.databases.slot import ReplicationSlot
from adapters.databases.snapshot import snapshot
from local.services.postgresql import PostgresServer
from tessera.errors import InvalidInput
from tessera.sources.databases.tables import DatabaseTable
from tessera.sources.databases.transactions import StreamPlace
from tests.adapters.databases.shop import KEY, Shop, folded, shop_of


class SlotReader:
    """Reads a shop's table by its changes, as the step does."""

    def __init__(self, shop: Shop, folder: Path) -> None:
        self.shop, self.root = shop, folder
        self.folder = folder / shop.schema / "orders"
        self.connection = shop.connect()
        self.slot = ReplicationSlot(self.connection, name=shop.slot)
        self.place = StreamPlace()

    @property
    def table(self) -> DatabaseTable:
        tables = list_tables(self.connection)
        return next(one for one in tables if one.schema == self.shop.schema)

    def load(self) -> None:
        ((began,),) = self.connection.run("SELECT clock_timestamp()")
        if not self.slot.exists:
            self.slot.create([self.table])
        with snapshot(self.connection) as taken:
            taken.load(self.table, self.folder, began=began.astimezone(dt.UTC))

    def read(self, *, keep: bool = True) -> ReadChanges:
        name = (self.shop.schema, "orders")
        files = [one.name for one in self.folder.glob("2*.parquet")]
        result = read_changes(
            self.slot,
            self.root,
            keys={name: KEY},
            place=self.place,
            last={name: max(files, default="")},
            rows_per_file=200,
        )
        changes = result.tables.get(name)
        if changes is not None and changes.emptied:
            for path in {*self.folder.glob("*.parquet")} - {*changes.paths}:
                path.unlink()
        if keep and result.end:
            self.place = result.place
            self.slot.forget(result.end)
        return result


@pytest.fixture
def shop(postgres: PostgresServer) -> Iterator[Shop]:
    yield from shop_of(postgres)


@pytest.mark.parametrize("seed", range(3))
def test_the_files_come_to_the_table_in_all_columns(
    postgres: PostgresServer, tmp_path: Path, seed: int
) -> None:
    for shop in shop_of(postgres, seed=seed):
        reader = SlotReader(shop, tmp_path)
        shop.change(30)
        reader.load()
        for _ in range(4):
            shop.change(15)
            reader.read()
            assert folded(reader.folder) == shop.expected()

        mixed = tmp_path / "mixed"  # in any order, and some of them twice
        mixed.mkdir()
        files = sorted(reader.folder.glob("*.parquet"))
        some = random.Random(seed).sample(files * 2, len(files) + 2)  # noqa: S311
        for place, path in enumerate(some):
            shutil.copy(path, mixed / f"{place}-{path.name}")
        for path in files:
            shutil.copy(path, mixed)
        assert folded(mixed) == shop.expected()


def test_what_was_read_comes_again_until_it_is_kept(shop: Shop, tmp_path: Path) -> None:
    reader = SlotReader(shop, tmp_path)
    reader.load()
    shop.change(5)

    first = reader.read(keep=False)
    names = [path.name for path in next(iter(first.tables.values())).paths]
    for path in reader.folder.glob("2*"):
        path.unlink()
    again = reader.read()

    assert [path.name for path in next(iter(again.tables.values())).paths] == names
    assert again.end == first.end
    assert not reader.read().tables
    assert folded(reader.folder) == shop.expected()


def test_a_changed_row_keeps_the_long_value_that_did_not_change(shop: Shop, tmp_path: Path) -> None:
    reader = SlotReader(shop, tmp_path)
    shop.run(
        "INSERT INTO {table} (id, note) SELECT 1, string_agg(md5(g::text), '') "
        "FROM generate_series(1, 900) g"
    )
    reader.load()
    shop.run("UPDATE {table} SET customer = 'C1' WHERE id = 1")
    reader.read()

    ((_, customer, *_, note),) = folded(reader.folder)
    assert (customer, len(note or "")) == ("C1", 900 * 32)


def test_a_truncated_table_has_only_what_came_after(shop: Shop, tmp_path: Path) -> None:
    reader = SlotReader(shop, tmp_path)
    shop.run("INSERT INTO {table} (id) VALUES (1), (2)")
    reader.load()
    shop.run("INSERT INTO {table} (id) VALUES (3)", "TRUNCATE {table}")
    shop.run("INSERT INTO {table} (id) VALUES (2)")
    reader.read()

    assert [row[0] for row in folded(reader.folder)] == ["2"]


def test_an_added_column_is_in_the_rows_that_changed_since(shop: Shop, tmp_path: Path) -> None:
    reader = SlotReader(shop, tmp_path)
    shop.run("INSERT INTO {table} (id) VALUES (1)")
    reader.load()
    shop.run("ALTER TABLE {table} ADD source text", "INSERT INTO {table} (id) VALUES (2)")
    shop.run("UPDATE {table} SET source = 'web' WHERE id = 2")
    reader.read()

    assert [(row[0], row[-1]) for row in folded(reader.folder)] == [("1", None), ("2", "web")]


def test_a_load_beside_changes_loses_none_of_them(shop: Shop, tmp_path: Path) -> None:
    reader = SlotReader(shop, tmp_path)
    shop.change(10)
    reader.load()
    shop.change(20)
    reader.read()
    shop.change(20)
    reader.load()  # again, while changes are still unread
    shop.change(10)
    reader.read()

    assert folded(reader.folder) == shop.expected()


def test_a_large_transaction_is_cut_into_files(shop: Shop, tmp_path: Path) -> None:
    reader = SlotReader(shop, tmp_path)
    reader.load()
    shop.run("INSERT INTO {table} (id) SELECT generate_series(1, 1050)")
    result = reader.read()

    (changes,) = result.tables.values()
    assert (changes.changes, len(changes.paths)) == (1_050, 6)
    assert folded(reader.folder) == shop.expected()


def test_a_table_without_whole_rows_is_refused_with_the_statement(shop: Shop) -> None:
    shop.run("ALTER TABLE {table} REPLICA IDENTITY DEFAULT")
    reader = SlotReader(shop, Path())

    with pytest.raises(InvalidInput, match=r"ALTER TABLE shop\d+\.orders REPLICA IDENTITY FULL"):
        reader.slot.create([reader.table])


def test_a_table_that_the_publication_lacks_is_named(shop: Shop) -> None:
    reader = SlotReader(shop, Path())
    shop.run(f"CREATE PUBLICATION {shop.slot}")

    with pytest.raises(InvalidInput, match="ADD TABLE"):
        reader.slot.create([reader.table])


def test_a_slot_of_another_program_is_left_alone(shop: Shop) -> None:
    shop.owner.run(f"SELECT pg_create_logical_replication_slot('{shop.slot}', 'test_decoding')")

    with pytest.raises(InvalidInput, match="used by something else"):
        _ = SlotReader(shop, Path()).slot.exists


def test_a_dropped_slot_leaves_nothing(shop: Shop) -> None:
    reader = SlotReader(shop, Path())
    reader.slot.create([reader.table])
    assert reader.slot.kept_bytes() >= 0

    assert reader.slot.drop()
    assert not reader.slot.exists
    assert not shop.owner.run(f"SELECT 1 FROM pg_publication WHERE pubname = '{shop.slot}'")
    assert not reader.slot.drop()


@pytest.mark.parametrize("name", ["Tessera", "a'b", "", "1a"])
def test_a_slot_has_a_plain_name(name: str) -> None:
    with pytest.raises(InvalidInput, match="slot's name"):
        ReplicationSlot(None, name=name)
