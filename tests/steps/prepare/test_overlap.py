"""Uploads that overlap: an order exists once, and so does a row, whatever the files are called."""

from __future__ import annotations

from pathlib import Path

CASES = Path("tests/data/cases/more/overlap")
HEADER = "EventName,CustomerID,OrderID,Date,Amount\n"
PLAIN = "CustomerID,Date,Amount\n"


def test_exports_that_overlap_give_the_truth(shop, root):
    shop.upload("jan_feb.csv", (root / CASES / "jan_feb.csv").read_text())
    record = shop.upload("feb_mar.csv", (root / CASES / "feb_mar.csv").read_text())
    assert (record.orders, record.monetary) == (4, "65.00")
    assert (record.history.events, record.history.known_orders) == (4, 1)
    assert record.warnings == ()


def test_the_same_bytes_under_another_name_change_nothing(shop, root):
    text = (root / CASES / "jan_feb.csv").read_text()
    first = shop.upload("jan_feb.csv", text)
    customers = shop.customers()
    again = shop.upload("copy.csv", text)
    assert (again.orders, again.monetary) == (first.orders, first.monetary)
    assert shop.customers() == customers
    assert again.history.known_orders == 3


def test_a_file_of_refunds_never_removes_a_purchase(shop):
    shop.upload("orders.csv", HEADER + "PURCHASED,a,1001,2026-01-10,100\n")
    record = shop.upload("refunds.csv", HEADER + "REFUNDED,a,1001,2026-01-12,30\n")
    assert (record.orders, record.monetary) == (1, "70.00")
    later = shop.upload("more_refunds.csv", HEADER + "REFUNDED,a,1001,2026-01-15,45\n")
    assert later.monetary == "55.00", "newer refunds replace refunds, and nothing else"
    [warning] = later.warnings
    assert warning.startswith("1 order number is refunded on other days in an older upload")


def test_a_return_below_zero_takes_money_back_and_replaces_no_purchase(shop):
    shop.upload("orders.csv", HEADER + "PURCHASED,a,1001,2026-01-10,100\n")
    record = shop.upload("returns.csv", HEADER + "PURCHASED,a,1001,2026-01-12,-30\n")
    assert (record.orders, record.monetary) == (1, "70.00")


def test_an_edited_order_counts_as_its_newest_lines(shop):
    shop.upload("a.csv", HEADER + "PURCHASED,a,1,2026-01-10,10\nPURCHASED,a,1,2026-01-10,20\n")
    shop.upload("refunds.csv", HEADER + "REFUNDED,a,1,2026-01-11,5\n")
    record = shop.upload("b.csv", HEADER + "PURCHASED,a,1,2026-01-10,12\n")
    assert (record.orders, record.monetary) == (1, "7.00")
    assert (record.history.not_counted, record.rows.accepted) == (2, 1)


def test_an_older_upload_that_comes_again_with_other_content_is_the_newest(shop):
    shop.upload("january.csv", HEADER + "PURCHASED,a,1,2026-01-10,10\n")
    shop.upload("both.csv", HEADER + "PURCHASED,a,1,2026-01-10,20\n")
    assert shop.run().monetary == "20.00"
    corrected = HEADER + "PURCHASED,a,1,2026-01-10,30\n"
    assert shop.upload("january.csv", corrected).monetary == "30.00"
    shop.upload("both.csv", HEADER + "PURCHASED,a,1,2026-01-10,40\n")
    record = shop.upload("january.csv", corrected)
    assert (record.reupload, record.monetary) == ("unchanged", "40.00"), "these bytes are older"
    assert record.rows.ignored == {"known_already": 1}


def test_without_order_ids_a_row_counts_as_often_as_the_file_that_has_it_most_often(shop):
    shop.upload("a.csv", PLAIN + "a,2026-01-10,5\na,2026-01-10,5\na,2026-01-11,5\n")
    record = shop.upload("b.csv", PLAIN + "a,2026-01-10,5\n" * 3 + "a,2026-01-11,6\n")
    assert record.monetary == "26.00"
    assert record.rows.ignored == {"known_already": 2}
    assert record.history.known_orders == 1


def test_of_a_repeated_event_id_the_earliest_row_counts(shop):
    header = "CustomerID,Date,Amount,EventID\n"
    shop.upload("a.csv", header + "a,2026-01-10,5,e1\n")
    record = shop.upload("b.csv", header + "a,2026-01-10,6,e1\na,2026-01-11,7,e2\n")
    assert record.monetary == "12.00"
    assert record.rows.ignored == {"duplicate_event": 1}


def test_numbers_that_start_again_are_distinguished_and_the_owner_is_warned(shop):
    shop.upload("2025.csv", HEADER + "PURCHASED,a,1,2025-01-10,10\nPURCHASED,b,2,2025-01-11,20\n")
    record = shop.upload(
        "2026.csv", HEADER + "PURCHASED,a,1,2026-01-10,30\nPURCHASED,c,2,2026-01-11,40\n"
    )
    assert record.monetary == "100.00", "no order is lost"
    assert record.history.known_orders == 0
    [customers, days] = record.warnings
    assert customers.startswith("1 order number is used by more than one customer")
    assert days.startswith("1 order number is used again by the same customer more than 31 days")


def test_registers_with_numbers_of_their_own_in_one_file_are_warned_about(shop):
    record = shop.upload(
        "a.csv", HEADER + "PURCHASED,a,1,2026-01-10,10\nPURCHASED,b,1,2026-01-10,20\n"
    )
    assert record.monetary == "30.00"
    assert "used by more than one customer" in record.warnings[0]


def test_an_order_that_is_known_on_another_day_is_warned_about(shop):
    shop.upload("a.csv", HEADER + "PURCHASED,a,1,2026-01-10,10\n")
    record = shop.upload("b.csv", HEADER + "PURCHASED,a,1,2026-01-15,20\n")
    assert record.monetary == "20.00"
    assert "1 order number is known with another date" in record.warnings[0]


def test_a_subscription_that_bears_one_order_id_is_no_single_order(shop):
    shop.upload("a.csv", HEADER + "RENEWED,a,sub1,2026-01-10,9\nRENEWED,a,sub1,2026-02-10,9\n")
    record = shop.upload(
        "b.csv", HEADER + "RENEWED,a,sub1,2026-02-10,9\nRENEWED,a,sub1,2026-03-10,9\n"
    )
    assert record.monetary == "27.00"


def test_the_record_says_how_dates_were_read(shop):
    record = shop.upload("a.csv", PLAIN + "ann,25/12/2025,10\nann,03/04/2025,10\n")
    assert record.source.dates == "day first, as 25/12/2025 shows"
    assert shop.upload("b.csv", PLAIN + "ann,2026-01-03,10\n").source.dates == ""
