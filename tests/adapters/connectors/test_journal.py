"""Change files of a pull: named by pull and page, in the form that Curate folds."""

from __future__ import annotations

import io

import boto3
import pyarrow.parquet as pq
import pytest
from moto import mock_aws

from adapters.aws.objects import Objects
from adapters.connectors.journal import ChangeJournal
from tessera.errors import InvalidInput
from tessera.sources.connectors.cursor import Cursor
from tessera.sources.connectors.port import Record

PREFIX = "tenants/default/raw/plain-orders/"
START = "2026-11-02T10:00:00+00:00"


@pytest.fixture
def objects():
    with mock_aws():
        client = boto3.client("s3", region_name="us-east-1")
        client.create_bucket(Bucket="identities")
        yield Objects("identities", client=client)


def cursor(*, load: bool = True, pull: int = 1, pages: int = 0) -> Cursor:
    return Cursor(
        connector="plain", account="a", pull=pull, load=load, started_at=START, pages=pages
    )


def record(key: str, *, rows: int = 1) -> Record:
    row = {"OrderID": key, "Amount": "1.00"}
    return Record(key=key, changed_at="2026-11-01T11:00:00+01:00", rows=(row,) * rows)


def rows(objects: Objects, name: str) -> list[dict[str, str]]:
    return pq.read_table(io.BytesIO(objects.read(PREFIX + name))).to_pylist()


def test_a_load_has_the_instant_of_its_beginning_and_no_sequence(objects):
    ChangeJournal(objects, prefix=PREFIX).store(
        cursor(), [record("7", rows=2), record("8", rows=0)]
    )
    stored = rows(objects, "LOAD-00000001-00000000.parquet")
    assert [row["source_key"] for row in stored] == ["7", "7"]
    assert {row["Op"] for row in stored} == {"I"}
    assert {row["dms_commit_at"] for row in stored} == {"2026-11-02 10:00:00.000000"}
    assert {row["dms_change_seq"] for row in stored} == {None}


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


def test_a_cursor_comes_back_as_it_was_kept_and_a_damaged_one_is_named(objects):
    journal = ChangeJournal(objects, prefix=PREFIX)
    assert journal.cursor() is None
    journal.keep(cursor(pages=2))
    assert journal.cursor() == cursor(pages=2)
    objects.write(PREFIX + "cursor.json", b"{")
    with pytest.raises(InvalidInput, match=r"cursor\.json is damaged"):
        journal.cursor()
