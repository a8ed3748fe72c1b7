"""Keys in the place of customers' numbers: each number's own, or an error."""

from __future__ import annotations

import pyarrow as pa
import pytest

from adapters.engines.duckdb.outputs import in_keys, read_by_customer
from adapters.engines.duckdb.session import connect


@pytest.fixture
def db(tmp_path):
    with connect(tmp_path, memory_limit_mb=100) as connection:
        connection.execute(
            """CREATE TABLE names AS
            SELECT i::INTEGER AS name, 'key-' || i AS customer_key FROM range(1, 10) AS t(i)"""
        )
        yield connection


def test_rows_come_by_customer_with_their_keys(db):
    query = "SELECT * FROM (VALUES (7, 'b'), (3, 'c'), (7, 'a')) AS t(customer_key, product)"
    rows = [row for batch in read_by_customer(db, query, then_by="product")
            for row in batch.to_pylist()]  # fmt: skip
    assert [tuple(row.values()) for row in rows] == [
        ("key-3", "c"), ("key-7", "a"), ("key-7", "b")
    ]  # fmt: skip


def test_no_rows_have_no_keys(db):
    numbers = pa.table({"customer_key": pa.array([], pa.int32())})
    assert in_keys(db, numbers).schema.field("customer_key").type == pa.string()


@pytest.mark.parametrize("removed", [5, 8])
def test_a_number_that_is_nobodys_is_an_error(db, removed):
    db.execute(f"DELETE FROM names WHERE name = {removed}")
    numbers = pa.table({"customer_key": pa.array([2, 8], pa.int32())})
    with pytest.raises(AssertionError, match="6 customers have the numbers from 2 to 8"):
        in_keys(db, numbers)
