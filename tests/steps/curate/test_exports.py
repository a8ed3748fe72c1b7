"""Exports of each CRM and ERP, in the form of its vendor, become the events that they mean."""

from __future__ import annotations

import gzip

import pytest

from steps.curate.copy_exports import CopiedExports
from steps.curate.described import described
from steps.curate.exported import copy_object
from tessera import naming
from tessera.errors import InvalidInput
from tests.steps.curate.tables import buckets, curated, uploaded

DAY = "2026-11-28"


@pytest.fixture
def places(aws_environment):
    with buckets() as made:
        yield made


def put(identities, name: str, text: str, *, day: str = DAY, file: str = "export.csv") -> None:
    body = text.strip("\n").encode()
    key = f"{naming.crm_exports_prefix('default', name)}{day}/{file}"
    identities.write(key, gzip.compress(body) if file.endswith(".gz") else body)


def events(places, name: str) -> list[dict[str, str]]:
    """Copy and curate an object. Return its events without their empty cells."""
    data, identities = places
    source = described("default", f"crm-{name}", data=data)
    copy_object(source, identities=identities, data=data)
    curated(source, data, identities)
    return [{k: v for k, v in row.items() if v is not None} for row in uploaded(source, data)]


def test_a_won_opportunity_of_salesforce_is_a_purchase_of_its_account(places) -> None:
    _, identities = places
    put(
        identities,
        "salesforce-opportunities",
        """
"Id","AccountId","ContactId","StageName","IsWon","CloseDate","Amount","CurrencyIsoCode"
"006A1","001A1","003A1","Closed Won","true","2026-03-05","1250.00","EUR"
"006A2","001A1","","Prospecting","false","2026-04-05","90.00","EUR"
"006A3","001A2","","Signed","true","2026-04-06","10.00","USD"
""",
    )
    put(
        identities,
        "salesforce-accounts",
        """
"Id","Name","Phone","BillingCity","BillingCountry"
"001A1","Example Ltd, London","+442079460000","London","United Kingdom"
"001A2","Sample GmbH","","Berlin","Germany"
""",
    )
    put(identities, "salesforce-contacts", '"Id","Email"\n"003A1","ann@example.com"')

    assert events(places, "salesforce-opportunities") == [
        {
            "EventID": "salesforce/006A1", "OrderID": "006A1", "CustomerID": "001A1",
            "Date": "2026-03-05", "Amount": "1250.00", "Currency": "EUR",
            "Username": "Example Ltd, London", "Email": "ann@example.com",
            "Phone": "+442079460000", "City": "London", "Country": "United Kingdom",
        },
        {
            "EventID": "salesforce/006A3", "OrderID": "006A3", "CustomerID": "001A2",
            "Date": "2026-04-06", "Amount": "10.00", "Currency": "USD",
            "Username": "Sample GmbH", "City": "Berlin", "Country": "Germany",
        },
    ]  # fmt: skip


def test_opportunities_alone_are_enough(places) -> None:
    put(
        places[1],
        "salesforce-opportunities",
        """
Id,AccountId,StageName,CloseDate,Amount
006A1,001A1,Closed Won,2026-03-05,1250
006A2,001A1,Closed Lost,2026-03-06,5
""",
    )

    assert events(places, "salesforce-opportunities") == [
        {
            "EventID": "salesforce/006A1", "OrderID": "006A1", "CustomerID": "001A1",
            "Date": "2026-03-05", "Amount": "1250",
        }
    ]  # fmt: skip


def test_a_won_deal_of_hubspot_belongs_to_its_company_or_its_first_contact(places) -> None:
    put(
        places[1],
        "hubspot-deals",
        """
Record ID,Deal Name,Deal Stage,Close Date,Amount,Associated Company IDs (Primary),\
Associated Company (Primary),Associated Contact IDs
11,First,Closed won (Sales Pipeline),2026-02-01 10:30,99.5,501,Example Ltd,
12,Second,Closed won (Sales Pipeline),2026-02-02 09:00,20,,,701;702
13,Third,Appointment scheduled (Sales Pipeline),,20,501,Example Ltd,
""",
    )
    put(places[1], "hubspot-companies", "Record ID,City,Country/Region\n501,Dublin,Ireland")

    assert [
        (row["EventID"], row["CustomerID"], row["Amount"], row.get("City"))
        for row in events(places, "hubspot-deals")
    ] == [
        ("hubspot/11", "501", "99.5", "Dublin"),
        ("hubspot/12", "contact/701", "20", None),
    ]


