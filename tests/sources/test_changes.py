"""Any changes, in any order of files and twice, fold to what a plain reading of the rules gives."""

from __future__ import annotations

import dataclasses
import random

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tessera.errors import InvalidInput
from tessera.sources import changes

COLUMNS = ("region", "id", "event", "amount")
KEY = ("region", "id")
Row = tuple[str, str, str, str]


@dataclasses.dataclass(frozen=True)
class Change:
    operation: str
    row: Row
    at: int
    sequence: int | None

    def cells(self) -> tuple[str | None, ...]:
        instant = f"2026-11-05 00:00:{self.at:02d}.000000"
        sequence = None if self.sequence is None else f"{self.sequence:019d}"
        return (self.operation, *self.row, instant, sequence)


CONNECTION = duckdb.connect(config={"threads": 1})


def fold(rows: list[Change]) -> list[Row]:
    names = (changes.OPERATION, *COLUMNS, changes.COMMITTED_AT, changes.SEQUENCE)
    columns = ", ".join(f'"{name}" TEXT' for name in names)
    CONNECTION.execute(f"CREATE OR REPLACE TABLE raw ({columns})")
    if rows:
        places = ", ".join(["(?, ?, ?, ?, ?, ?, ?)"] * len(rows))
        cells = [cell for row in rows for cell in row.cells()]
        CONNECTION.execute(f"INSERT INTO raw VALUES {places}", cells)
    query = changes.current_rows_sql("raw", key=KEY, columns=COLUMNS)
    return sorted(CONNECTION.execute(query).fetchall())


def oracle(rows: list[Change]) -> list[Row]:
    """Replay the history: a load empties the table first, then each instant in its order."""
    loads = [row.at for row in rows if row.sequence is None]
    loaded_at = max(loads, default=-1)
    table: dict[tuple[str, str], set[Row]] = {}
    moments = sorted({(row.at, -1 if row.sequence is None else row.sequence) for row in rows})
    touched_at: dict[tuple[str, str], int] = {}
    for moment in moments:
        present = [
            row for row in rows if (row.at, -1 if row.sequence is None else row.sequence) == moment
        ]
        for key in {row.row[:2] for row in present}:
            of_key = [row for row in present if row.row[:2] == key]
            gone = any(row.operation == "D" for row in of_key)
            table[key] = set() if gone else {row.row for row in of_key}
            touched_at[key] = moment[0]
    return sorted(
        row for key, kept in table.items() if touched_at[key] >= loaded_at for row in kept
    )


CELLS = st.tuples(
    st.sampled_from(["eu", "us"]),
    st.sampled_from(["1", "10", "2"]),
    st.sampled_from(["PURCHASED", "REFUNDED", "it's"]),
    st.sampled_from(["1.00", "2.00"]),
)
LOADED = st.builds(Change, st.just("I"), CELLS, st.integers(0, 4), st.none())
CHANGED = st.builds(Change, st.sampled_from("IUD"), CELLS, st.integers(0, 4), st.integers(0, 12))


@settings(max_examples=200, deadline=None)
@given(
    rows=st.lists(st.one_of(LOADED, CHANGED), max_size=24),
    again=st.integers(0, 6),
    seed=st.integers(0, 99),
)
def test_the_fold_is_the_history_replayed_for_any_order_and_repetition(
    rows: list[Change], again: int, seed: int
) -> None:
    mixed = rows + rows[:again]
    random.Random(seed).shuffle(mixed)  # noqa: S311 (any order)

    assert fold(mixed) == oracle(rows)


def test_a_change_during_a_load_wins_over_the_loads_row() -> None:
    load, change = (
        Change("I", ("eu", "1", "a", "old"), 0, None),
        Change("U", ("eu", "1", "a", "new"), 5, 1),
    )

    assert fold([change, load]) == [("eu", "1", "a", "new")]


