"""Days that forecasts are learnt from: the same whatever the order of files and rows."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pyarrow as pa

from adapters.tables.behaviour import read_behaviour
from adapters.tables.parquet import arrow_schema, write_table
from tessera.contracts.tables import BEHAVIOUR_DAYS

FIRST, SECOND = "00000000-a", "80000000-b"
ROWS = [  # as they should come
    (FIRST, 40, 1, "12.5000", 2, 3, 1, 0),
    (FIRST, 7, 0, "-12.5000", 0, 0, 0, 4),
    (SECOND, 90, 0, "0.0000", 0, 5, 2, 0),
    (SECOND, 2, 1, "0.0001", 1, 0, 0, 1),
]


def write(path, rows):
    cells = [list(column) for column in zip(*rows, strict=True)]
    cells[3] = [Decimal(money) for money in cells[3]]
    table = pa.table(dict(zip(BEHAVIOUR_DAYS.names, cells, strict=True)))
    write_table(path, table.cast(arrow_schema(BEHAVIOUR_DAYS)), BEHAVIOUR_DAYS)


def test_files_and_rows_in_any_order_are_read_by_key_and_day(tmp_path):
    write(tmp_path / "part-0.parquet", [ROWS[3], ROWS[0]])
    write(tmp_path / "part-1.parquet", [ROWS[1], ROWS[2]])
    days = read_behaviour(tmp_path)
    assert days.customer.tolist() == [0, 0, 1, 1]
    assert days.days_ago.tolist() == [40, 7, 90, 2]
    assert days.bought.tolist() == [True, False, False, True]
    assert days.net.tolist() == [12.5, -12.5, 0.0, 0.0001]
    assert days.lines.tolist() == [2, 0, 0, 1]
    assert days.views.tolist() == [3, 0, 5, 0]
    assert days.sessions.tolist() == [1, 0, 2, 0]
    assert days.emails.tolist() == [0, 4, 0, 1]


def test_a_customers_rank_is_of_the_keys_first_digits(tmp_path):
    write(tmp_path / "part-0.parquet", [ROWS[3], ROWS[0]])
    assert read_behaviour(tmp_path).rank.tolist() == [0.0, 0.5]


def test_a_table_without_rows_has_no_customers(tmp_path):
    empty = arrow_schema(BEHAVIOUR_DAYS).empty_table()
    write_table(tmp_path / "part-0.parquet", empty, BEHAVIOUR_DAYS)
    days = read_behaviour(tmp_path)
    assert days.customers == 0
    assert np.array_equal(days.customer, [])
