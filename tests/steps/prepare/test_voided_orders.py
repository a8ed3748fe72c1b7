"""Orders that a newer export shows cancelled, refunded, unpaid or as tests have no money."""

from __future__ import annotations

from tessera import naming

EXPORT = (
    "Name,Email,Financial Status,Currency,Created at,Lineitem quantity,Lineitem price,Subtotal,"
    "Total,Cancelled at\n"
)
HEADER = "EventName,CustomerID,OrderID,Date,Amount\n"
WORDS = {"events": {"void": "cancelled_order", "awaited": "unpaid_order", "trial": "test_order"}}


def order(number: int, who: str, status: str, *, cancelled: str = "", day: str = "03") -> str:
    """Return an order of two lines in Shopify's export."""
    at = f"2026-09-{day} 10:14:00 -0400"
    first = f"#{number},{who}@mail.example,{status},EUR,{at},1,60.00,100.00,100.00,{cancelled}\n"
    return first + f"#{number},{who}@mail.example,,,{at},1,40.00,,,\n"


PAID = EXPORT + order(1, "ann", "paid") + order(2, "ann", "paid") + order(3, "bo", "paid")
CANCELLED = (
    EXPORT
    + order(1, "ann", "paid", cancelled="2026-09-05 09:00:00 -0400")
    + order(2, "ann", "paid")
    + order(3, "bo", "voided")
)


def test_money_is_as_the_newest_export_shows_it(shop, new_shop):
    assert shop.upload("september.csv", PAID).monetary == "300.00"
    record = shop.upload("october.csv", CANCELLED)
    assert (record.monetary, record.orders) == ("100.00", 1)
    assert shop.customers()["ann@mail.example"]["monetary"] == 100
    assert shop.customers().keys() == {"ann@mail.example"}, "bo has no event left"
    assert record.rows.ignored == {"cancelled_order": 1, "order_line": 3, "unpaid_order": 1}
    assert record.history.not_counted == 3
    [warning] = record.warnings[1:]
    assert warning == (
        "2 order numbers are cancelled, refunded, unpaid or for a test in a newer upload: their "
        "older lines no longer count"
    )
    again = shop.run()
    assert (again.monetary, again.warnings) == ("100.00", (warning,)), "it is stored"
    alone = new_shop().upload("october.csv", CANCELLED)
    assert (alone.monetary, alone.orders) == (record.monetary, record.orders)
    assert alone.rows == record.rows
    assert len(alone.warnings) == 1, "alone it voids nothing"


def test_a_pending_order_that_is_paid_later_counts(shop):
    shop.upload("a.csv", HEADER + "awaited,a,1,2026-01-10,100\nPURCHASED,a,2,2026-01-10,5\n",
                settings=WORDS)  # fmt: skip
    record = shop.upload("b.csv", HEADER + "PURCHASED,a,1,2026-01-10,100\n", settings=WORDS)
    assert (record.monetary, record.warnings) == ("105.00", ())


def test_an_orders_list_that_shows_an_order_refunded_takes_its_money_back(shop):
    header = "Order ID,Customer ID,Date,Total,Status\n"
    paid = header + "1,a,2026-01-10,100,paid\n2,b,2026-01-10,7,paid\n"
    assert shop.upload("january.csv", paid).monetary == "107.00"
    record = shop.upload("february.csv", header + "1,a,2026-01-10,100,refunded\n"
                         "3,b,2026-02-10,5,paid\n")  # fmt: skip
    assert record.rows.ignored == {"refunded_order": 1}
    assert record.monetary == "12.00"


def test_a_void_order_loses_its_older_refunds_too(shop):
    shop.upload("orders.csv", HEADER + "PURCHASED,a,1,2026-01-10,100\nPURCHASED,b,1,2026-01-10,7\n")
    shop.upload("refunds.csv", HEADER + "REFUNDED,a,1,2026-01-20,30\n")
    record = shop.upload("void.csv", HEADER + "trial,a,1,2026-01-10,\nPURCHASED,a,2,2026-01-11,1\n",
                         settings=WORDS)  # fmt: skip
    assert record.monetary == "8.00"
    assert [text for text in record.warnings if "refunded on other days" in text] == []


