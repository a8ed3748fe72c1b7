"""Whose the rows of a file are: one person once, and nobody never a customer."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tessera.errors import InvalidInput
from tests.reference import case

HEADER = "CustomerID,Date,Amount,Email,Phone"


def test_letter_case_and_blanks_of_an_email_address_make_no_second_customer(fold):
    folded = fold(case("01-email-case-splits-customer"), mapping="shopify")
    mia = folded.customers["mia.lang@mail.example"]
    assert (mia["frequency"], mia["monetary"]) == (4, Decimal("200.0000"))
    assert [name for name in folded.customers if "lang" in name.lower()] == [
        "mia.lang@mail.example"
    ]
    shown = {row["address"] for row in folded.identities if "lang" in row["customer_id"]}
    assert "Mia.Lang@Mail.example" in shown  # addresses keep their spelling


def test_an_id_of_all_guests_is_nobodys(fold, check):
    path = case("05-guest-id-zero")
    folded = fold(path)
    assert "0" not in folded.customers
    assert len([name for name in folded.customers if name.startswith("guest")]) == 150
    assert len(folded.customers) == 210
    doubt = check(path.read_bytes()).people.doubts["nobody"]
    assert (doubt.rows, doubt.ids, doubt.example) == (150, 1, "0")
    kept = fold(path, doubtful_ids="keep")
    assert kept.customers["0"]["frequency"] == 150
    assert check(path.read_bytes(), doubtful_ids="reject").rejected == {"doubtful_id": 150}


def test_ids_that_a_spreadsheet_shortened_are_replaced_by_addresses_or_rejected(fold, check):
    path = case("11-scientific-notation-ids")
    assert len(fold(path).customers) == 60
    assert check(path.read_bytes()).people.doubts["damaged"].ids == 6
    without = (
        "CustomerID,Date,Amount\n4.68769E+17,2026-01-01,1\n4.7e+17,2026-01-02,1\nA,2026-01-02,1\n"
    )
    checked = check(without)
    assert checked.rejected == {"doubtful_id": 2}
    assert "4.68769E+17" in checked.rejects[0].row


def test_an_id_with_a_fraction_is_the_id_without_it(fold):
    folded = fold(case("12-float-ids-from-pandas"))
    assert len(folded.customers) == 40
    assert {row["frequency"] for row in folded.customers.values()} == {2}
    assert folded.customers["17850"]["monetary"] == 50


def test_an_id_that_lost_its_zeros_is_the_one_that_has_them(fold, check):
    body = "CustomerID,Date,Amount\n00123,2026-01-01,1\n123,2026-01-02,1\n7,2026-01-02,1\n"
    assert set(fold(body).customers) == {"00123", "7"}
    assert set(fold(body, doubtful_ids="keep").customers) == {"00123", "123", "7"}
    assert check(body).people.doubts["zeros"].rows == 1
    two = "CustomerID,Date,Amount\n0123,2026-01-01,1\n00123,2026-01-02,1\n123,2026-01-02,1\n"
    assert set(fold(two).customers) == {"0123", "00123", "123"}


def test_an_id_with_the_addresses_of_many_people_is_nobodys(fold, check):
    rows = "".join(f"Till 4,2026-01-{i + 1:02d},10,EMAIL,p{i}@mail.example\n" for i in range(25))
    body = (
        f"CustomerID,Date,Amount,ChannelType,Address\nA,2026-01-01,5,EMAIL,a@mail.example\n{rows}"
    )
    folded = fold(body)
    assert len(folded.customers) == 26
    assert "Till 4" not in folded.customers
    assert check(body).people.doubts["crowd"].rows == 25
    few = body.replace("p", "p", 1).splitlines(keepends=True)[:12]
    assert set(fold("".join(few)).customers) == {"A", "Till 4"}


@pytest.mark.parametrize("name", ["17-stripe-no-customer-id-column", "18-stripe-guest-payments"])
def test_payments_of_guests_are_their_email_addresses(fold, name):
    folded = fold(case(name), mapping="stripe")
    assert len(folded.customers) == 60
    assert folded.rejects == []
    assert folded.money == Decimal("15011.5200")


def test_a_row_without_an_id_is_the_customer_whose_address_it_has(fold, check):
    body = (
        f"{HEADER}\nA1,2026-01-01,10,Ann@Mail.example,+4930901820\n"
        ",2026-01-02,20,ann@mail.example,\n,2026-01-03,30,,+49 30 901820\n"
        ",2026-01-04,40,bo@mail.example,\n,2026-01-05,50,,\nguest,2026-01-06,60,bo@mail.example,\n"
    )
    folded = fold(body)
    money = {name: row["monetary"] for name, row in folded.customers.items()}
    assert money == {"A1": 60, "bo@mail.example": 100}
    people = check(body).people
    assert (people.anonymous.rows, people.anonymous.orders) == (1, 1)
    assert Decimal(people.anonymous.monetary) == 50
    assert people.stood_in == 2


def test_an_address_that_two_ids_have_is_the_one_with_more_rows(fold):
    body = (
        f"{HEADER}\nA1,2026-01-01,1,x@mail.example,\nA2,2026-01-02,1,x@mail.example,\n"
        "A2,2026-01-03,1,x@mail.example,\n,2026-01-04,5,x@mail.example,\n"
    )
    assert fold(body).customers["A2"]["monetary"] == 7


def test_a_file_with_addresses_alone_is_read_by_them(fold):
    folded = fold("Date,Amount,E-Mail\n2026-01-01,5,A@mail.example\n2026-01-02,6,a@mail.example\n")
    assert folded.customers["a@mail.example"]["monetary"] == 11
    folded = fold("Date,Amount,Mobile\n2026-01-01,5,+491701234567\n")
    assert [(row["channel_type"], row["address"]) for row in folded.identities] == [
        ("SMS", "+491701234567")
    ]


def test_an_email_column_is_the_channel_email(fold):
    folded = fold(case("22-email-without-channel"))
    assert {row["channel_type"] for row in folded.identities} == {"EMAIL"}
    assert len(folded.identities) == 60


def test_an_email_and_a_phone_column_are_two_addresses(fold):
    folded = fold(f"{HEADER}\nA,2026-01-01,1,a@mail.example,+491701234567\nB,2026-01-01,1,,\n")
    assert {(r["customer_id"], r["channel_type"], r["address"]) for r in folded.identities} == {
        ("A", "EMAIL", "a@mail.example"), ("A", "SMS", "+491701234567"), ("B", None, None),
    }  # fmt: skip


def test_words_for_channels(fold):
    words = {"E-mail": "EMAIL", "mail": "EMAIL", "Text": "SMS", "Mobile": "SMS", "push": "PUSH",
             "": "EMAIL"}  # fmt: skip
    rows = "".join(f"A{n},2026-01-01,1,{word},a{n}@mail.example\n" for n, word in enumerate(words))
    people = fold(f"CustomerID,Date,Amount,ChannelType,Address\n{rows}").identities
    assert {row["customer_id"]: row["channel_type"] for row in people} == {
        f"A{n}": channel for n, channel in enumerate(words.values())
    }


def test_two_forms_of_one_letter_are_one_customer(fold):
    folded = fold(case("27-idn-and-unicode"))
    assert len(folded.customers) == 75
    assert folded.customers["Zoë"]["frequency"] == 2
    assert folded.customers["ZOË"]["frequency"] == 1
    hidden = (
        "CustomerID,Date,Amount\nA\u200b1,2026-01-01,1\n\ufeffA1,2026-01-02,1\nA1 ,2026-01-03,1\n"
    )
    assert set(fold(hidden).customers) == {"A1"}


def test_sales_without_a_customer_are_counted_apart(fold, check):
    path = case("41-quarter-of-rows-without-customer")
    folded = fold(path)
    assert folded.rejects == []
    checked = check(path.read_bytes())
    assert (checked.read, checked.accepted, checked.ignored) == (194, 145, {"anonymous": 49})
    assert checked.people.anonymous.orders == 49
    assert Decimal(checked.people.anonymous.monetary) + folded.money == Decimal("15011.52")


def test_a_file_without_any_customer_is_refused(check):
    with pytest.raises(InvalidInput, match="none of its 2 sales names a customer"):
        check("CustomerID,Date,Amount\n,2026-01-01,1\n ,2026-01-02,1\n")


def test_a_fault_counts_before_a_missing_customer(check):
    checked = check("CustomerID,Date,Amount\n,never,1\nA,2026-01-02,1\n", max_bad_share=1.0)
    assert checked.rejected == {"bad_date": 1}
