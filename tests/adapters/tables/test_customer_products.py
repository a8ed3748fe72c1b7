"""CUSTOMER_PRODUCTS as numbers: in any order and batches, and recommendations as JSON again."""

from __future__ import annotations

import json

import numpy as np
import pyarrow as pa
import pytest

from adapters.tables.customer_products import CustomerProducts, read_customer_products
from adapters.tables.parquet import arrow_schema, write_table
from tessera.contracts.tables import CUSTOMER_PRODUCTS
from tessera.customers.recommending.shelf import NOWHERE
from tests.purchased import pairs_of

KEYS = ["a", "b", "c", "d"]
PAIRS = [
    ("b", "M1", "Mug", 9),
    ("b", 'T"1', None, 3),
    ("c", "Té", "Té", 4),
    ("d", "M1", "Mug", 5),
]


def read(folder, *files, keys=KEYS) -> CustomerProducts:
    for place, pairs in enumerate(files):
        rows = [
            {"customer_key": key, "product": product, "name": name, "lines": 1,
             "first_days_ago": days, "last_days_ago": 1}
            for key, product, name, days in pairs
        ]  # fmt: skip
        table = pa.Table.from_pylist(rows, arrow_schema(CUSTOMER_PRODUCTS))
        write_table(folder / f"part-{place}.parquet", table, CUSTOMER_PRODUCTS)
    blocks = (pa.chunked_array([keys[:2]], pa.string()), pa.chunked_array([keys[2:]], pa.string()))
    return read_customer_products(folder, keys=blocks)


@pytest.mark.parametrize(
    "files", [[PAIRS], [PAIRS[:1], PAIRS[1:]], [PAIRS[::-1]], [PAIRS[2:], PAIRS[:2]]]
)
def test_pairs_are_read_in_any_order_for_customers_in_theirs(tmp_path, files):
    made = read(tmp_path, *files)
    assert made.products == ["M1", 'T"1', "Té"]
    assert made.names == ["Mug", None, "Té"]
    assert pairs_of(made.bought) == [{}, {0: 9, 1: 3}, {2: 4}, {0: 5}]


def test_without_pairs_nobody_is_asked_for(tmp_path):
    write_table(tmp_path / "p.parquet", arrow_schema(CUSTOMER_PRODUCTS).empty_table(),
                CUSTOMER_PRODUCTS)  # fmt: skip

    def nobody():
        raise AssertionError("the customers were read")
        yield

    assert read_customer_products(tmp_path, keys=nobody()).products == []


def test_a_buyer_who_is_no_customer_is_an_error(tmp_path):
    with pytest.raises(AssertionError, match="1 buyers of products are no customers"):
        read(tmp_path, PAIRS, keys=["a", "b", "c"])


def test_recommendations_become_json_and_nobody_has_an_empty_list(tmp_path):
    made = read(tmp_path, PAIRS)
    chosen = np.full((3, 10), NOWHERE, np.int32)
    chosen[0, :2] = [1, 2]
    chosen[2, 0] = 0
    column = made.column(chosen)
    assert column.type == pa.string()
    assert [text and json.loads(text) for text in column.to_pylist()] == [
        ['T"1', "Té"], None, ["M1"],
    ]  # fmt: skip
    assert column[0].as_py() == '["T\\"1","Té"]'
