"""Money: exact sums, and rounding as decimals round."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tessera.customers.money import amount_text, cents, cents_per_order, group_totals
from tessera.customers.units import MINOR

amounts = st.integers(-(10**18) + 1, 10**18 - 1)
CENT = Decimal("0.01")


def rounded(value: Decimal) -> int:
    return int(value.quantize(CENT, ROUND_HALF_UP).scaleb(2))


@settings(deadline=None)
@given(st.lists(amounts, min_size=1))
def test_cents_round_half_up_like_decimals(minor):
    expected = [rounded(Decimal(value) / MINOR) for value in minor]
    assert cents(np.array(minor, np.int64)).tolist() == expected


@pytest.mark.parametrize(
    ("minor", "expected"),
    [(50, 1), (49, 0), (-50, -1), (-49, 0), (19_950, 200), (10**18 - 1, 10**16)],
)
def test_half_a_cent_goes_away_from_zero(minor, expected):
    assert cents(np.array([minor])).tolist() == [expected]


@settings(deadline=None)
@given(st.lists(st.tuples(amounts, st.integers(1, 10**6)), min_size=1))
def test_mean_order_value_rounds_the_exact_quotient(rows):
    minor, orders = np.array(rows, np.int64).T
    rounded = cents_per_order(minor, frequency=orders).tolist()
    for value, count, got in zip(minor.tolist(), orders.tolist(), rounded, strict=True):
        whole, rest = divmod(abs(value), 100 * count)
        assert got == (1 if value > 0 else -1) * (whole + (2 * rest >= 100 * count))


def test_no_orders_have_no_mean():
    assert cents_per_order(np.array([500]), frequency=np.array([0])).tolist() == [0]


@settings(deadline=None)
@given(st.lists(st.tuples(amounts, st.integers(0, 3))))
def test_group_totals_are_exact_beyond_64_bits(rows):
    values = np.array([value for value, _ in rows], np.int64)
    groups = np.array([group for _, group in rows], np.int64)
    totals = group_totals(values, groups=groups, count=4)
    assert totals == [sum(v for v, group in rows if group == g) for g in range(4)]


def test_sums_that_an_int64_could_not_hold():
    values = np.full(1000, 10**18 - 1)
    total = group_totals(values, groups=np.zeros(1000, np.int64), count=1)[0]
    assert total == 1000 * (10**18 - 1)
    assert amount_text(total) == "99999999999999999.90"


@settings(deadline=None)
@given(st.integers(-(10**22), 10**22), st.integers(1, 10**6))
def test_text_has_two_decimals(minor, per):
    text = amount_text(minor, per=per)
    assert abs(Decimal(text) * MINOR * per - minor) * 2 <= 100 * per
    assert len(text.split(".")[1]) == 2
    assert amount_text(-minor, per=per) == (
        text.removeprefix("-") if minor < 0 else f"-{text}"
    ) or (Decimal(text) == 0)
