"""Slices of customers: few enough rows in each, and each row in one."""

from __future__ import annotations

import pytest

from adapters.engines.duckdb.session import connect, memory_bytes
from adapters.engines.duckdb.slices import sliced, slices_of


@pytest.fixture
def db(tmp_path):
    with connect(tmp_path, memory_limit_mb=100) as connection:
        yield connection


def test_what_the_engine_can_group_at_once_is_not_cut(db):
    limit = memory_bytes(db)
    wanted = {0: 1, 7 * limit: 1, 7 * limit + 1: 15, 50 * limit: 100, 10**15: 65_536}
    assert {of: slices_of(db, row_bytes=of) for of in wanted} == wanted


def test_each_row_is_in_the_slice_of_its_customer_and_slices_ascend(db):
    queries = [f"SELECT i % 10 AS who, i AS row FROM range({start}, {start + 50}) AS t(i)"
               for start in (0, 50)]  # fmt: skip
    made = sliced(db, "cut", queries, slice_of="who * 4 // 10", slices=4)
    rows = [db.execute(f"SELECT who, row FROM ({query})").fetchall() for query in made]
    assert [sorted({who for who, _ in each}) for each in rows] == [[0, 1, 2], [3, 4], [5, 6, 7],
                                                                   [8, 9]]  # fmt: skip
    assert sorted(row for each in rows for _, row in each) == list(range(100))
