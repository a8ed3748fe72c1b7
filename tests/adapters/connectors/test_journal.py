"""Change files of a pull: named by pull and page, in the form that Curate folds."""

from __future__ import annotations

import dataclasses
import io

import boto3
import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from moto import mock_aws

from adapters.aws.objects import Objects
from adapters.connectors.journal import ChangeJournal
from tessera.errors import InvalidInput
from tessera.sources.changes import current_rows_sql
from tessera.sources.connectors.cursor import PullCursor
from tessera.sources.connectors.port import PulledRecord

PREFIX = "tenants/default/raw/plain-orders/"
START = "2026-11-02T10:00:00+00:00"


@pytest.fixture
def objects():
    with mock_aws():
        client = boto3.client("s3", region_name="us-east-1")
        client.create_bucket(Bucket="identities")
        yield Objects("identities", client=client)


def cursor(*, load: bool = True, pull: int = 1, pages: int = 0) -> PullCursor:
    return PullCursor(
        connector="plain", account="a", pull=pull, load=load, started_at=START, pages=pages
    )


def record(key: str, *, rows: int = 1, amount: str = "1.00") -> PulledRecord:
    row = {"OrderID": key, "Amount": amount}
    return PulledRecord(key=key, changed_at="2026-11-01T11:00:00+01:00", rows=(row,) * rows)


def rows(objects: Objects, name: str) -> list[dict[str, str]]:
    return pq.read_table(io.BytesIO(objects.read(PREFIX + name))).to_pylist()


def test_a_load_has_the_instant_of_its_beginning_and_a_sequence(objects):
    ChangeJournal(objects, prefix=PREFIX).store(
        cursor(), [record("7", rows=2), record("8", rows=0)]
    )
    stored = rows(objects, "LOAD-00000001-00000000.parquet")
    kinds = [(row["Op"], row["source_key"]) for row in stored]
    assert kinds == [("I", "7"), ("I", "7"), ("D", "8")]
    assert {row["dms_commit_at"] for row in stored} == {"2026-11-02 10:00:00.000000"}
    assert stored[0]["dms_change_seq"] == stored[1]["dms_change_seq"] < stored[2]["dms_change_seq"]


def test_a_complete_load_ends_with_one_row_without_a_sequence_before_its_cursor_is_kept(objects):
    journal = ChangeJournal(objects, prefix=PREFIX)
    journal.keep(cursor(pages=1))
    assert list(objects.keys(PREFIX)) == [PREFIX + "cursor.json"]
    done = dataclasses.replace(cursor(pages=1), done=True)
    journal.keep(done)
    [end] = rows(objects, "LOAD-00000001-end.parquet")
    assert {name: value for name, value in end.items() if value} == {
        "Op": "D",
        "source_key": "load",
        "dms_commit_at": "2026-11-02 10:00:00.000000",
    }
    journal.tidy(done)
    assert PREFIX + "LOAD-00000001-end.parquet" in list(objects.keys(PREFIX))


def folded(objects: Objects) -> list[tuple[str, str]]:
    """Return the key and amount of each row that stands after the fold."""
    tables = [
        pq.read_table(io.BytesIO(objects.read(key)))
        for key in list(objects.keys(PREFIX))
        if key.endswith(".parquet")
    ]
    connection = duckdb.connect()
    connection.register("changes", pa.concat_tables(tables))
    sql = current_rows_sql("changes", key=("source_key",), columns=("source_key", "Amount"))
    return sorted(connection.execute(sql).fetchall())


def test_an_order_that_a_load_meets_twice_is_there_once_as_it_was_later(objects):
    journal = ChangeJournal(objects, prefix=PREFIX)
    journal.store(cursor(), [record("1"), record("2"), record("3")])
    journal.store(cursor(pages=1), [record("2", amount="5.00"), record("3", rows=0)])
    journal.keep(dataclasses.replace(cursor(pages=2), done=True))
    assert folded(objects) == [("1", "1.00"), ("2", "5.00")]


def test_what_a_load_lacks_is_gone_when_it_is_complete_and_not_before(objects):
    journal = ChangeJournal(objects, prefix=PREFIX)
    journal.store(cursor(), [record("1"), record("2")])
    journal.keep(dataclasses.replace(cursor(pages=1), done=True))
    later = dataclasses.replace(cursor(pull=2), started_at="2026-11-03T10:00:00+00:00")
    journal.store(later, [record("2", amount="5.00")])
    assert folded(objects) == [("1", "1.00"), ("2", "5.00")]
    journal.keep(dataclasses.replace(later, pages=1, done=True))
    assert folded(objects) == [("2", "5.00")]


def test_a_change_has_its_own_instant_and_one_without_rows_deletes_its_key(objects):
    place = cursor(load=False, pull=2, pages=3)
    ChangeJournal(objects, prefix=PREFIX).store(place, [record("7", rows=2), record("8", rows=0)])
    stored = rows(objects, "changes-00000002-00000003.parquet")
    assert [(row["Op"], row["source_key"]) for row in stored] == [
        ("U", "7"),
        ("U", "7"),
        ("D", "8"),
    ]
    assert {row["dms_commit_at"] for row in stored} == {"2026-11-01 10:00:00.000000"}
    assert len({row["dms_change_seq"] for row in stored[:2]}) == 1
    assert stored[0]["dms_change_seq"] < stored[2]["dms_change_seq"]


def test_a_complete_load_removes_what_came_before_and_pages_of_an_earlier_attempt(objects):
    journal = ChangeJournal(objects, prefix=PREFIX)
    journal.store(cursor(), [record("1")])
    journal.store(cursor(load=False, pull=2), [record("1")])
    for page in range(3):
        journal.store(cursor(pull=3, pages=page), [record(str(page))])
    assert journal.pulls() == 3
    journal.tidy(cursor(pull=3, pages=2))
    names = [key.removeprefix(PREFIX) for key in objects.keys(PREFIX)]
    assert names == ["LOAD-00000003-00000000.parquet", "LOAD-00000003-00000001.parquet"]


def test_a_snapshot_of_a_load_outlives_the_next_pulls_tidying(objects):
    journal = ChangeJournal(objects, prefix=PREFIX)
    objects.write(PREFIX + "snapshot-part-00000-0123456789012345.parquet", b"of the load's pages")
    journal.tidy(dataclasses.replace(cursor(pull=3, pages=2), done=True))
    assert [*objects.keys(PREFIX)] == [PREFIX + "snapshot-part-00000-0123456789012345.parquet"]
    assert journal.pulls() == 0


def test_a_cursor_comes_back_as_it_was_kept_and_a_damaged_one_is_named(objects):
    journal = ChangeJournal(objects, prefix=PREFIX)
    assert journal.cursor() is None
    journal.keep(cursor(pages=2))
    assert journal.cursor() == cursor(pages=2)
    objects.write(PREFIX + "cursor.json", b"{")
    with pytest.raises(InvalidInput, match=r"cursor\.json is damaged"):
        journal.cursor()
