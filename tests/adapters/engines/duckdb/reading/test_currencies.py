"""Which currency a file's money is in: by its column, and by the signs beside its amounts."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.reference import DATA, case

HEADER = "CustomerID,Date,Amount,Currency\n"


def test_amounts_with_three_signs_are_three_currencies(check):
    checked = check(case("mixed-symbols").read_bytes(), max_bad_share=1.0)
    assert checked.rejected == {"other_currency": 2}
    assert checked.currency == "EUR"


def test_a_currency_without_decimals_writes_thousands(fold, check):
    path = case("37-yen-thousands")
    assert check(path.read_bytes()).currency == "JPY"
    assert fold(path).money == Decimal("1597000.0000")
    mixed = 'A,2026-01-01,"1,000",JPY\nA,2026-01-02,"2,50",EUR\nA,2026-01-03,"3,75",EUR\n'
    checked = check(HEADER + mixed, currency="EUR", currency_rates={"JPY": "0.0061"},
                    max_bad_share=1.0)  # fmt: skip
    assert checked.rejected == {"bad_amount": 1}  # one yen would be as wrong as a thousand euros


@pytest.mark.parametrize(
    ("file", "currency"),
    [("kr", "kr"), ("rm", "MYR"), ("rs", "Rs"), ("sol", "PEN"), ("usd-code", "USD")],
)
def test_words_beside_amounts_are_currencies(fold, check, file, currency):
    path = DATA / "cases" / "38-currency-words" / f"input-{file}.csv"
    checked = check(path.read_bytes())
    assert (checked.currency, checked.rejected) == (currency, {})
    assert fold(path).money == Decimal("450345.6000")


def test_a_sign_of_several_currencies_is_the_one_that_is_named(check):
    path = DATA / "cases" / "38-currency-words" / "input-kr.csv"
    assert "may be SEK, NOK, DKK, ISK" in " ".join(check(path.read_bytes()).source.notes)
    named = check(path.read_bytes(), currency="DKK")
    assert (named.currency, named.rejected, named.source.notes) == ("DKK", {}, ())
    assert check(path.read_bytes(), currency="EUR", max_bad_share=1.0).rejected == {
        "other_currency": 194
    }
    column = HEADER + "A,2026-01-01,$5,CAD\nA,2026-01-02,$6,CAD\nA,2026-01-03,$7,\n"
    assert (check(column).currency, check(column).rejected) == ("CAD", {})


def test_a_sign_that_contradicts_the_column_costs_its_row(check):
    body = (
        HEADER
        + "A,2026-01-01,£5,GBP\nA,2026-01-02,€6,GBP\nA,2026-01-03,$6,GBP\nA,2026-01-04,7,gbp\n"
    )
    checked = check(body, max_bad_share=1.0)
    assert checked.rejected == {"currency_conflict": 2}
    assert [reject.line for reject in checked.rejects] == [3, 4]


def test_a_sign_counts_at_its_rate(fold):
    body = HEADER + "A,2026-01-01,€5,\nA,2026-01-02,£10,\nA,2026-01-03,$10,\n"
    rates = {"currency": "EUR", "currency_rates": {"GBP": "1.2", "USD": "0.9"}}
    assert fold(body, **rates).money == Decimal("26.0000")


def test_a_column_of_signs_is_a_column_of_currencies(check):
    body = HEADER + "A,2026-01-01,5,€\nA,2026-01-02,6,EUR\nA,2026-01-03,7,£\n"
    checked = check(body, max_bad_share=1.0)
    assert (checked.currency, checked.rejected) == ("EUR", {"other_currency": 1})


def test_a_blank_quantity_is_one_and_noted(fold, check):
    path = case("blank-quantity")
    assert "1 row has a price and a blank quantity" in " ".join(
        check(path.read_bytes()).source.notes
    )
    assert fold(path).customers["c1"]["monetary"] == Decimal("39.3700")
