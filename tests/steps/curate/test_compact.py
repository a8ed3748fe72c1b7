"""Change files give way to a snapshot, and every later fold comes to the same rows."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from steps.curate.source import CuratedSource, database_source, pulled_source
from tessera import naming
from tessera.errors import InvalidInput
from tessera.records.curated import CurateRecord
from tessera.sources.connectors.cursor import first
from tessera.sources.tables.mapping import read_mappings
from tests.bucket_in_memory import START, BucketInMemory, WriterDied
from tests.steps.curate.tables import ChangeTable, curated, uploaded

MAPPING = """
[orders]
key = ["id"]
EventID = "'orders/' || id"
CustomerID = "customer"
Date = "placed"
Amount = "total"
"""
ORDERS = database_source(
    "default", table="orders", mapping=read_mappings(MAPPING, name="shop.toml")["orders"]
)
SOON, IN_A_DAY, IN_A_WEEK = (START + dt.timedelta(hours=hours) for hours in (1, 25, 170))


def order(id_: str, *, total: object = "9.50") -> dict[str, object]:
    return {"id": id_, "customer": f"C{id_}", "placed": "2026-10-01", "total": total}


class Shop:
    """A shop's change files, and the upload of them."""

    def __init__(self, source: CuratedSource = ORDERS) -> None:
        self.source = source
        self.data, self.identities = BucketInMemory("data"), BucketInMemory("identities")
        self.table = ChangeTable(self.identities, source.raw)

    def fold(self, now: dt.datetime | None, *, source: CuratedSource = ORDERS) -> CurateRecord:
        chosen = source if self.source is ORDERS else self.source
        return curated(chosen, self.data, self.identities, now=now)

    def amounts(self) -> dict[str | None, str | None]:
        return {row["EventID"]: row["Amount"] for row in uploaded(self.source, self.data)}

    def raw(self) -> list[dict[str, str | None]]:
        """Return all rows of change files."""
        bodies = [b for k, b in self.identities.bodies.items() if k.endswith(".parquet")]
        tables = [pq.read_table(pa.BufferReader(body)) for body in bodies]
        return [row for table in tables for row in table.to_pylist()]

    def files(self) -> list[str]:
        return [key.rpartition("/")[2] for key in self.identities.keys(self.source.raw)]


@pytest.fixture
def shop() -> Shop:
    made = Shop()
    made.table.load([order("1", total=9), order("2", total=8), order("3", total=7)])
    made.table.change(("U", order("1", total=5)), ("D", order("2", total=8)), second=5)
    return made


def test_a_snapshot_replaces_the_files_and_has_nothing_of_a_deleted_record_but_its_key(
    shop: Shop,
) -> None:
    record = shop.fold(SOON)

    assert (record.changes, record.snapshot, record.compacted) == (
        5,
        4,
        2,
    )  # and the load's instant
    [name] = shop.files()
    assert name.startswith("snapshot-part-00000-")
    [gone] = [row for row in shop.raw() if row["Op"] == "D"]
    assert {name for name, cell in gone.items() if cell} == {
        "Op", "id", "dms_commit_at", "dms_change_seq",
    }  # fmt: skip
    again = shop.fold(SOON)
    assert (again.outcome, again.changes, again.deleted, again.rows) == ("unchanged", 4, 1, 2)
    assert again.changed_types == {}  # texts of the snapshot beside numbers of later files
    shop.table.change(("U", order("3", total=6)), second=9)
    assert shop.fold(None).changed_types == {}
    assert shop.amounts() == {"orders/1": "5", "orders/3": "6"}


def test_a_change_that_comes_late_is_still_earlier_than_what_was_folded(shop: Shop) -> None:
    shop.fold(SOON)
    late = [("U", order("1", total=1)), ("U", order("2", total=1))]
    shop.table.change(*late, second=4, name="20261128-late.parquet")

    assert shop.fold(SOON).outcome == "unchanged"
    assert shop.amounts() == {"orders/1": "5", "orders/3": "7"}


def test_wherever_the_process_ends_the_next_fold_comes_to_the_same(shop: Shop) -> None:
    before = {**shop.identities.bodies}, {**shop.identities.listed}
    shop.fold(None)
    expected = shop.amounts()
    for changes in range(4):
        shop.identities.bodies, shop.identities.listed = {**before[0]}, {**before[1]}
        shop.identities.changes = changes
        try:
            shop.fold(SOON)
            ended = True
        except WriterDied:
            ended = False
        shop.identities.changes = -1
        record = shop.fold(None)
        assert (record.outcome, record.standing, record.deleted) == ("unchanged", 2, 1)
    assert ended
    assert shop.amounts() == expected


def test_a_file_that_was_written_again_meanwhile_stays(shop: Shop) -> None:
    upload = shop.identities.upload

    def written_again(path, key):
        upload(path, key)
        shop.identities.upload = upload
        shop.table.load([order("7")], second=9)  # DMS loads the table again, under the same name

    shop.identities.upload = written_again
    shop.fold(SOON)

    assert "LOAD00000001.parquet" in shop.files()
    shop.fold(SOON)
    assert shop.amounts() == {"orders/7": "9.50"}


def test_what_is_not_worth_it_is_left_until_it_is_old() -> None:
    shop = Shop()
    shop.table.load([order(f"{number}") for number in range(20)])
    assert shop.fold(IN_A_DAY).compacted == 0  # nothing is outdated
    shop.table.change(("U", order("1", total="5.00")), second=5)
    assert shop.fold(SOON).compacted == 0
    assert shop.fold(IN_A_DAY).compacted == 2
    [name] = shop.files()
    written = shop.identities.listed[ORDERS.raw + name]

    assert shop.fold(IN_A_DAY).snapshot == 0
    assert shop.fold(IN_A_WEEK).snapshot == 21  # written again, so that it does not expire
    [renewed] = shop.identities.entries(ORDERS.raw)
    assert renewed.modified_at > written.modified_at


def test_another_key_is_refused_because_earlier_changes_are_missing(shop: Shop) -> None:
    shop.fold(SOON)
    other = read_mappings(MAPPING.replace('["id"]', '["id", "placed"]'), name="shop.toml")
    source = database_source("default", table="orders", mapping=other["orders"])

    with pytest.raises(InvalidInput, match=r"folded by the key id, and by id, placed .*snapshot-"):
        shop.fold(SOON, source=source)


def test_pages_of_a_pull_that_is_under_way_are_left_alone() -> None:
    shop = Shop(pulled_source("default", name="stripe-orders"))
    page = {"CustomerID": "C1", "Date": "2026-10-01", "EventID": "e1"}
    shop.table.load([{"source_key": "o1", "Amount": "9", **page}])
    shop.table.change(("U", {"source_key": "o1", "Amount": "5", **page}), second=5)
    cursor = first(
        connector="stripe", account="a", pull=1, started_at="2026-11-29T00:00:00+00:00",
        before=None, load=True,
    )  # fmt: skip
    assert shop.fold(SOON).compacted == 0  # no cursor
    shop.identities.write(shop.source.raw + "cursor.json", cursor.text().encode())
    assert shop.fold(SOON).compacted == 0
    done = cursor.text().replace('"done": false', '"done": true')
    shop.identities.write(shop.source.raw + "cursor.json", done.encode())

    assert shop.fold(SOON).compacted == 2
    assert naming.expiry_tag(shop.source.raw + shop.files()[1]) == naming.RAW_FILE
    assert [row["Amount"] for row in uploaded(shop.source, shop.data)] == ["5"]
