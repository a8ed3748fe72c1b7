"""An event's products: shares that add up to exactly 1, and texts that both engines store alike."""

from __future__ import annotations

import itertools
from decimal import Decimal

import duckdb
from hypothesis import given, settings
from hypothesis import strategies as st

from tessera.events.products import (
    HAS_CATEGORY,
    MOST_CHARACTERS,
    listed,
    product_sql,
    product_text,
    shares,
)

MONEY = st.decimals(-(10**6), 10**6, places=2)


@given(st.lists(MONEY, min_size=1, max_size=30))
def test_shares_add_up_to_one_and_fit_their_column(weights):
    each = shares(weights)
    assert sum(each) == 1
    assert all(abs(share) < 10 and share == round(share, 9) for share in each)


@given(st.lists(st.integers(1, 10**6), min_size=1, max_size=30))
def test_a_share_is_the_weight_among_all(weights):
    for share, weight in zip(shares(map(Decimal, weights)), weights, strict=True):
        assert abs(share - Decimal(weight) / sum(weights)) <= Decimal("1e-9")


def test_an_exchange_gives_back_what_it_takes_off():
    assert shares([Decimal(50), Decimal(-20)]) == [Decimal("1.666666667"), Decimal("-0.666666667")]


def test_weights_that_cancel_out_count_by_their_size():
    assert shares([Decimal(50), Decimal(-50)]) == [Decimal("0.5")] * 2
    assert shares([Decimal(0), Decimal(0)]) == [Decimal("0.5")] * 2


TEXT = st.text(st.sampled_from("aé😀 @1"), max_size=8) | st.text(
    st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), max_size=MOST_CHARACTERS
).map(lambda text: text * 2)


@settings(max_examples=25)  # each opens an engine
@given(st.lists(TEXT | st.none(), min_size=1, max_size=20))
def test_both_engines_store_a_cell_alike(cells):
    with duckdb.connect() as db:
        db.execute("CREATE TABLE t (place INTEGER, cell VARCHAR)")
        db.executemany("INSERT INTO t VALUES (?, ?)", list(enumerate(cells)))
        rows = db.execute(f"SELECT {product_sql('cell')} FROM t ORDER BY place").fetchall()
    assert [row[0] for row in rows] == list(map(product_text, cells))


def test_an_address_is_no_product():
    assert product_text("Card for ann@example.com") is None
    assert product_text("  ") is product_text(None) is None


def test_a_list_of_products_has_one_line_each_whatever_their_names_hold():
    products = [(Decimal("0.25"), "a\t1", "Red\nmug", None), (Decimal("0.75"), None, None, " ")]
    assert listed(products) == "0.250000000\ta 1\tRed mug\n0.750000000\t\t"


def test_a_product_of_a_list_has_its_category_behind_its_name():
    products = [(Decimal("0.25"), "M1", "Mug", "Kit\tchen"), (Decimal("0.75"), "T1", None, None)]
    assert listed(products) == "0.250000000\tM1\tMug\tKit chen\n0.750000000\tT1\t"


def test_a_list_has_a_category_where_one_of_its_products_has_one():
    columns = "NULL AS product_code, NULL AS product_name, NULL AS product_category"
    query = f"SELECT {HAS_CATEGORY} FROM (SELECT {columns}, ? AS products)"
    with duckdb.connect() as db:
        for count in range(1, 5):
            for categories in itertools.product([None, "Kitchen"], repeat=count):
                text = listed((Decimal(1), "M1", None, category) for category in categories)
                [[has]] = db.execute(query, [text]).fetchall()
                assert has == any(categories)
