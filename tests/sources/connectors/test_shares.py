"""An order's amount divided among its products."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from tessera.sources.connectors.shares import PricedProduct, shared, written

MONEY = st.decimals(min_value=0, max_value=10**7, places=4, allow_nan=False)


def products(*prices):
    return [PricedProduct(code=f"p{at}", price=Decimal(price)) for at, price in enumerate(prices)]


def amounts(amount, *prices):
    shares = shared(Decimal(amount), products(*prices))
    return [(share.code, f"{share.amount:f}") for share in shares]


def test_products_have_their_prices_and_the_rest_has_no_product():
    assert amounts("14", "10", "4") == [("p0", "10.0000"), ("p1", "4.0000")]
    assert amounts("20", "10", "4") == [("p0", "10.0000"), ("p1", "4.0000"), ("", "6.0000")]


def test_a_discount_of_the_whole_order_is_divided_in_proportion():
    assert amounts("7", "10", "4") == [("p0", "5.0000"), ("p1", "2.0000")]
    assert amounts("0", "10", "4") == [("p0", "0.0000"), ("p1", "0.0000")]


def test_an_order_without_prices_and_a_negative_one_have_no_product():
    assert amounts("0") == amounts("0", "0") == [("", "0.0000")]
    assert amounts("-5", "10") == [("", "-5.0000")]


@given(MONEY, st.lists(MONEY, max_size=9))
def test_shares_are_exactly_the_amount_and_none_is_negative(amount, prices):
    shares = [share.amount for share in shared(amount, products(*prices))]
    assert sum(shares) == amount
    assert min(shares) >= 0


def test_an_amount_of_a_currency_with_three_decimals_is_no_thousands():
    assert written(Decimal("1.250")) == "1.2500"
