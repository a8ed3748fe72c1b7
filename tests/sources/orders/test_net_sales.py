"""Net sales per order: every golden export, and each rule on its own."""

from __future__ import annotations

import csv
import datetime as dt
import io
import itertools
from decimal import Decimal

import pytest

from tessera.events.names import PURCHASED, UNCOUNTED, event_of
from tessera.settings import RunSettings
from tessera.sources.amounts import parse_number
from tessera.sources.dates.instants import parse_instant
from tessera.sources.dates.order import decide_dates
from tessera.sources.mappings import shipped
from tessera.sources.orders.layout import layout_of
from tessera.sources.orders.money import Included, OrderMoney, net_sales
from tessera.sources.orders.rows import OrderReader
from tessera.sources.recognition.decision import mapping_of
from tests.reference import DATA, records

NET = Included()
ALL = Included(tax=True, shipping=True)


def orders(text, *, included=NET, mark="dot", **settings):
    """Return each order's event and amount by its id, as the export's rows make them."""
    header, *rows = csv.reader(io.StringIO(text, newline=""))
    mapping = mapping_of(header, settings=RunSettings.parse(settings))
    layout = layout_of(header, mapping)
    reader = OrderReader(layout=layout, mark=mark, included=included)
    key = header.index(mapping.columns["order_id"][0])
    read = {}
    for name, lines in itertools.groupby(rows, lambda row: row[key]):
        taken = [[row[at] or None for at in layout.taken] for row in lines]
        events = [dict(zip(layout.given, cells, strict=True)) for cells in reader.read(taken)]
        assert {event["event_name"] for event in events[1:]} <= {"order_line"}
        word = events[0]["event_name"] or ""
        event = mapping.blank_event if not word else event_of(word, own=mapping.events)
        read[name] = (event, events[0]["amount"], events[0])
    return read


GOLDEN = [name for name, mapping in shipped().items() if mapping.export is not None]


@pytest.mark.parametrize("shop", GOLDEN)
def test_every_golden_order_is_worth_what_its_shop_reports(shop):
    folder = DATA / "golden" / shop
    text = (folder / "input.csv").read_text("utf-8-sig")
    mark = "comma" if shop.endswith("german") else "dot"
    read = orders(text, mark=mark)
    expected = records(folder / "expected.csv")
    assert len(read) == len(expected)
    dates = decide_dates(
        [cells["date"] for _, _, cells in read.values()],
        setting="auto",
        usual=shipped()[shop].dates,
        name=shop,
    )
    for row in expected:
        event, amount, cells = read[row["order_id"]]
        counted = event not in UNCOUNTED
        worth = parse_number(amount.removesuffix(" $"), mark=mark) if counted else 0
        assert worth == Decimal(row["net_sales"]), row
        assert (event == PURCHASED and worth >= 0) == (row["counted"] == "y"), row
        if counted:
            customer = cells["customer_id"] or cells.get("other_id") or ""
            assert customer.lower() == row["customer_key"].lower(), row
            assert (cells.get("currency") or "USD").upper() == row["currency"], row
            written = row["date"] if "Z" in row["date"] else f"{row['date']}Z"
            instant = parse_instant(cells["date"], zone=dt.UTC, dates=dates)
            assert instant == dt.datetime.fromisoformat(written), row


SHOPIFY = "Name,Email,Financial Status,Subtotal,Shipping,Taxes,Total,Refunded Amount,Created at,"
SHOPIFY += "Lineitem quantity,Lineitem name,Lineitem price,Lineitem discount,Tax 1 Name\n"


def shopify(*lines, **settings):
    """Return the amount of one order of Shopify."""
    [(_, amount, _)] = orders(SHOPIFY + "\n".join(lines), **settings).values()
    return amount


@pytest.mark.parametrize(
    ("included", "amount"),
    [
        (NET, "90.0000"),
        (Included(tax=True), "107.1000"),
        (Included(shipping=True), "95.0000"),
        (ALL, "113.0500"),
    ],
)
def test_settings_include_taxes_and_shipping(included, amount):
    line = "#1,a@example.com,paid,107.10,5.95,18.05,113.05,0,2026-01-01,1,Mug,119.00,,VAT 19%"
    assert shopify(line, included=included) == amount


