"""The export's files have the same bytes however an engine cuts its rows."""

from __future__ import annotations

import contextlib
import datetime as dt
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from adapters.destinations.files.customer_batches import customer_batches
from adapters.destinations.files.export import ExportFiles
from adapters.destinations.files.import_files import ImportFolder
from adapters.destinations.files.segment_lists import SegmentLists
from adapters.tables.parquet import arrow_schema
from tessera.contracts.tables import CUSTOMER_OUTPUT
from tessera.destinations.segments import Sizes, segments
from tessera.destinations.vendors.export import destination
from tessera.segments.sets.catalog import sets_for
from tessera.settings import RunSettings

CUSTOMERS = 100_010
GIVEN = {
    "frequency": 2,
    "monetary": Decimal("12.50"),
    "views": 0,
    "segment": "At Risk",
    "labels": '{"value_tier": "High"}',
    "as_of": dt.date(2026, 5, 1),
    "channel_type": "EMAIL",
    "claim": 1,
}


class Bucket:
    """Keeps what is uploaded."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def upload(self, path: Path, key: str) -> None:
        (self._folder / key).parent.mkdir(exist_ok=True)
        (self._folder / key).write_bytes(path.read_bytes())


def query_rows() -> pa.Table:
    numbers = [f"{number:06}" for number in range(CUSTOMERS)]
    given = {
        "customer_key": numbers,
        "customer_id": [f"=C{number}" for number in numbers],
        "address": [f"c{number}@example.com" for number in numbers],
    }
    contacts = [("channel_type", pa.string()), ("address", pa.string()), ("claim", pa.int64())]
    flags = ("ad_consent", "email_consent", "unreadable_email", "unreadable_phone")
    contacts += [(name, pa.bool_()) for name in flags]
    fields = [(field.name, field.type) for field in arrow_schema(CUSTOMER_OUTPUT)] + contacts
    columns = [
        pa.array(given[name])
        if name in given
        else pa.repeat(pa.scalar(GIVEN.get(name), kind), CUSTOMERS)
        for name, kind in fields
    ]
    return pa.table(columns, names=[name for name, _ in fields])


def write(rows: pa.Table, folder: Path, *, rows_per_batch: int, contacts: int = CUSTOMERS) -> Path:
    folder.mkdir()
    sets = sets_for(RunSettings(segment_sets=("value_tier",)))
    files = ExportFiles(
        ImportFolder(folder / "work", objects=Bucket(folder), prefix=""),
        as_of=dt.date(2026, 5, 1),
        run_id="r1",
        names={"At Risk": "_RFM_At_Risk"},
        sets=sets,
    )
    for batch in customer_batches(rows.to_batches(rows_per_batch)):
        files.add(batch)
    listed = segments(sets, clusters=[], sizes=Sizes(), capabilities=destination.CAPABILITIES)
    parts = {part.key: part.rows for part in files.finish(listed)}
    assert (parts["customers.csv"], parts["contacts.csv"]) == (CUSTOMERS, contacts)
    return folder


def test_how_the_rows_were_batched_leaves_no_trace(tmp_path):
    rows = query_rows()
    large = write(rows, tmp_path / "large", rows_per_batch=70_000)
    small = write(rows, tmp_path / "small", rows_per_batch=9_999)
    lists = "segments/_RFM_At_Risk.csv"
    for name in ("customers.parquet", "customers.csv", "contacts.csv", "segments.json", lists):
        assert (large / name).read_bytes() == (small / name).read_bytes(), name
    groups = pq.read_metadata(large / "customers.parquet")
    sizes = [groups.row_group(group).num_rows for group in range(groups.num_row_groups)]
    assert sizes == [50_000, 50_000, 10]
    last = (large / "contacts.csv").read_text().splitlines()[-1]
    assert last == ("'=C100009,EMAIL,c100009@example.com,At Risk,_RFM_At_Risk,,High,,2026-05-01")


def test_a_segments_list_has_every_member_once_with_the_members_own_addresses(tmp_path):
    rows = query_rows()
    second = rows.slice(0, 1).set_column(
        rows.schema.get_field_index("channel_type"), "channel_type", pa.array(["SMS"])
    )
    both = pa.concat_tables([rows.slice(0, 1), second, rows.slice(1)]).combine_chunks()
    folder = write(both, tmp_path / "lists", rows_per_batch=70_000, contacts=CUSTOMERS + 1)

    header, first, *others = (folder / "segments/_RFM_At_Risk.csv").read_text().splitlines()

    assert header == "customer_id,email,phone,recency_days,frequency,monetary"
    assert first == "'=C000000,c000000@example.com,c000000@example.com,,2,12.50"
    assert others[0] == "'=C000001,c000001@example.com,,,2,12.50"
    assert len(others) == CUSTOMERS - 1


def test_a_customer_in_no_segment_of_the_definition_is_an_error_and_not_lost(tmp_path):
    rows = query_rows().slice(0, 1)
    other = rows.set_column(
        rows.schema.get_field_index("segment"), "segment", pa.array(["Unheard of"])
    )

    folder = ImportFolder(tmp_path / "work", objects=Bucket(tmp_path), prefix="")
    [batch] = customer_batches(other.to_batches())
    lists = SegmentLists(folder, names={"At Risk": "_RFM_At_Risk"})

    with contextlib.closing(lists), pytest.raises(AssertionError, match="Unheard of"):
        lists.add(batch)
