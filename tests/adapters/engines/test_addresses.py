"""Addresses as shops really have them: every customer stays, and only mailboxes are sent to."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from adapters.tables.contact_points import ContactPoints
from adapters.tables.parquet import arrow_schema
from tessera.contracts.tables import IDENTITIES

CASES = Path("tests/data/cases")
SENDABLE = {"P00": "+491701234567", "P03": "+491701234567", "P05": "+491701234567",
            "P06": "+491701234567"}  # fmt: skip
GERMAN = SENDABLE | {"P01": "+491701234567", "P04": "+495551234567", "P07": "+491701234567"}


@pytest.fixture
def people(fold, check, root):
    """Return a case's customers with the address that is sent, and the kind that is unreadable."""

    def read(case: str, *, phone_region: str = ""):
        file = root / CASES / case / "input.csv"
        checked = check(file.read_bytes())
        assert (checked.accepted, sum(checked.rejected.values())) == (checked.read, 0)
        folded = fold(file)
        batch = pa.RecordBatch.from_pylist(folded.identities, arrow_schema(IDENTITIES))
        rows = ContactPoints(phone_region=phone_region)(batch).to_pylist()
        assert len({row["customer_id"] for row in rows}) == len(folded.customers)
        return {row["customer_id"]: (row["address"], row["unreadable"]) for row in rows}

    return read


def test_a_batch_with_broken_addresses_keeps_its_customers_and_sends_the_good_ones(people):
    broken = {
        customer: read
        for customer, read in people("24-invalid-addresses-in-batch").items()
        if customer.startswith("X")
    }
    assert set(broken.values()) == {(None, "email")}
    assert len(broken) == 20
    for among in ("X04", "X16"):  # mailto:cat@mail.example, and ends@mail.example.
        assert among in broken


def test_good_addresses_of_the_batch_are_sent_as_they_are(people):
    good = people("24-invalid-addresses-in-batch")
    sent = {customer: address for customer, (address, _) in good.items() if address}
    assert len(sent) == 60
    assert all(address == f"{customer.lower()}@shop.example" for customer, address in sent.items())


@pytest.mark.parametrize(("region", "numbers"), [("", SENDABLE), ("DE", GERMAN)])
def test_phone_numbers_are_sent_where_their_spelling_says_which_they_are(people, region, numbers):
    read = people("25-phone-spellings", phone_region=region)
    phones = {customer: one for customer, one in read.items() if customer.startswith("P")}
    assert len(phones) == 13
    assert {customer: number for customer, (number, _) in phones.items() if number} == numbers
    assert {kind for number, kind in phones.values() if not number} == {"phone"}


def test_an_address_that_stands_in_as_the_id_needs_no_tidy_spelling(fold):
    rows = ["mailto:ann@mail.example", "ann@mail.example.", "Ann@Mail.example"]
    body = "Email,Date,Amount\n" + "".join(
        f"{cell},2026-01-{day:02d},10\n" for day, cell in enumerate(rows, start=1)
    )
    [(customer, row)] = fold(body).customers.items()
    assert (customer, row["frequency"]) == ("ann@mail.example", 3)