def test_without_a_subtotal_the_lines_count_with_their_discounts():
    first = "#1,a@example.com,paid,,,,,5.00,2026-01-01,2,Mug,16.00,2.00,"
    assert shopify(first, "#1,,,,,,,,,1,Bag,20.00,,") == "45.0000"


def test_decimal_commas_are_read_and_written():
    line = '#1,a@example.com,paid,"1.107,10",0,0,"1.107,10",0,2026-01-01,1,Mug,"119,00",,'
    assert shopify(line, mark="comma") == "1107,1000"


def test_a_cell_that_is_no_number_is_the_amount_that_rejects_its_order():
    assert shopify("#1,a@example.com,paid,free,0,0,0,0,2026-01-01,1,Mug,1,,") == "free"


def test_a_currency_beside_amounts_stays_and_two_reject_the_order():
    line = "#1,a@example.com,paid,{},{},0,,0,2026-01-01,1,Mug,1,,"
    assert shopify(line.format("€10.00", "€2.00")) == "10.0000 EUR"
    assert shopify(line.format("€10.00", "£2.00")) == "£2.00 EUR"


def test_own_columns_replace_the_exports_money():
    line = "#1,a@example.com,paid,10.00,5.00,0,15.00,0,2026-01-01,1,Mug,9.00,,"
    assert shopify(line, columns={"amount": "Total"}) == "15.0000"
    assert shopify(line, columns={"amount": "Lineitem price"}) == "9.0000"
    assert shopify(line, columns={"unit_price": "Lineitem price"}) == "9.0000"


WORDS = "Order Number,Order Status,Email (Billing),Order Date,Order Total Amount"


@pytest.mark.parametrize(
    ("header", "lines", "amount"),
    [
        ("Order Line Total", ["10.00", "10.00"], "20.0000"),
        ("Order Shipping Amount,Order Total Tax Amount", ["4.00,3.50"] * 2, "17.5000"),
        ("Item Cost,Quantity", ["10.00,1", "2.50,2"], "15.0000"),
        ("Order Line Total,Order Refund Amount", ["10.00,5.00", "15.00,5.00"], "20.0000"),
    ],
)
def test_an_order_of_woocommerce_by_words_counts_once(header, lines, amount):
    rows = "".join(f"7,completed,a@example.com,2026-03-01,25.00,{line}\n" for line in lines)
    [(event, total, _)] = orders(f"{WORDS},{header}\n{rows}").values()
    assert (event, total) == (PURCHASED, amount)


STRIPE = "id,Created (UTC),Amount,Amount Refunded,Currency,Status,Customer Email,"
STRIPE += "Converted Amount,Converted Amount Refunded,Converted Currency,Disputed Amount,"
STRIPE += "Dispute Status\n"


def test_a_lost_dispute_is_converted_as_its_payment_is():
    row = "ch_1,2026-01-01 10:00,100.00,0,eur,Paid,a@example.com,110.00,0,usd,50.00,{}\n"
    for status, amount in (("lost", "55.0000"), ("won", "110.0000"), ("", "110.0000")):
        [(_, total, cells)] = orders(STRIPE + row.format(status)).values()
        assert (total, cells["currency"]) == (amount, "usd")


