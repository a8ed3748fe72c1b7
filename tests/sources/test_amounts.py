"""Amounts in cells, and which mark a file writes."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tessera.errors import InvalidInput
from tessera.events.reasons import Unreadable
from tessera.sources.amounts import decide_mark, parse_money, parse_number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1", 1), ("1.50", "1.5"), ("1,299.00", "1299"), ("$1,299.00", 1299), ("€ 5.00", 5),
        ("5.00 EUR", 5), ("(5.00)", -5), ("5.00-", -5), ("-5", -5), ("-$5.00", -5),
        ("1 234.50", "1234.5"), ("1'234.5", "1234.5"), ("1\u00a0234.5", "1234.5"),
        ("12,34,567.00", 1234567), ("\u22123", -3), ("1e3", 1000), ("1.2E-2", "0.012"),
    ],
)  # fmt: skip
def test_numbers_with_a_decimal_point(text, value):
    assert parse_number(text, mark="dot") == Decimal(value)


@pytest.mark.parametrize("text", ["", "-", "1,5", "1.2.3", "free", "1..2", "NaN", "inf", "0x10"])
def test_what_is_no_number_with_a_decimal_point(text):
    with pytest.raises(Unreadable):
        parse_number(text, mark="dot")


def test_a_point_in_a_file_of_commas_never_makes_an_amount_100_times_larger():
    assert parse_number("1.234,56", mark="comma") == Decimal("1234.56")
    assert parse_number("1.234", mark="comma") == 1234
    with pytest.raises(Unreadable):
        parse_number("2.55", mark="comma")


@pytest.mark.parametrize(
    ("texts", "mark"),
    [
        (["2.55", "3"], "dot"), (["2,55"], "comma"), (["1.234,5"], "comma"), (["1,234.5"], "dot"),
        (["1.234.567"], "comma"), (["12.500", "2,5"], "comma"), (["0.125"], "dot"),
        (["1234.567"], "dot"), (["5", "7"], "dot"), ([], "dot"),
        ([*[f"{i}.25" for i in range(20)], "2,55"], "dot"),
    ],
)  # fmt: skip
def test_the_amounts_decide_the_mark(texts, mark):
    assert decide_mark(texts, setting="auto", name="a.csv") == mark


@pytest.mark.parametrize("texts", [["12.500", "3.000"], ["1,299"], ["2.55", "2,55"]])
def test_ambiguous_amounts_are_refused_unless_the_setting_settles_them(texts):
    with pytest.raises(InvalidInput, match="'decimal'"):
        decide_mark(texts, setting="auto", name="a.csv")
    assert decide_mark(texts, setting="comma", name="a.csv") == "comma"


@given(st.decimals(-(10**9), 10**9, places=2), st.integers(-1000, 1000))
def test_money_is_price_times_quantity_exactly(price, quantity):
    money = parse_money(
        unit_price=f"{price:,.2f}", quantity=str(quantity), amount=None, refunded=None, mark="dot"
    )
    assert money.amount == price * quantity
    assert money.returned == (price < 0 or quantity < 0)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("eur 5.00", 5), ("5.00USD", 5), ("US$ 5.00", 5), ("-US$5.00", -5), ("(€5.00)", -5),
        ("5.00€-", -5), ("R 1 234.50", "1234.5"), ("1\u2009234\u202f567.5", "1234567.5"),
        ("100 kr", 100),
    ],
)  # fmt: skip
def test_a_currency_may_stand_beside_a_number(text, value):
    assert parse_number(text, mark="dot") == Decimal(value)


@pytest.mark.parametrize(
    "text",
    ["1.5k", "1.2M", "1.99 kg", "5 pcs", "12 50", "1 2", "1\u00a050", "1234 567", "1.5 000", "2€50",
     "12'50"],
)  # fmt: skip
def test_other_letters_and_spaces_are_no_part_of_a_number(text):
    with pytest.raises(Unreadable):
        parse_number(text, mark="dot")


def test_spaces_separate_groups_of_three_before_a_decimal_comma():
    assert parse_number("1 234,50", mark="comma") == Decimal("1234.5")
    with pytest.raises(Unreadable):
        parse_number("12 50", mark="comma")
