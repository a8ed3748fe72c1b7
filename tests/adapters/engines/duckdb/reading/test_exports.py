"""Exports of shops and plain files as shops have them, read without any settings."""

from __future__ import annotations

import csv
from decimal import Decimal

import pytest

from tessera.errors import InvalidInput
from tests.reference import DATA, records

CASES = DATA / "cases"
CURRENCIES = {"currency": "USD", "currency_rates": {"EUR": "1.1", "JPY": "0.0068"}}


def case(name):
    [folder] = CASES.glob(f"{name}-*")
    return folder / "input.csv"


def test_a_fully_discounted_order_is_an_order_of_nothing(fold):
    customers = fold(case("02")).customers
    buyers = {name: (row["monetary"], row["frequency"]) for name, row in customers.items()}
    assert buyers["influencer@mail.example"][0] == 0
    assert buyers["halfprice@mail.example"][0] == 50
    assert buyers["linedisc@mail.example"][0] == 70


def test_cancelled_orders_that_are_still_paid_are_none(fold, check):
    path = case("03")
    cancelled = [row for row in records(path) if row["Cancelled at"]]
    assert check(path.read_bytes()).ignored["cancelled_order"] == len(cancelled) > 0
    by_customer = fold(path).customers
    paid = {row["Email"] for row in records(path) if not row["Cancelled at"]}
    assert set(by_customer) == {email for email in paid if email}


@pytest.mark.parametrize("name", ["17", "18"])
def test_guests_of_stripe_are_their_address(fold, name):
    folded = fold(case(name))
    assert folded.rejects == []
    assert set(folded.customers) == {row["Customer Email"] for row in records(case(name))}
    amounts = (Decimal(row["Amount"].replace(",", "")) for row in records(case(name)))
    assert folded.money == sum(amounts)


def test_woocommerces_analytics_are_refused_with_the_file_to_use(check):
    with pytest.raises(InvalidInput, match=r"no customer key in this export.*plug-in"):
        check(case("20").read_bytes())


def test_an_orders_total_on_each_line_counts_once(fold, check):
    checked = check(case("34").read_bytes())
    assert checked.source.notes == (
        "'Total' repeats the order's total on its lines: the lines' own prices count",
    )
    assert fold(case("34")).money == 8747


def test_without_prices_an_orders_total_counts_once(fold, check):
    header, *rows = csv.reader(case("34").read_text().splitlines())
    places = [place for place, name in enumerate(header) if name not in ("Price", "Quantity")]
    lines = (",".join(row[place] for place in places) for row in (header, *rows))
    text = "\n".join(lines) + "\n"
    checked = check(text)
    assert "counts once per order" in checked.source.notes[0]
    orders = {row[0] for row in rows}
    assert checked.accepted == len(orders)
    assert checked.ignored == {"order_line": len(rows) - len(orders)}
    assert fold(text).money == 8747


def test_amounts_of_lines_stay_amounts(fold, check):
    rows = "".join(
        f"a,2024-01-0{day},o{day},{sku},{price}\n"
        for day in range(1, 6)
        for sku, price in (("x", 5), ("y", day))
    )
    text = "CustomerID,Date,OrderID,SKU,Amount\n" + rows
    assert check(text).source.notes == ()
    assert fold(text).money == 5 * 5 + 15


def test_equal_rows_of_an_order_are_kept(fold):
    rows = "".join(f"a,2024-01-0{day},o{day},x,5\n" * 2 for day in range(1, 6))
    assert fold("CustomerID,Date,OrderID,SKU,Amount\n" + rows).money == 50


def test_metrics_of_klaviyo_are_read(check):
    checked = check(case("40").read_bytes())
    assert checked.rejected == {}
    assert checked.ignored == {"not_an_event": 65, "order_line": 194}
    assert str(checked.contents.net) == "12762.93", "no order gives back more than it cost"


def test_own_words_are_events(check):
    body = "CustomerID,Date,Amount,Event\na,2024-01-01,5,Abo\na,2024-02-01,5,Weg\n"
    assert check(body).rejected == {"unknown_event": 2}
    checked = check(body, events={"abo": "RENEWED", "Weg": ""})
    assert (checked.accepted, checked.ignored) == (1, {"not_an_event": 1})


STATUS = "Kundennummer,Bestelldatum,Gesamt,Status\n"


def test_statuses_of_orders_in_plain_files_count_in_other_languages(check, fold):
    body = STATUS + (
        "a,2024-01-01,5,abgeschlossen\na,2024-02-01,5,storniert\na,2024-02-01,-2,Retoure\n"
        "a,2024-02-03,4,offen\n"
    )
    checked = check(body)
    assert checked.ignored == {"cancelled_order": 1}
    assert checked.source.notes == ("'Status' is read as the orders' status",)
    customer = fold(body).customers["a"]
    assert (customer["monetary"], customer["frequency"]) == (7, 2)


def test_a_refunded_order_comes_to_nothing(check, fold):
    body = STATUS + "a,2024-01-01,5,bezahlt\na,2024-02-01,7,erstattet\nb,2024-02-01,9,Refunded\n"
    checked = check(body)
    assert (checked.accepted, checked.ignored) == (1, {"refunded_order": 2})
    assert fold(body).money == 5


