from __future__ import annotations

import pytest

from tessera.errors import InvalidInput
from tessera.events.currency import currency_in_force


def test_the_setting_and_the_stored_uploads_agree_on_one_currency():
    assert currency_in_force("", stored=[]) == ""
    assert currency_in_force("EUR", stored=[("a.csv", "")]) == "EUR"
    assert currency_in_force("", stored=[("a.csv", ""), ("b.csv", "GBP")]) == "GBP"


@pytest.mark.parametrize(
    ("setting", "stored", "message"),
    [
        ("EUR", [("a.csv", "GBP")], "'a.csv' is stored in GBP and the setting 'currency' says EUR"),
        ("", [("a.csv", "GBP"), ("b.csv", "USD")], "'b.csv' is stored in USD and upload 'a.csv'"),
    ],
)
def test_two_currencies_are_refused(setting, stored, message):
    with pytest.raises(InvalidInput, match=message):
        currency_in_force(setting, stored=stored)
