"""What the check accepts can be run: amounts that no sum could hold are refused by both."""

from __future__ import annotations

from pathlib import Path

import pytest

from tessera.errors import InvalidInput

CASES = Path("tests/data/cases/more")


@pytest.mark.parametrize("name", ["one_large_order", "two_large_orders_two_customers"])
def test_large_amounts_that_can_be_counted_pass_the_check(check, root, name):
    checked = check((root / CASES / f"{name}.csv").read_text())
    assert checked.accepted == checked.read


def test_two_large_amounts_of_a_customer_are_refused_by_name(check, root):
    text = (root / CASES / "two_large_orders_one_customer.csv").read_text()
    with pytest.raises(InvalidInput, match=r"with upload\.csv the amounts of one customer add up"):
        check(text)
