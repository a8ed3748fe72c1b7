"""Recommendations in a run: a column of the profiles where the test proves them, else none."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from adapters.aws.container import Container, write_json
from adapters.tables.parquet import arrow_schema, write_table
from tessera.contracts.tables import CUSTOMER_PRODUCTS
from tests.purchased import tasteful_shop
from tests.sagemaker_jobs.test_score import AS_OF, container, profiles, score, shop
from tests.tickets import prepared_json

BUYERS = 250


def scored(root: Path, *, kinds: int) -> tuple[dict[str, Any], list[dict[str, Any]], list[Any]]:
    """The record, the profiles, and who bought what, of a shop with so many kinds of products."""
    customers = sorted(shop(), key=lambda row: row["customer_key"])
    bought = tasteful_shop(customers=BUYERS, kinds=kinds)
    rows = [
        {
            "customer_key": customer["customer_key"],
            "product": f"P{product:03d}",
            "name": None,
            "lines": 1,
            "first_days_ago": days,
            "last_days_ago": days,
        }
        for customer, products in zip(customers, bought, strict=False)
        for product, days in sorted(products.items())
    ]
    made = container(root, customers)
    give(made, rows)
    return score(made), profiles(made), bought


def give(made: Container, rows: list[dict[str, Any]]) -> None:
    table = pa.Table.from_pylist(rows, arrow_schema(CUSTOMER_PRODUCTS))
    path = made.input("details/customer_products") / "part-0.parquet"
    write_table(path, table, CUSTOMER_PRODUCTS)
    prepared = prepared_json(as_of=AS_OF, holdout_days=119)
    write_json(made.input("record") / "prepare.json", prepared)


@pytest.fixture(scope="module")
def proven(tmp_path_factory):
    return scored(tmp_path_factory.mktemp("proven"), kinds=6)


def test_profiles_have_ten_new_products_of_the_customers_kind(proven):
    record, rows, bought = proven
    assert record["products"]["published"]
    for row, products in zip(rows, bought, strict=False):
        chosen = [int(text[1:]) for text in json.loads(row["next_products"])]
        [kind] = {product // 30 for product in products}
        assert len({*chosen}) == len(chosen) == 10
        assert not {*chosen} & {*products}
        assert sum(product // 30 == kind for product in chosen) >= 8


def test_who_bought_no_product_gets_the_most_popular_ones(proven):
    _, rows, _ = proven
    others = {row["next_products"] for row in rows[BUYERS:]}
    assert len(others) == 1
    assert len(json.loads(others.pop())) == 10


def test_the_record_counts_products_by_segment(proven):
    record, rows, _ = proven
    products = record["products"]
    assert (products["products"], products["buyers"]) == (180, BUYERS)
    assert products["segments"].keys() <= {row["segment"] for row in rows}
    assert products["test"]["holdout_days"] == 119


def test_recommendations_that_prove_nothing_are_not_published(tmp_path):
    record, rows, _ = scored(tmp_path, kinds=1)
    assert not record["products"]["published"]
    assert {row["next_products"] for row in rows} == {None}
