"""A snapshot folds to what all changes fold to, whatever comes late and wherever a process ends."""

from __future__ import annotations

import random

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tessera.sources import changes, snapshots
from tessera.sources.snapshots import ChangesFolded, SnapshotNote

COLUMNS, KEY = ("region", "id", "event", "amount"), ("region", "id")
NAMES = (changes.OPERATION, *COLUMNS, changes.COMMITTED_AT, changes.SEQUENCE)
CONNECTION = duckdb.connect(config={"threads": 1})
Cells = tuple[str | None, ...]


@st.composite
def files(draw: st.DrawFn) -> list[list[Cells]]:
    """Return change files, in the order in which they are written. Any of them may be late."""
    instants = st.integers(0, 5)

    def change(*, is_load: bool) -> st.SearchStrategy[Cells]:
        return st.builds(
            lambda op, key, event, at, number: (
                op, "eu", key, event, "9.50", f"2026-11-05 00:00:{at:02d}.000000",
                None if is_load else f"{number:019d}",
            ),
            st.just("I") if is_load else st.sampled_from("IUD"),
            st.sampled_from("123"), st.sampled_from("ab"), instants, st.integers(0, 3),
        )  # fmt: skip

    one = st.booleans().flatmap(lambda load: st.lists(change(is_load=load), max_size=4))
    return draw(st.lists(one, min_size=2, max_size=5))


def folded(rows: list[Cells]) -> tuple[list[Cells], list[Cells], Cells]:
    """Return the rows that are there, a snapshot's, and its counts."""
    columns = ", ".join(f'"{name}" TEXT' for name in NAMES)
    CONNECTION.execute(f"CREATE OR REPLACE TABLE raw ({columns})")
    if rows:
        places = ", ".join(["(?, ?, ?, ?, ?, ?, ?)"] * len(rows))
        CONNECTION.execute(f"INSERT INTO raw VALUES {places}", [c for row in rows for c in row])
    newest = changes.newest_changes_sql("raw", key=KEY)
    CONNECTION.execute(f"CREATE OR REPLACE TABLE {changes.NEWEST} AS {newest}")
    current = changes.standing_rows_sql("raw", key=KEY, columns=COLUMNS)
    snapshot = snapshots.snapshot_sql("raw", key=KEY, columns=COLUMNS)
    [counts] = CONNECTION.execute(snapshots.snapshot_counts_sql()).fetchall()
    return (
        sorted(CONNECTION.execute(current).fetchall()),
        CONNECTION.execute(snapshot).fetchall(),
        counts,
    )


@given(files(), st.randoms(use_true_random=False))
@settings(max_examples=30, deadline=None)
def test_folds_of_snapshots_are_folds_of_all_changes(
    written: list[list[Cells]], chance: random.Random
) -> None:
    everything: list[Cells] = []
    kept: list[Cells] = []
    for file in written:
        everything, kept = everything + file, kept + file
        present, snapshot, (deleted, loaded_before) = folded(kept)
        assert present == folded(everything)[0]
        gone = [row for row in snapshot if row[0] == changes.DELETE]
        assert len(gone) == deleted
        assert len(snapshot) - deleted == len(present) + bool(loaded_before)
        assert all(row[3:5] == (None, None) for row in gone)  # nothing but key, instant, sequence
        part = snapshot[: chance.randrange(len(snapshot) + 1)]
        kept = chance.choice(
            [
                snapshot,  # done
                part + kept,  # ended while the snapshot was written
                snapshot + kept[chance.randrange(len(kept) + 1) :],  # or while files were deleted
                kept,  # not due
            ]
        )
        chance.shuffle(kept)


def test_what_a_load_lacks_stays_gone_after_all_that_it_had_changed() -> None:
    def row(op: str, key: str, second: int, sequence: str | None) -> Cells:
        return op, "eu", key, "a", "1", f"2026-11-05 00:00:{second:02d}.000000", sequence

    old, load = [row("I", "1", 1, None), row("I", "2", 1, None)], row("I", "1", 5, None)
    present, snapshot, _ = folded([*old, load, row("U", "1", 6, "7")])
    assert [each[1] for each in present] == ["1"]

    late = row("U", "2", 4, "3")
    assert folded([*snapshot, late])[0] == present
    assert len(snapshot) == 2


FOLDED = ChangesFolded(changes=100, needed=90, new_files=2, oldest_new_hours=1.0, oldest_hours=30.0)


@pytest.mark.parametrize(
    ("facts", "due"),
    [
        ({}, False),
        ({"needed": 75}, True),
        ({"needed": 75, "new_files": 0}, False),
        ({"oldest_new_hours": 24.0}, True),
        ({"oldest_new_hours": 24.0, "needed": 100}, False),
        ({"needed": 100, "new_files": 500}, True),
        ({"needed": 100, "new_files": 0, "oldest_hours": 168.0}, True),
        ({"changes": 0, "needed": 0}, False),
    ],
)
def test_a_snapshot_is_written_where_it_is_worth_it_and_before_files_expire(
    facts: dict[str, float], *, due: bool
) -> None:
    given_facts = {**{name: getattr(FOLDED, name) for name in FOLDED.__dataclass_fields__}, **facts}
    assert ChangesFolded(**given_facts).is_due is due


def test_a_files_note_is_read_as_it_was_written() -> None:
    note = SnapshotNote(key=("id",), types={"total": ("int64", "string")})
    read = SnapshotNote.of(note.metadata())
    assert read is not None
    assert (read.key, [*read.types["total"]]) == (("id",), ["int64", "string"])
    assert SnapshotNote.of({b"ARROW:schema": b""}) is None
