"""Which mapping a file gets, by its header alone or by a setting."""

from __future__ import annotations

import csv
import io
import tomllib
from importlib import resources

import pytest

from tessera.errors import InvalidInput
from tessera.events.names import EVENTS, UNCOUNTED, normalised
from tessera.settings import RunSettings
from tessera.sources.mappings import NAMES, shipped
from tessera.sources.orders.layout import ROLES, layout_of
from tessera.sources.recognition.contract import BY_NAME
from tessera.sources.recognition.decision import mapping_of, one_mapping
from tessera.sources.recognition.headers import match
from tessera.sources.sniff import sniff
from tests.reference import DATA

SHOPIFY = ["Name", "Email", "Financial Status", "Created at", "Lineitem quantity", "Lineitem price"]
HEADERS = {
    "squarespace": "Order ID,Email,Financial Status,Subtotal,Lineitem quantity,Lineitem name,"
    "Lineitem price,Lineitem variant,Name,Created at",
    "woocommerce-words": "Order Number,Order Status,Order Date,Order Total Amount,Email (Billing)",
    "woocommerce-analytics": "Date,Order #,N. Revenue (formatted),Status,Customer,Net Sales",
    "stripe": "id,Created (UTC),Amount,Amount Refunded,Currency,Status,Customer Email",
    "stripe-balance": "id,Type,Source,Amount,Fee,Net,Currency,Created (UTC),Available On (UTC)",
    "magento": "ID,Purchase Date,Bill-to Name,Grand Total (Base),Status,Customer Email",
    "bigcommerce": "Order ID,Customer ID,Customer Email,Order Date,Order Status,Tax Total,"
    "Shipping Cost (ex tax),Handling Cost (ex tax),Order Total (inc tax)",
    "paypal": "Date,Time,TimeZone,Name,Type,Status,Currency,Gross,Fee,Net,From Email Address,"
    "To Email Address,Transaction ID",
    "paypal-german": "Datum,Uhrzeit,Name,Typ,Status,Währung,Brutto,Entgelt,Netto,"
    "Absender E-Mail-Adresse,Transaktionscode",
    "etsy": "Sale Date,Order ID,Buyer User ID,Currency,Order Value,Discount Amount,Order Net",
    "amazon": "amazon-order-id,purchase-date,order-status,sku,item-price",
    "online-retail": "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID",
}


def chosen(header, **settings):
    names = header.split(",") if isinstance(header, str) else header
    return mapping_of(names, settings=RunSettings.parse(settings))


@pytest.mark.parametrize("name", HEADERS)
def test_an_export_is_recognised_by_its_header_in_any_order_and_case(name):
    header = HEADERS[name].split(",")
    assert chosen(header).name == name
    assert chosen([text.upper() for text in reversed(header)] + ["Else"]).name == name
    assert chosen(header).why.startswith("its header has ")


@pytest.mark.parametrize("name", NAMES)
def test_each_shipped_mapping_has_a_golden_export_that_is_recognised(name):
    """Figures worked out by hand stand beside it, or the reason why there are none."""
    folder = DATA / "golden" / name
    text = (folder / "input.csv").read_text("utf-8-sig")
    header = next(csv.reader(io.StringIO(text), delimiter="\t" if name == "amazon" else ","))
    mapping = chosen(header)
    assert mapping.name == name
    assert (folder / "README.md").is_file()
    assert (folder / "expected.csv").is_file() == (not mapping.refused)


def test_the_page_of_shops_says_where_each_mappings_headers_are_from():
    page = (DATA.parents[1] / "docs" / "shops.md").read_text("utf-8")
    assert [name for name, mapping in shipped().items() if mapping.source not in page] == []


def test_every_file_of_a_shipped_mapping_is_tried():
    files = resources.files("tessera.sources").joinpath("shipped").iterdir()
    assert {file.name.removesuffix(".toml") for file in files} == set(NAMES)


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("amazon", "no customer key"),
        ("stripe-balance", "Payments → Export"),
        ("woocommerce-analytics", "billing e-mail address"),
        ("paypal-languages", "English and German only. Set the language of the PayPal account"),
        ("paypal-statement", "Download the activity instead"),
    ],
)
def test_a_golden_export_that_cannot_be_counted_is_refused_with_what_to_do(name, advice):
    start = (DATA / "golden" / name / "input.csv").read_bytes()
    with pytest.raises(InvalidInput) as error:
        sniff(start, name="u.csv", settings=RunSettings())
    assert str(error.value).startswith(f"u.csv is {shipped()[name].title}: ")
    assert advice in str(error.value)


def test_paypals_statements_are_refused_in_any_language_that_we_know():
    headers = (
        "Datum,Uhrzeit,Zeitzone,Beschreibung,Währung,Brutto,Entgelt,Netto,Guthaben,"
        "Transaktionscode,Absender E-Mail-Adresse,Name",
        "Fecha,Hora,Zona horaria,Descripción,Divisa,Bruto,Comisión,Neto,Saldo,"
        "Id. de transacción,Correo electrónico del remitente,Nombre",
        "Date,Heure,Fuseau horaire,Description,Devise,Avant commission,Commission,Net,Solde,"
        "Numéro de transaction,Adresse email de l'expéditeur,Nom",
    )
    assert {chosen(header).name for header in headers} == {"paypal-statement"}