def test_an_invoice_item_of_sap_has_its_headers_customer_and_a_credit_memo_refunds(places) -> None:
    put(
        places[1],
        "sap-invoices",
        """
VBELN;VBTYP;FKDAT;KUNAG;WAERK;FKSTO
0090000001;M;20260105;0000100001;EUR;
0090000002;O;20260107;0000100001;EUR;
0090000003;M;20260108;0000100002;EUR;X
0090000004;N;20260108;0000100002;EUR;
""",
    )
    put(
        places[1],
        "sap-invoice-items",
        """
VBELN;POSNR;NETWR;MATNR;ARKTX;MATKL
0090000001;000010;100.00;M-1;Pump, red;0101
0090000001;000020;50.00;M-2;Valve;0102
0090000002;000010;50.00;M-2;Valve;0102
0090000003;000010;10.00;M-1;Pump, red;0101
0090000004;000010;10.00;M-1;Pump, red;0101
""",
    )

    assert [tuple(row.values()) for row in events(places, "sap-invoice-items")] == [
        ("sap/0090000001/000010", "0090000001", "0000100001", "2026-01-05", "PURCHASED", "100.00",
         "EUR", "M-1", "Pump, red", "0101"),
        ("sap/0090000001/000020", "0090000001", "0000100001", "2026-01-05", "PURCHASED", "50.00",
         "EUR", "M-2", "Valve", "0102"),
        ("sap/0090000002/000010", "0090000002", "0000100001", "2026-01-07", "REFUNDED", "50.00",
         "EUR", "M-2", "Valve", "0102"),
    ]  # fmt: skip


def test_billing_documents_of_sap_come_without_cancelled_ones(places) -> None:
    put(
        places[1],
        "sap-billing-documents",
        """
BillingDocument,SDDocumentCategory,BillingDocumentDate,SoldToParty,TotalNetAmount,\
TransactionCurrency,BillingDocumentIsCancelled
90000001,M,2026-01-05,100001,150.00,EUR,false
90000002,M,2026-01-06,100001,70.00,EUR,true
""",
    )

    [row] = events(places, "sap-billing-documents")
    assert (row["EventID"], row["CustomerID"], row["Amount"]) == (
        "sap/90000001", "100001", "150.00",
    )  # fmt: skip


def test_posted_invoices_of_odoo_sell_and_credit_notes_refund(places) -> None:
    put(
        places[1],
        "odoo-invoices",
        """
id,name,move_type,state,invoice_date,partner_id/id,partner_id,partner_id/email,amount_untaxed,\
currency_id
m1,INV/2026/00001,out_invoice,posted,2026-01-05,p7,Example Ltd,ann@example.com,100.0,EUR
m2,RINV/2026/00001,out_refund,posted,2026-01-09,p7,Example Ltd,ann@example.com,40.0,EUR
m3,/,out_invoice,draft,,p7,Example Ltd,ann@example.com,5.0,EUR
m4,BILL/2026/1,in_invoice,posted,2026-01-09,p9,Supplier,,40.0,EUR
""",
    )

    assert [
        (row["OrderID"], row["EventName"], row["Amount"], row["Email"])
        for row in events(places, "odoo-invoices")
    ] == [
        ("INV/2026/00001", "PURCHASED", "100.0", "ann@example.com"),
        ("RINV/2026/00001", "REFUNDED", "40.0", "ann@example.com"),
    ]


def test_transactions_of_netsuite_have_positive_amounts_of_both_kinds(places) -> None:
    put(
        places[1],
        "netsuite-transactions",
        """
id,tranid,type,trandate,entity,entityname,foreigntotal,currencysymbol,posting,voided
1,INV1,CustInvc,2026-01-05,42,Example Ltd,120.50,USD,T,F
2,CM1,CustCred,2026-01-08,42,Example Ltd,-20.50,USD,T,F
3,INV2,CustInvc,2026-01-09,42,Example Ltd,9.00,USD,T,T
4,SO1,SalesOrd,2026-01-09,42,Example Ltd,9.00,USD,F,F
""",
    )

    assert [
        (row["OrderID"], row["EventName"], row["Amount"])
        for row in events(places, "netsuite-transactions")
    ] == [("INV1", "PURCHASED", "120.5000"), ("CM1", "REFUNDED", "20.5000")]