def test_a_second_load_forgets_what_vanished_and_keeps_what_changed_since() -> None:
    history = [
        Change("I", ("eu", "1", "a", "1"), 1, None),
        Change("I", ("eu", "2", "a", "1"), 1, None),
        Change("I", ("eu", "3", "a", "1"), 2, 2),
        Change("I", ("eu", "1", "a", "9"), 5, None),
        Change("I", ("eu", "3", "a", "9"), 5, None),
        Change("D", ("eu", "3", "a", "9"), 6, 3),
        Change("I", ("eu", "4", "a", "1"), 7, 4),
    ]

    assert fold(history) == [("eu", "1", "a", "9"), ("eu", "4", "a", "1")]


def test_all_rows_of_the_latest_change_of_a_key_count_once_each() -> None:
    sale, refund = ("eu", "1", "PURCHASED", "9"), ("eu", "1", "REFUNDED", "9")
    before = [Change("U", ("eu", "1", "PURCHASED", "1"), 1, 1)]
    now = [Change("U", row, 1, 2) for row in (sale, refund)]

    assert fold([*now, *before, *now]) == [sale, refund]


def test_a_changed_key_leaves_the_old_one_and_takes_the_new_one() -> None:
    history = [
        Change("I", ("eu", "1", "a", "1"), 1, None),
        Change("D", ("eu", "1", "a", "1"), 2, 7),
        Change("I", ("eu", "2", "a", "1"), 2, 8),
    ]

    assert fold(history) == [("eu", "2", "a", "1")]


def test_of_equal_instants_the_sequence_decides() -> None:
    rows = [Change("U", ("eu", "1", "a", str(n)), 3, n) for n in range(12)]

    assert fold(rows[::-1]) == [("eu", "1", "a", "11")]


@pytest.mark.parametrize("key", [(), "id"])
def test_a_table_without_a_key_is_refused_with_what_a_key_is_for(key: tuple[str, ...]) -> None:
    with pytest.raises(InvalidInput, match="needs a key"):
        changes.current_rows_sql("raw", key=key, columns=COLUMNS)


def test_a_key_that_the_table_lacks_is_refused_by_name() -> None:
    with pytest.raises(InvalidInput, match="key order_id is none of the table's columns"):
        changes.current_rows_sql("raw", key=("order_id",), columns=COLUMNS)


def test_what_cannot_be_folded_is_counted() -> None:
    connection = duckdb.connect()
    connection.execute('CREATE TABLE raw ("Op" TEXT, id TEXT, dms_commit_at TEXT)')
    instant = "2026-11-05 00:00:00.000000"
    connection.executemany(
        "INSERT INTO raw VALUES (?, ?, ?)",
        [("I", "1", instant), ("X", "2", instant), (None, "3", instant), ("U", None, instant),
         ("U", "4", "5 November")],
    )  # fmt: skip

    counts = connection.execute(changes.change_counts_sql("raw", key=("id",))).fetchone()

    assert counts == (5, 1, 2, 1)


def test_keys_are_counted_as_standing_deleted_or_vanished() -> None:
    connection = duckdb.connect()
    connection.execute(
        'CREATE TABLE raw ("Op" TEXT, id TEXT, dms_commit_at TEXT, dms_change_seq TEXT)'
    )
    first, second = "2026-11-05 00:00:00.000000", "2026-11-06 00:00:00.000000"
    connection.executemany(
        "INSERT INTO raw VALUES (?, ?, ?, ?)",
        [("I", "1", first, None), ("I", "2", first, None), ("I", "1", second, None),
         ("I", "3", second, None), ("D", "3", second, "1"), ("I", "4", second, "2")],
    )  # fmt: skip
    connection.execute(f"CREATE TABLE newest AS {changes.newest_changes_sql('raw', key=('id',))}")

    # 1 and 4 are there, 3 is deleted, 2 vanished
    assert connection.execute(changes.key_counts_sql("newest")).fetchone() == (4, 1, 2)
