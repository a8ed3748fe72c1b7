import dataclasses
import datetime as dt

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from adapters.tables import parquet
from tessera.contracts.tables import FEATURES, IDENTITIES, PROFILES
from tessera.errors import InvalidInput


def features(days=(1, 2), spend=("1.5", "2")):
    return pa.table(
        {
            "monetary": pa.array(spend).cast(pa.decimal128(18, 4)),
            "recency_days": pa.array(days, pa.int64()),
            "frequency": pa.array([1] * len(days), pa.int32()),
            "customers": pa.array([1] * len(days), pa.int64()),
        }
    )


def test_a_table_comes_back_in_the_contracts_order_and_types(tmp_path):
    path = parquet.write_table(tmp_path / "deep" / "f.parquet", features(), FEATURES)
    back = parquet.read_table(path)
    assert back.schema.names == list(FEATURES.names)
    assert back.schema.types == parquet.arrow_schema(FEATURES).types
    assert back["monetary"].to_pylist()[0] == features()["monetary"].to_pylist()[0]


def test_equal_rows_make_equal_bytes_however_they_are_batched(tmp_path):
    rows = 300_000
    many = features(days=range(rows), spend=["1.25"] * rows)
    one = parquet.write_table(tmp_path / "one.parquet", many, FEATURES)
    batches = many.to_batches(max_chunksize=70_001)
    two = parquet.write_batches(tmp_path / "two.parquet", batches, FEATURES)
    assert one.read_bytes() == two.read_bytes()
    assert parquet.read_table(two)["recency_days"].to_pylist() == list(range(rows))


@pytest.mark.parametrize("batch", [7_001, 10_000, 25_000])
def test_row_groups_have_as_many_rows_as_the_contract_asks_for(tmp_path, batch):
    small = dataclasses.replace(FEATURES, rows_per_group=PROFILES.rows_per_group)
    rows = features(days=range(25_000), spend=["1.25"] * 25_000)
    path = parquet.write_batches(tmp_path / "f.parquet", rows.to_batches(batch), small)
    metadata = pq.ParquetFile(path).metadata
    groups = [metadata.row_group(place) for place in range(metadata.num_row_groups)]
    assert [group.num_rows for group in groups] == [10_000, 10_000, 5_000]
    limits = [group.column(0).statistics for group in groups]
    assert [(one.min, one.max) for one in limits] == [
        (0, 9_999), (10_000, 19_999), (20_000, 24_999),
    ]  # fmt: skip


def test_a_failed_write_leaves_what_was_there(tmp_path):
    path = parquet.write_table(tmp_path / "f.parquet", features(), FEATURES)
    before = path.read_bytes()
    with pytest.raises(InvalidInput):
        parquet.write_batches(path, [features(), features().drop_columns(["customers"])], FEATURES)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_missing_column_and_a_missing_value_are_named(tmp_path):
    with pytest.raises(InvalidInput, match="'customers'"):
        parquet.write_table(
            tmp_path / "f.parquet", features().drop_columns(["customers"]), FEATURES
        )
    with pytest.raises(InvalidInput, match="empty values in 'recency_days'"):
        parquet.write_table(tmp_path / "f.parquet", features(days=(1, None)), FEATURES)


def test_a_file_of_an_earlier_version_lacks_only_what_may_be_empty():
    names = [name for name in IDENTITIES.names if "_consent" not in name]
    assert parquet.lacking(IDENTITIES, names) == [
        "ad_consent",
        "ad_consent_at",
        "email_consent",
        "email_consent_at",
    ]
    with pytest.raises(InvalidInput, match="'identities' lacks its column 'last_seen_at'"):
        parquet.lacking(IDENTITIES, names[:-1])
    row = dict.fromkeys(names) | {"customer_key": "k", "customer_id": "C 1"}
    row["last_seen_at"] = dt.datetime(2026, 5, 1, tzinfo=dt.UTC)
    whole = parquet.arrow_schema(IDENTITIES)
    older = pa.schema([whole.field(name) for name in names])
    completed = parquet.completed(pa.RecordBatch.from_pylist([row], schema=older), IDENTITIES)
    assert completed.schema == whole
    assert completed.to_pylist() == [row | dict.fromkeys(parquet.lacking(IDENTITIES, names))]


def test_a_folder_is_read_in_name_order(tmp_path):
    parquet.write_table(tmp_path / "part-1.parquet", features(days=(3, 4)), FEATURES)
    parquet.write_table(tmp_path / "part-0.parquet", features(days=(1, 2)), FEATURES)
    assert parquet.read_table(tmp_path)["recency_days"].to_pylist() == [1, 2, 3, 4]
    rows = [batch.num_rows for batch in parquet.iter_batches(tmp_path, rows=1)]
    assert rows == [1, 1, 1, 1]


def test_an_empty_folder_is_an_error_that_names_it(tmp_path):
    with pytest.raises(InvalidInput, match=str(tmp_path)):
        parquet.read_table(tmp_path)


@pytest.mark.parametrize("rows", [7, 1_000, 25_000])
def test_blocks_have_as_many_rows_as_asked_for_whatever_the_files(tmp_path, rows):
    for name, count in (("a", 3_001), ("b", 0), ("c", 2_000)):
        some = features(days=range(count), spend=["1.25"] * count)
        parquet.write_table(tmp_path / f"{name}.parquet", some, FEATURES)
    blocks = list(parquet.iter_blocks(tmp_path, rows=rows, columns=["recency_days"]))
    assert [len(block) for block in blocks[:-1]] == [rows] * (5_001 // rows - (5_001 % rows == 0))
    together = [day for block in blocks for day in block["recency_days"].to_pylist()]
    assert together == [*range(3_001), *range(2_000)]


def test_an_empty_table_is_one_empty_block(tmp_path):
    parquet.write_batches(tmp_path / "f.parquet", [], FEATURES)
    [block] = parquet.iter_blocks(tmp_path, rows=5, columns=["frequency"])
    assert block.column_names == ["frequency"]
    assert len(block) == 0


@pytest.mark.parametrize("keys", [["c", "b"], ["a", "a"]])
def test_rows_in_another_order_are_sorted_once(tmp_path, keys):
    named = dataclasses.replace(
        FEATURES, columns=(PROFILES.columns[0],), key=("customer_key",), name="keys"
    )
    folder = tmp_path / "in"
    parquet.write_table(folder / "0.parquet", pa.table({"customer_key": ["a"]}), named)
    assert parquet.by_key(folder, named, scratch=tmp_path) == folder
    parquet.write_table(folder / "1.parquet", pa.table({"customer_key": keys}), named)
    made = parquet.by_key(folder, named, scratch=tmp_path)
    assert made != folder
    assert parquet.read_table(made)["customer_key"].to_pylist() == sorted(["a", *keys])