def test_a_banks_fees_count_whole_and_of_interest_the_margin(places) -> None:
    header = "BookingID,CustomerNumber,BookedOn,Kind,Fee,Interest,Funding,Currency"
    put(
        places[1],
        "bank-fees-and-interest",
        f"""
{header}
1,C1,2026-01-31,FEE,4.90,,,EUR
2,C1,2026-01-31,INTEREST,,30.00,21.50,EUR
3,C1,2026-01-31,DEPOSIT,,,,EUR
""",
        day="2026-02-01",
    )
    put(
        places[1],
        "bank-fees-and-interest",
        f"""
{header}
4,C1,2026-02-03,FEE_REVERSAL,-4.90,,,EUR
2,C1,2026-01-31,INTEREST,,30.00,20.00,EUR
""",
        day="2026-02-04",
        file="month.csv.gz",
    )

    # The second export has what changed: a booking was corrected.
    assert [
        (row["EventID"], row["EventName"], row["Amount"])
        for row in events(places, "bank-fees-and-interest")
    ] == [
        ("bank/1", "PURCHASED", "4.9000"),
        ("bank/2", "PURCHASED", "10.0000"),
        ("bank/4", "REFUNDED", "4.9000"),
    ]


INVOICES = "id,name,move_type,state,invoice_date,partner_id/id,amount_untaxed\n"


def test_of_full_exports_the_latest_day_counts_with_all_its_files_and_is_copied_once(
    places,
) -> None:
    data, identities = places
    row = "{0},INV/{0},out_invoice,posted,2026-01-05,p7,1.0\n"
    put(identities, "odoo-invoices", INVOICES + row.format("m1"), day="2026-11-27")
    assert [each["OrderID"] for each in events(places, "odoo-invoices")] == ["INV/m1"]

    put(identities, "odoo-invoices", INVOICES + row.format("m2"), file="a.csv")
    put(identities, "odoo-invoices", INVOICES + row.format("m3"), file="b.csv")
    source = described("default", "crm-odoo-invoices", data=data)
    copies = [copy_object(source, identities=identities, data=data) for _ in range(2)]

    assert copies == [
        CopiedExports(files=2, rows=2, removed=1),
        CopiedExports(files=0, rows=0, removed=0),
    ]
    assert [each["OrderID"] for each in events(places, "odoo-invoices")] == ["INV/m2", "INV/m3"]


def test_the_folders_of_appflow_are_days_too(places) -> None:
    row = "m1,INV/1,out_invoice,posted,2026-01-05,p7,1.0\n"
    put(places[1], "odoo-invoices", INVOICES + row, day="tessera-dev-odoo/2026/11/28")

    assert [each["OrderID"] for each in events(places, "odoo-invoices")] == ["INV/1"]


def test_the_tenants_own_mapping_wins(places) -> None:
    data, identities = places
    own = "[hubspot-deals]\nkey = ['Nr']\nCustomerID = 'Who'\nDate = 'Day'\nAmount = 'Money'\n"
    data.write(naming.source_mappings_key("default", "crm"), own.encode())
    put(identities, "hubspot-deals", "Nr,Who,Day,Money\n1,ann,2026-01-01,5")

    assert events(places, "hubspot-deals") == [
        {"CustomerID": "ann", "Date": "2026-01-01", "Amount": "5"}
    ]


@pytest.mark.parametrize(
    ("text", "file", "day", "words"),
    [
        (INVOICES + "m1,INV,x,y\n,,,,,,,7\n", "a.csv", DAY, "a.csv, record 3: 8 cells, .* has 7"),
        ("id,id\n1,2\n", "a.csv", DAY, "the header has 'id' more than once"),
        ("id,Op\n1,2\n", "a.csv", DAY, "the header has Op, which we use ourselves"),
        ("PK", "a.xlsx", DAY, "expected a file that ends with .csv"),
        (INVOICES, "a.csv", "2026-13-40", "in a folder of its day, such as .*/2026-11-29/"),
        ("x", "a.parquet", DAY, "a.parquet is no whole Parquet file"),
    ],
)
def test_an_export_that_cannot_be_read_is_refused_with_its_place(
    places, text, file, day, words
) -> None:
    put(places[1], "odoo-invoices", text, day=day, file=file)

    with pytest.raises(InvalidInput, match=words):
        events(places, "odoo-invoices")


def test_an_unknown_object_is_refused_with_those_that_ship(places) -> None:
    with pytest.raises(InvalidInput, match="no mapping for the object 'zoho-deals': expected one"):
        events(places, "zoho-deals")
    with pytest.raises(InvalidInput, match=r"table 'orders' has no section in .*database\.toml"):
        described("default", "database-orders", data=places[0])


def test_two_tables_of_one_name_are_refused_since_they_would_share_a_folder(places) -> None:
    data, _ = places
    section = "key = ['id']\nCustomerID = 'who'\nDate = 'day'\n"
    text = f"[orders]\n{section}['old.orders']\n{section}"
    data.write(naming.source_mappings_key("default", "database"), text.encode())

    with pytest.raises(InvalidInput, match=r"orders and old\.orders would both be"):
        described("default", "database-orders", data=data)