@pytest.mark.parametrize(
    ("header", "advice"),
    [
        (
            "Date,Heure,Fuseau horaire,Nom,Type,État,Devise,Avant commission,Commission,Net",
            "Set the",
        ),
        ("Fecha,Hora,Zona horaria,Nombre,Tipo,Estado,Divisa,Bruto,Tarifa,Neto", "Set the language"),
        ("Datum,Tijd,Tijdzone,Naam,Type,Status,Valuta,Bruto,Kosten,Netto", "Set the language"),
        (
            "Data,Orario,Fuso orario,Nome,Tipo,Stato,Valuta,Lordo,Tariffa,Netto",
            "validate --propose",
        ),
    ],
)
def test_paypals_activity_in_a_language_without_a_mapping_is_never_read(header, advice):
    row = "05/01/2026,10:00:00,CET,Ada,X,Y,EUR,20.00,-1.00,19.00"
    with pytest.raises(InvalidInput, match=advice):
        sniff(f"{header}\n{row}\n".encode(), name="u.csv", settings=RunSettings())


def test_a_file_that_lacks_a_required_header_is_a_plain_file():
    assert chosen(SHOPIFY[1:]).name == ""
    assert chosen("CustomerID,Date,Amount").name == ""


def test_a_setting_names_a_mapping_or_switches_recognition_off():
    assert chosen(SHOPIFY, mapping="none").name == ""
    assert chosen("Email,Created at,Lineitem price", mapping="shopify").name == "shopify"
    assert chosen("Order Number,Item Cost", mapping="woocommerce").name == "woocommerce-words"
    with pytest.raises(InvalidInput, match="expected one of squarespace, shopify"):
        chosen(SHOPIFY, mapping="shopfy")


@pytest.mark.parametrize("name", ["amazon", "stripe-balance", "woocommerce-analytics"])
def test_an_export_without_a_customer_key_is_refused_with_the_one_to_use(name):
    header = HEADERS[name].split(",")
    with pytest.raises(InvalidInput, match="there is no customer key in this") as error:
        match(header, mapping=chosen(header), name="u.csv")
    assert "u.csv is " in str(error.value)
    assert "xport" in str(error.value)


def test_a_hidden_column_is_named_with_what_to_do():
    header = HEADERS["magento"].replace(",Customer Email", "").split(",")
    with pytest.raises(InvalidInput, match='hides "Customer Email"'):
        match(header, mapping=chosen(header), name="u.csv")


def test_parts_of_an_upload_are_exports_of_one_tool():
    parts = [("a.csv", chosen(SHOPIFY)), ("b.csv", chosen(HEADERS["stripe"]))]
    assert one_mapping(parts[:1] * 2).name == "shopify"
    with pytest.raises(InvalidInput, match=r"a\.csv is Shopify's orders export and b\.csv"):
        one_mapping(parts)


def test_parts_whose_headers_name_different_currencies_are_refused():
    euros, pounds = chosen(("ID", "Date", "Total (EUR)")), chosen(("ID", "Date", "Total [£]"))
    assert one_mapping([("a.csv", euros)] * 2).constants == {"currency": "EUR"}
    for other in (pounds, chosen(("ID", "Date", "Total"))):
        with pytest.raises(InvalidInput, match=r"headers of a\.csv and b\.csv name different"):
            one_mapping([("a.csv", euros), ("b.csv", other)])


def test_own_words_for_events_win_over_the_mappings():
    own = {"Paid": "CANCELLED", "Abo": "renewed", "Voided": "test_order", "x": ""}
    events = chosen(SHOPIFY, events=own).events
    assert [events[word] for word in ("paid", "abo", "voided", "x")] == [
        "CANCELLED", "RENEWED", "test_order", "",
    ]  # fmt: skip
    with pytest.raises(InvalidInput, match="setting 'events' has 'GONE' for 'Bye'"):
        chosen(SHOPIFY, events={"Bye": "GONE"})


def test_the_code_of_a_reason_in_own_words_is_that_reason_and_no_event():
    codes = [code for code in UNCOUNTED if code]
    events = chosen(SHOPIFY, events={f"a {code}": code for code in codes}).events
    assert [events[normalised(f"a {code}")] for code in codes] == codes
    assert chosen(SHOPIFY, events={"x": "Cancelled Order"}).events["x"] == "CANCELLED"


def test_own_columns_are_ours():
    assert chosen(SHOPIFY, columns={"city": "Town"}).columns["city"] == ("Town",)
    with pytest.raises(InvalidInput, match="expected our columns"):
        chosen(SHOPIFY, columns={"person": "who"})


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_mapping_names_its_source_and_only_what_we_know(name):
    text = resources.files("tessera.sources").joinpath("shipped", f"{name}.toml").read_text()
    mapping = shipped()[name]
    assert mapping.source.startswith("https://")
    assert len(mapping.required) > 2
    assert set(mapping.columns) <= set(BY_NAME)
    assert {*mapping.events.values()} <= {*EVENTS, *UNCOUNTED}
    if mapping.refused:
        return
    assert {"customer_id", "date"} <= set(mapping.columns)
    if mapping.export is not None:
        roles = {"tax_names", "line_name", "line_shipped", "line_taxed", *ROLES}
        assert set(tomllib.loads(text)["money"]) <= roles
        headers = [header for headers in mapping.columns.values() for header in headers]
        assert layout_of(headers, mapping).columns["customer_id"]
