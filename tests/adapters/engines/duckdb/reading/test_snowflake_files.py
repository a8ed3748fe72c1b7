"""Files as Snowflake unloads them: upper-case columns, decimals of 38 digits, many parts."""

from __future__ import annotations

import datetime as dt
import gzip
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from adapters.engines.spark.reading.parquet import look_at
from tessera.errors import InvalidInput
from tessera.settings import RunSettings

NAMES = ("EVENTID", "CUSTOMERID", "DATE", "EVENTNAME", "AMOUNT", "CURRENCY", "ORDERID")


def number(values: Sequence[str | None], scale: int = 0) -> pa.Array:
    """Return a NUMBER(38, scale)."""
    decimals = [None if value is None else Decimal(value) for value in values]
    return pa.array(decimals, pa.decimal128(38, scale))


def unloaded(path: Path, **changes: pa.Array) -> Path:
    """Write three rows as COPY INTO does, with HEADER = TRUE."""
    columns = {
        "EVENTID": pa.array(["l1", "l2", "l3"]),
        "CUSTOMERID": number(["17850", "17851", "17850"]),
        "DATE": pa.array(["2026-01-02T10:00:00.000Z"] * 3),
        "EVENTNAME": pa.array(["PURCHASED"] * 3),
        "AMOUNT": number(["12.10", "0.20", "1234567.89"], scale=2),
        "CURRENCY": pa.array(["EUR"] * 3),
        "ORDERID": number(["1", "2", None]),
    }
    pq.write_table(pa.table(columns | changes), path, compression="snappy")
    return path


def test_many_parts_are_one_upload_whose_rows_and_money_are_all_there(fold, tmp_path):
    first = unloaded(tmp_path / "data_0_0_0.snappy.parquet")
    second = unloaded(
        tmp_path / "data_0_1_0.snappy.parquet",
        EVENTID=pa.array(["l4", "l5", "l6"]),
        ORDERID=number(["4", "5", "6"]),
    )
    folded = fold(first, second, as_of="2026-02-01")
    assert (folded.read, folded.rejected, len(folded.events)) == (6, 0, 6)
    assert set(folded.customers) == {"17850", "17851"}
    assert folded.money == 2 * Decimal("1234580.19")


def test_an_instant_without_a_zone_is_in_the_zone_of_the_settings(check, tmp_path):
    naive = pa.array(["2026-01-02T23:30:00"] * 3).cast(pa.timestamp("ms"))
    body = unloaded(tmp_path / "made.parquet", DATE=naive).read_bytes()
    checked = check(body, name="a.parquet", time_zone="Europe/Berlin")
    assert (checked.read, checked.accepted) == (3, 3)
    assert checked.contents.first == dt.date(2026, 1, 2)


@pytest.mark.parametrize(
    "ids", [number(["1.00", "2.00", "3.00"], scale=2), pa.array([1.0, 2.0, 3.0])]
)
def test_ids_with_decimals_are_refused_by_both_engines(check, tmp_path, ids):
    path = unloaded(tmp_path / "made.parquet", CUSTOMERID=ids)
    with pytest.raises(InvalidInput, match="fractions in 'CUSTOMERID'"):
        check(path.read_bytes(), name="a.parquet")
    with path.open("rb", buffering=0) as file, pytest.raises(InvalidInput, match="fractions in"):
        look_at(file, name="a.parquet", settings=RunSettings())


def test_columns_without_names_are_refused(check, tmp_path):
    table = pq.read_table(unloaded(tmp_path / "made.parquet"))
    path = tmp_path / "nameless.parquet"
    pq.write_table(table.rename_columns([f"_COL_{place}" for place in range(7)]), path)
    with pytest.raises(InvalidInput, match="lacks CustomerID"):
        check(path.read_bytes(), name="a.parquet")


def csv_file(order_id: str) -> bytes:
    head = ",".join(f'"{name}"' for name in NAMES)
    rows = [
        f'"l{place}","C{place}","2026-01-02T10:00:00.000Z","PURCHASED","0.10","EUR",{order_id}'
        for place in range(3)
    ]
    return gzip.compress("\n".join([head, *rows, ""]).encode())


def test_a_text_file_with_empty_cells_is_read_and_one_with_null_marks_is_refused(check):
    checked = check(csv_file(""), name="data_0_0_0.csv.gz")
    assert (checked.accepted, checked.contents.net) == (3, Decimal("0.30"))
    with pytest.raises(InvalidInput, match=r"has \\N in place of missing values.*NULL_IF"):
        check(csv_file(r"\N"), name="data_0_0_0.csv.gz")
