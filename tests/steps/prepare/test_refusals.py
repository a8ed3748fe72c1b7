"""A run that fails leaves the history as it was, and what a run accepts can be run again."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tessera.errors import InvalidInput

CASES = Path("tests/data/cases/more")
HEADER = "CustomerID,Date,Amount\n"
WITH_IDS = "CustomerID,Date,Amount,OrderID\n"
DAY = st.sampled_from(["2026-01-10", "2026-01-11", "2026-02-28"])
AMOUNT = st.sampled_from(
    ["99999999999999.99", "99999999990000", "-99999999999999.9999", "50000000000000", "0.01", "5"]
)
ROWS = st.lists(st.tuples(st.sampled_from("ab"), DAY, AMOUNT).map(",".join), min_size=1, max_size=5)


def case(root: Path, name: str) -> str:
    return (root / CASES / name).read_text()


def test_one_large_order_is_counted(shop, root):
    record = shop.upload("large.csv", case(root, "one_large_order.csv"))
    assert record.monetary == "99999999990005.00"


def test_large_orders_of_two_customers_are_counted(shop, root):
    record = shop.upload("large.csv", case(root, "two_large_orders_two_customers.csv"))
    assert record.monetary == "199999999980005.00"
    assert record.cohorts[0].spend == "199999999980005.0000"


def test_two_large_orders_of_a_customer_are_refused_by_name_and_not_stored(shop, root):
    shop.upload("good.csv", HEADER + "a,2026-01-10,5\n")
    before = shop.stored()
    with pytest.raises(
        InvalidInput, match=r"uploads/large.csv .* add up to 199,999,999,980,000.00"
    ):
        shop.upload("large.csv", case(root, "two_large_orders_one_customer.csv"))
    assert shop.stored() == before
    assert shop.run().monetary == "5.00"


def test_a_large_order_is_refused_where_the_history_has_one_of_the_customer(shop, root):
    shop.upload("one.csv", case(root, "one_large_order.csv"))
    with pytest.raises(InvalidInput, match=r"with uploads/two.csv the amounts of one customer"):
        shop.upload("two.csv", HEADER + "c1,2026-03-01,99999999990000\n")
    assert shop.run().history.uploads == 1


def test_a_replacement_that_fails_leaves_the_upload_that_it_should_replace(shop, root):
    shop.upload("a.csv", HEADER + "a,2026-01-10,5\n")
    before = shop.stored()
    with pytest.raises(InvalidInput, match=r"no event .* before as_of 2025-01-01"):
        shop.upload("a.csv", HEADER + "a,2026-01-10,6\n", as_of=dt.date(2025, 1, 1))
    assert shop.stored() == before


@pytest.mark.parametrize("ending", ["failed", "stopped"])
def test_a_run_that_fails_after_it_was_prepared_leaves_the_history_as_it_was(shop, ending):
    shop.upload("a.csv", WITH_IDS + "a,2026-01-10,5,o1\n")
    before = shop.stored()
    record = shop.upload(
        "a.csv", WITH_IDS + "b,2026-01-10,6,o2\nb,2026-01-10,6,o3\n", ending=ending
    )
    assert (record.reupload, record.pending, record.monetary) == ("replaced", True, "12.00")
    new = shop.upload("b.csv", WITH_IDS + "c,2026-01-10,7,o4\n", ending=ending)
    assert (new.reupload, new.history.uploads, new.monetary) == ("new", 2, "12.00")
    following = shop.run()
    assert (following.monetary, following.history.uploads, following.pending) == ("5.00", 1, False)
    assert shop.stored() == before


def test_what_failed_can_be_started_again(shop):
    text = WITH_IDS + "a,2026-01-10,5,o1\n"
    shop.upload("a.csv", text, ending="failed")
    again = shop.upload("a.csv", text)
    assert (again.reupload, again.monetary) == ("new", "5.00")
    assert shop.run().monetary == "5.00"


def test_the_same_content_again_has_nothing_to_keep(shop):
    text = WITH_IDS + "a,2026-01-10,5,o1\n"
    shop.upload("a.csv", text)
    before = shop.stored()
    record = shop.upload("a.csv", text, ending="failed")
    assert (record.reupload, record.pending) == ("unchanged", False)
    assert shop.stored() == before


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(ROWS, min_size=1, max_size=3))
def test_an_upload_is_refused_without_a_trace_or_every_later_run_can_count_it(new_shop, files):
    shop = new_shop()
    counted = shop.upload("first.csv", HEADER + "c,2026-01-01,1\n").monetary
    for number, rows in enumerate(files):
        before = shop.stored()
        try:
            counted = shop.upload(
                f"{number}.csv", HEADER + "\n".join(rows) + "\n", settings={"decimal": "dot"}
            ).monetary
        except InvalidInput:
            assert shop.stored() == before
    assert Decimal(shop.run().monetary) == Decimal(counted)
