"""By what a person is recognised: keys and addresses anywhere, ids in their own columns only."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tessera.destinations.port import Contact
from tessera.erasure.identifying import (
    IdentifyingHeaders,
    headers_of_mappings,
    places_of,
    usual_headers,
)
from tessera.erasure.json_values import ERASED, without_people
from tessera.erasure.people import KnownPerson, Needles
from tessera.erasure.places import is_searched, kind_of
from tessera.erasure.request import ErasureRequest
from tessera.errors import InvalidInput
from tessera.sources.tables.mapping import read_mappings
from tessera.sources.tables.shipped_mappings import shipped_mappings

KEY = "0040bc54-8bb7-8c91-bbd5-0c4674de8444"
ANN = KnownPerson(
    customer_key=KEY,
    ids=("12",),
    contacts=(Contact("EMAIL", "Ann@Mail.example"), Contact("EMAIL", "home@mail.example")),
    shared=("home@mail.example",),
    order_keys=("ab" * 12,),
)
NEEDLES = Needles.of([ANN], recipients=["cd" * 16])
HEADERS = usual_headers()


@pytest.mark.parametrize(
    "text",
    [
        KEY,
        f"key={KEY}; seen",
        "ann@mail.example",
        "Ann <ANN@MAIL.EXAMPLE>",
        "write to ann@mail.example.",
        "caf\\u00e9 ann\\u0040mail.example",
        "ab" * 12,
        "cd" * 16,
    ],
)
def test_keys_and_addresses_are_recognised_anywhere(text):
    assert NEEDLES.is_in(text)


@pytest.mark.parametrize(
    "text", ["12", "joann@mail.example", "ann@mail.example.org", "home@mail.example", KEY[:-1], ""]
)
def test_other_texts_are_not(text):
    assert not NEEDLES.is_in(text)


def test_an_id_counts_in_a_column_of_customers_only():
    header = ["Order", "Customer Number", "Quantity", "E-mail", "customer_key"]
    assert places_of(header, HEADERS) == (1, 3, 4)
    assert NEEDLES.is_id(" 12 ")
    assert not NEEDLES.is_id("012")


MAPPING = """
["sales.orders"]
CustomerID = "id"
Date = "at"
[order_lines]
CustomerID = 'buyer."Buyer No."'
Date = "buyer.at"
[order_lines.lookups.buyer]
object = "buyers"
key = ["Buyer No."]
by = ["Sold to"]
[deals]
CustomerID = "AccountId"
Date = "at"
Email = "account.Mail"
[deals.lookups.account]
object = "accounts"
key = ["Id"]
by = ["AccountId"]
"""


def test_a_mapping_file_names_more_columns_of_its_tables_and_their_lookups():
    mappings = read_mappings(MAPPING, name="database.toml")
    more = headers_of_mappings(mappings, tenant="a", kind="database")
    headers = IdentifyingHeaders.joined(frozenset({"usual"}), more)
    raw = "tenants/a/raw/database/"
    assert headers.of(f"{raw}sales/orders/1.parquet") == {"usual", "id"}
    assert headers.of(f"{raw}public/order_lines/1.parquet") == {"usual", "soldto"}
    assert headers.of(f"{raw}public/buyers/1.parquet") == {"usual", "buyerno"}
    assert headers.of(f"{raw}public/accounts/1.parquet") == {"usual", "id"}
    for other in (f"{raw}public/orders/1.parquet", f"{raw}public/items/1.parquet", "uploads/a.csv"):
        assert headers.of(other) == {"usual"}


def test_the_mappings_of_crms_name_columns_too():
    headers = IdentifyingHeaders.joined(
        frozenset(), headers_of_mappings(shipped_mappings(), tenant="a", kind="crm")
    )
    for folder in ("crm", "raw/crm"):
        at = f"tenants/a/{folder}"
        assert headers.of(f"{at}/salesforce-opportunities/1.csv") == {"accountid"}
        assert headers.of(f"{at}/salesforce-accounts/1.csv") == {"id"}
        assert headers.of(f"{at}/netsuite-transactions/1.csv") == {"entity"}
        assert headers.of(f"{at}/sap-invoices/1.csv") == {"kunag"}


def test_exports_of_known_tools_name_customers_in_their_own_words():
    header = ["Sale Date", "Buyer User ID", "Buyer", "Full Name", "Empfänger E-Mail-Adresse"]
    assert places_of(header, HEADERS) == (1, 2, 4)
    assert places_of(["Billing Phone", "Customer Phone", "Total"], HEADERS) == (0, 1)


def test_json_loses_entries_of_lists_and_keeps_the_rest():
    document = {
        "refused": [{"customer_id": 12, "message": "x"}, {"customer_id": 13}],
        "names": ["ann@mail.example", "bo@mail.example"],
        "quantity": 12,
        "by_key": {KEY: 1, "other": 2},
        "example": "ann@mail.example is odd",
    }
    after, removed = without_people(document, NEEDLES, headers=HEADERS)
    assert removed == 4
    assert after == {
        "refused": [{"customer_id": 13}],
        "names": ["bo@mail.example"],
        "quantity": 12,
        "by_key": {"other": 2},
        "example": ERASED,
    }


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=9),
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
        ),
        max_leaves=12,
    )
)
def test_json_without_the_person_stays_as_it_is(document):
    assert without_people(document, NEEDLES, headers=frozenset()) == (document, 0)


def test_nothing_shows_who_it_is():
    request = ErasureRequest(
        case="dsr-1",
        tenant="default",
        terms=("ann@mail.example",),
        requested_at=dt.datetime(2026, 12, 1, tzinfo=dt.UTC),
    )
    assert "mail" not in repr(ANN) + repr(request)


@pytest.mark.parametrize(("case", "terms"), [("Ann 12", ("12",)), ("dsr-1", ()), ("dsr-1", (" ",))])
def test_a_request_that_cannot_be_carried_out_is_refused(case, terms):
    now = dt.datetime(2026, 12, 1, tzinfo=dt.UTC)
    with pytest.raises(InvalidInput):
        ErasureRequest(case=case, tenant="default", terms=terms, requested_at=now)


@pytest.mark.parametrize(
    ("bucket", "key", "kind"),
    [
        ("data", "tenants/a/events/upload=1/content=2/part-00000.parquet", "events"),
        ("identities", "tenants/a/runs/r/rejects.csv.gz", "rejected rows"),
        ("identities", "tenants/a/runs/r/destinations/export/customers.csv", "exports"),
        ("data", "tenants/a/something/new", "other files"),
    ],
)
def test_every_object_has_a_name_for_people(bucket, key, kind):
    assert kind_of(bucket, key) == kind


def test_an_erasure_goes_through_its_tenants_objects_and_not_its_own():
    assert is_searched("uploads/orders.csv", tenant="default")
    assert not is_searched("uploads/orders.csv", tenant="acme")
    assert is_searched("uploads/acme/orders.csv", tenant="acme")
    assert not is_searched("tenants/acme/erasures/c/state.json", tenant="acme")
    assert not is_searched("tenants/acme/erased/c.json", tenant="acme")