@pytest.mark.parametrize(
    "refund", ["o1,a,2024-02-01,2,Refunded", "o9,a,2024-02-01,-2,Refunded"], ids=["beside", "below"]
)
def test_refunds_with_rows_beside_their_orders_are_subtracted(check, fold, refund):
    body = f"OrderID,{STATUS}o1,a,2024-01-01,5,paid\n{refund}\n"
    checked = check(body)
    assert (checked.accepted, checked.ignored) == (2, {})
    assert fold(body).money == 3


def test_a_currency_in_a_header_is_the_amounts(check, fold):
    body = "Customer ID,Order Date,Total (EUR)\na,2024-01-01,5.50\n"
    checked = check(body)
    assert (checked.accepted, checked.currency) == (1, "EUR")
    assert fold(body).money == Decimal("5.5")
    assert check(body, currency="USD").rejected == {"other_currency": 1}
    beside = "Kundennummer;Datum;Umsatz in €;Währung\na;2024-01-01;5,50;CHF\n"
    assert check(beside).currency == "CHF"


def test_headers_that_name_several_currencies_are_not_chosen_from(check):
    with pytest.raises(InvalidInput, match="lacks UnitPrice"):
        check("Customer ID,Order Date,Total (EUR),Total (USD)\na,2024-01-01,5.50,6.00\n")


def test_vertical_bars_separate_cells(check):
    checked = check("CustomerID|Date|Amount\na|2024-01-01|5.50\n", name="orders.txt")
    assert (checked.accepted, checked.delimiter) == (1, "|")


def test_a_status_of_customers_is_not_read(check):
    checked = check(STATUS + "a,2024-01-01,5,VIP\nb,2024-02-01,5,Neukunde\n")
    assert (checked.accepted, checked.source.notes) == (2, ())


GOLDEN = {
    "shopify/input.csv": CURRENCIES,
    "woocommerce/input.csv": CURRENCIES,
    "stripe/charges.csv": {},
    "stripe/input.csv": {},
    "square/input.csv": {},
    "bigcommerce/input.csv": {"currency": "AUD"},
    "etsy/input.csv": {},
    "magento/input.csv": {},
    "online-retail/input.csv": {},
    "paypal/input.csv": CURRENCIES,
    "paypal-german/input.csv": {"currency": "EUR", "currency_rates": {"USD": "0.9"}},
    "squarespace/input.csv": CURRENCIES,
    "woocommerce-words/input.csv": {},
    "german-excel/input.csv": {},
    "german-excel/input.xlsx": {},
}


@pytest.mark.parametrize("name", GOLDEN)
def test_every_order_of_a_golden_export_is_counted_or_has_a_reason(fold, check, name):
    path, settings = DATA / "golden" / name, GOLDEN[name]
    rates = settings.get("currency_rates", {})
    customers = {}
    orders = records(path.with_name("expected.csv"))
    for order in orders:
        money, count = customers.get(order["customer_key"], (0, 0))
        money += Decimal(order["net_sales"]) * Decimal(rates.get(order["currency"], 1))
        customers[order["customer_key"]] = (money, count + (order["counted"] == "y"))
    anonymous, nobodys = customers.pop("")
    known = {who: worth for who, worth in customers.items() if worth != (0, 0)}
    folded = fold(path, **settings)
    assert known == {
        who: (customer["monetary"], customer["frequency"])
        for who, customer in folded.customers.items()
    }
    checked = check(path.read_bytes(), name=path.name, **settings)
    assert checked.rejected == {}
    assert checked.accepted + sum(checked.ignored.values()) == checked.read
    assert checked.ignored.get("anonymous", 0) == nobodys
    assert Decimal(checked.people.anonymous.monetary) == anonymous


def test_amounts_that_are_not_price_times_quantity_are_counted(check, fold):
    rows = "a,2024-01-01,2,5.00,10.00\na,2024-01-02,2,5.00,9.00\na,2024-01-03,,5.00,7.50\n"
    body = "CustomerID,Date,Quantity,Price,Amount\n" + rows * 2 + "a,2024-01-04,1,$4.00,4\n"
    assert check(body).source.notes == (
        "4 of 7 rows have an amount that is not price × quantity, such as 7.50 for 1 × 5.00: "
        "the amount counts",
    )
    assert fold(body).money == 57


def test_an_ended_subscription_takes_no_money_back_whatever_price_it_shows(fold):
    header = "CustomerID,EventName,Date,Amount,OrderID\n"
    cancelled = "a,CANCELLED,2024-03-01,9,\nb,PURCHASED,2024-01-01,9,o1\n"
    cancelled += "b,CANCELLED,2024-02-01,4,o1\n"
    subscribed = fold(header + "a,SUBSCRIBED,2024-01-01,9,\n" + cancelled).customers
    assert {name: row["monetary"] for name, row in subscribed.items()} == {"a": 9, "b": 5}
    bought = fold(header + "a,PURCHASED,2024-01-01,9,\n" + cancelled).customers
    assert {name: row["monetary"] for name, row in bought.items()} == {"a": 0, "b": 5}
