"""A sign beside the amounts of a shop's export must agree with its column of currencies."""

from __future__ import annotations

import pytest

SHOPIFY = (
    "Name,Email,Financial Status,Created at,Currency,Subtotal,Shipping,Taxes,Total,"
    "Discount Amount,Lineitem quantity,Lineitem name,Lineitem price,Id\n"
    "#1,ann@mail.example,paid,2026-01-10 10:00:00 +0100,{currency},{sign}10.00,0.00,0.00,"
    "{sign}10.00,0.00,1,Cup,{sign}10.00,1\n"
    "#2,bo@mail.example,paid,2026-01-11 10:00:00 +0100,EUR,20.00,0.00,0.00,"
    "20.00,0.00,1,Cup,20.00,2\n"
)


@pytest.mark.parametrize("sign", ["£", "$", "CHF "])
def test_a_sign_that_contradicts_the_column_costs_the_order(check, sign):
    checked = check(SHOPIFY.format(sign=sign, currency="EUR"), max_bad_share=1.0)
    assert checked.source.mapping == "shopify"
    assert checked.rejected == {"currency_conflict": 1}
    assert checked.accepted == 1


@pytest.mark.parametrize("sign", ["", "€", "EUR "])
def test_a_sign_of_the_columns_currency_is_read(check, sign):
    checked = check(SHOPIFY.format(sign=sign, currency="EUR"))
    assert checked.rejected == {}
    assert (checked.currency, str(checked.contents.net)) == ("EUR", "30.00")


@pytest.mark.parametrize("column", ["EUR", "GBP", ""])
def test_two_signs_in_one_order_cost_it_whatever_the_column_says(check, column):
    body = SHOPIFY.format(sign="€", currency=column)
    mixed = body.replace("0.00,0.00,€10.00", "0.00,0.00,£10.00")
    assert mixed != body
    checked = check(mixed, max_bad_share=1.0)
    assert checked.rejected == {"currency_conflict": 1}
    assert str(checked.contents.net) == "20.00"