def test_lines_of_the_same_upload_win_over_its_void_rows(shop):
    shop.upload("a.csv", HEADER + "PURCHASED,a,1,2026-01-10,100\nREFUNDED,a,1,2026-01-12,30\n")
    tries = "awaited,a,1,2026-01-09,100\nPURCHASED,a,1,2026-01-10,100\n"
    record = shop.upload("b.csv", HEADER + tries, settings=WORDS)
    assert record.monetary == "70.00", "a failed payment, then one that came"
    returned = "void,a,1,2026-01-10,100\nREFUNDED,a,1,2026-01-12,100\n"
    record = shop.upload("c.csv", HEADER + returned, settings=WORDS)
    assert record.monetary == "0.00", "the refund counts, so the purchase must"


def test_only_orders_with_a_customer_a_number_and_a_date_are_void(shop):
    paid = HEADER + "PURCHASED,a,1,2026-01-10,100\nPURCHASED,b,2,2026-01-10,10\n"
    shop.upload("paid.csv", paid)
    rows = (
        "void,,1,2026-01-10,\nvoid,a,,2026-01-10,\nvoid,a,1,never,\nvoid,a,1,,\nvoid,c,1,"
        "2026-01-10,\nvoid,a,1,2026-03-10,\nvoid,a,1,2027-03-10,\nPURCHASED,a,3,2026-01-10,1\n"
    )
    record = shop.upload("void.csv", HEADER + rows, settings=WORDS)
    assert record.monetary == "111.00"
    assert record.rows.ignored == {"cancelled_order": 7}
    assert record.rows.rejected == {}


def test_rows_that_are_no_events_for_another_reason_void_nothing(shop):
    words = {"events": {"fee": "no_sale", "line": "order_line", "shipped": ""}}
    shop.upload("paid.csv", HEADER + "PURCHASED,a,1,2026-01-10,100\n")
    rows = "fee,a,1,2026-01-10,1\nline,a,1,2026-01-10,1\nshipped,a,1,2026-01-10,1\n"
    rows += "Fulfilled Order,a,1,2026-01-10,1\nOrdered Product,a,1,2026-01-10,1\n"
    record = shop.upload("b.csv", HEADER + rows + "PURCHASED,a,2,2026-01-10,1\n", settings=words)
    assert record.monetary == "101.00"
    assert not [key for key in shop.stored() if "/voided=" in key]


def test_a_guest_s_order_is_void_by_the_address_that_names_the_guest(shop):
    header = "EventName,CustomerID,Email,OrderID,Date,Amount\n"
    shop.upload("a.csv", header + "PURCHASED,,Ann@Mail.example,1,2026-01-10,100\n")
    rows = "void,,ann@mail.example,1,2026-01-10,\nPURCHASED,,bo@mail.example,2,2026-01-10,1\n"
    record = shop.upload("b.csv", header + rows, settings=WORDS)
    assert record.monetary == "1.00"
    assert record.warnings[1].startswith("1 row has no customer id"), "the other is no event"


def test_an_upload_with_other_content_forgets_what_it_voided(shop):
    shop.upload("september.csv", PAID)
    shop.upload("october.csv", CANCELLED)
    [file] = [key for key in shop.stored() if "/voided=" in key]
    assert shop.upload("october.csv", CANCELLED).reupload == "unchanged"
    assert file in shop.stored()
    record = shop.upload("october.csv", EXPORT + order(4, "cy", "paid"))
    assert record.monetary == "400.00"
    assert not [key for key in shop.stored() if "/voided=" in key]


def test_an_upload_that_an_earlier_version_stored_keeps_its_place_among_the_newest(shop):
    shop.upload("october.csv", CANCELLED)
    for key in list(shop.data.sizes(naming.events_prefix("default"))):
        if "/voided=" in key:
            shop.data.delete_prefix(key)
        if key.endswith("_upload.json"):
            before = shop.data.read_json(key)
            del before["voided"]
            shop.data.write_json(key, before)
    shop.upload("paid.csv", PAID)
    record = shop.upload("october.csv", CANCELLED)
    assert record.monetary == "300.00", "the other upload is newer"