def test_paypal_counts_sales_and_refunds_and_no_transfers():
    header = "Date,Time,TimeZone,Name,Type,Status,Currency,Gross,Fee,Net,From Email Address,"
    header += "To Email Address,Transaction ID,Balance Impact\n"
    row = "{date},10:00:00,{zone},A,{type},Completed,USD,{gross},0,0,{who},{to},T{n},{impact}\n"
    rows = [
        {"type": "Express Checkout Payment", "gross": "20.00"},
        {"type": "Payment Refund", "gross": "-5.00", "who": "shop@example.com", "to": "a@x.org"},
        {"type": "General Withdrawal", "gross": "-15.00"},
        {"type": "Express Checkout Payment", "gross": "-9.00", "who": "shop@example.com"},
        {"type": "General Authorization", "gross": "9.00", "impact": "Memo"},
    ]
    plain = {"date": "2026-01-05", "zone": "PDT", "who": "a@x.org", "to": "s@x.org", "impact": ""}
    text = header + "".join(row.format(n=n, **{**plain, **each}) for n, each in enumerate(rows))
    read = orders(text)
    assert [event for event, _, _ in read.values()] == [
        PURCHASED, PURCHASED, "no_sale", "no_sale", "no_sale",
    ]  # fmt: skip
    assert [amount for _, amount, _ in read.values()][:2] == ["20.0000", "-5.0000"]
    assert read["T1"][2]["customer_id"] == "a@x.org"
    assert read["T1"][2]["order_id"] == "T1"  # no payment to refer to
    assert read["T0"][2]["date"] == "2026-01-05 10:00:00 -07:00"


def test_etsys_british_headers_are_read():
    """It writes Delivery for Shipping there."""
    header = "Sale Date,Order ID,Buyer User ID,Order Value,Discount Amount,Delivery,Order Net,"
    header += "Delivery City,Order total,Adjusted Order Total\n"
    text = header + "13/01/26,1,7,20.00,2.00,4.00,20.00,Leeds,22.00,11.00\n"
    [(_, amount, cells)] = orders(text, included=ALL).values()
    assert (amount, cells["city"]) == ("11.0000", "Leeds")  # 18 less 11 given back, and delivery


@pytest.mark.parametrize(
    ("money", "worth", "taxes"),
    [
        ("50.00,5.00,59.00,", "50.0000", "54.0000"),  # 4.00 beyond goods and shipping is tax
        ("50.00,5.00,49.00,", "44.0000", "44.0000"),  # 6.00 that lack are a discount
        ("50.00,5.00,,", "50.0000", "50.0000"),
        (",5.00,59.00,", "54.0000", "54.0000"),
        ("80.00,0,88.00,22.00", "60.0000", "66.0000"),
    ],
)
def test_magentos_total_shows_its_taxes_or_its_discount(money, worth, taxes):
    header = "ID,Purchase Date,Bill-to Name,Subtotal,Shipping and Handling,Grand Total (Base),"
    header += "Total Refunded,Status,Customer Email\n"
    text = f"{header}1,2026-01-05,Ann Bo,{money},Complete,a@example.com\n"
    for included, expected in ((NET, worth), (Included(tax=True), taxes)):
        [(_, amount, _)] = orders(text, included=included).values()
        assert amount == expected


def test_an_order_that_was_refunded_as_a_whole_is_worth_nothing():
    header = "Sale Date,Order ID,Buyer User ID,Order Value,Discount Amount,Order Net,Status\n"
    rows = "01/05/26,1,7,20.00,2.00,15.00,Completed\n01/05/26,2,7,20.00,0,0,Fully refunded\n"
    assert [amount for _, amount, _ in orders(header + rows).values()] == ["18.0000", "0.0000"]


@pytest.mark.parametrize(
    ("money", "expected"),
    [
        ({"goods": "50", "refunded": "80"}, "0"),
        ({"goods": "-15"}, "-15"),
        ({"total": "66", "tax": "11", "shipping": "5", "shipping_tax": "1"}, "50"),
        ({"goods": "119", "tax": "19.80", "shipping": "4.99", "total": "123.99", "rate": "0.19"},
         "100"),
        ({"goods": "100", "tax": "8", "shipping": "10", "total": "118", "refunded": "54"}, "50"),
        ({}, None),
    ],
)  # fmt: skip
def test_net_sales_of_one_order(money, expected):
    order = OrderMoney(**{name: Decimal(value) for name, value in money.items()})
    sales = net_sales(order, included=NET)
    assert sales == (None if expected is None else Decimal(expected))
