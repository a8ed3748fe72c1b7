"""A withdrawn upload: its events go with the run, and what is left counts."""

from __future__ import annotations

import pytest

from tessera.errors import InvalidInput
from tests.tickets import withdrawal

HEADER = "EventName,CustomerID,OrderID,Date,Amount\n"
OLD = HEADER + "PURCHASED,a,1,2026-01-10,10\nPURCHASED,b,2,2026-01-11,20\n"
NEW = HEADER + "PURCHASED,b,2,2026-01-11,25\nPURCHASED,c,3,2026-01-12,40\n"


def withdraw(shop, name="uploads/new.csv", **fields):
    return shop.run(upload=withdrawal(name), **fields)


@pytest.fixture
def two_uploads(shop):
    shop.upload("old.csv", OLD)
    return shop


def test_the_history_is_as_if_the_upload_had_never_come(two_uploads):
    before, customers, stored = two_uploads.run(), two_uploads.customers(), two_uploads.stored()
    two_uploads.upload("new.csv", NEW)
    record = withdraw(two_uploads)
    assert record.reupload == "withdrawn"
    assert (record.orders, record.monetary) == (before.orders, before.monetary)
    assert two_uploads.customers() == customers
    left = {key: body for key, body in two_uploads.stored().items() if key in stored}
    assert left == stored
    assert [key for key in two_uploads.stored() if key not in stored] == [
        key for key in two_uploads.stored() if key not in stored and key.endswith("_upload.json")
    ]


def test_the_run_says_how_many_events_left(two_uploads):
    two_uploads.upload("new.csv", NEW)
    record = withdraw(two_uploads)
    assert (record.history.withdrawn, record.history.uploads) == (2, 1)
    assert "uploads/new.csv is withdrawn: its 2 events are removed" in record.warnings
    assert record.rows.read == 0


def test_a_withdrawal_again_is_unchanged(two_uploads):
    two_uploads.upload("new.csv", NEW)
    first = withdraw(two_uploads)
    stored = two_uploads.stored()
    again = withdraw(two_uploads)
    assert (again.reupload, again.pending) == ("unchanged", False)
    assert again.history.withdrawn == 0
    assert (again.customers, again.monetary) == (first.customers, first.monetary)
    assert two_uploads.stored() == stored
    assert "uploads/new.csv is withdrawn and had no events" in again.warnings


def test_an_upload_of_the_same_name_counts_again(two_uploads):
    first = two_uploads.upload("new.csv", NEW)
    withdraw(two_uploads)
    again = two_uploads.upload("new.csv", NEW)
    assert again.reupload == "new"
    assert (again.customers, again.monetary) == (first.customers, first.monetary)


@pytest.mark.parametrize("ending", ["failed", "stopped"])
def test_a_withdrawal_whose_run_does_not_end_well_takes_nothing(two_uploads, ending):
    first = two_uploads.upload("new.csv", NEW)
    withdraw(two_uploads, ending=ending)
    assert two_uploads.run().monetary == first.monetary


def test_a_withdrawal_that_leaves_nothing_says_so_and_counts(two_uploads):
    with pytest.raises(InvalidInput, match=r"old.csv is withdrawn, its 2 events are removed, and"):
        withdraw(two_uploads, "uploads/old.csv")
    assert not [key for key in two_uploads.stored() if not key.endswith("_upload.json")]
    with pytest.raises(InvalidInput, match=r"old.csv is withdrawn, its 0 events are removed"):
        withdraw(two_uploads, "uploads/old.csv")
    assert two_uploads.upload("new.csv", NEW).customers == 2


def test_the_currency_of_a_withdrawn_upload_binds_nobody(shop):
    shop.upload("old.csv", OLD.replace("Amount", "Amount,Currency").replace("0\n", "0,EUR\n"))
    with pytest.raises(InvalidInput, match="nothing is left"):
        withdraw(shop, "uploads/old.csv")
    dollars = NEW.replace("Amount", "Amount,Currency").replace("5\n", "5,USD\n")
    record = shop.upload("new.csv", dollars.replace("0\n", "0,USD\n"))
    assert record.currency == "USD"
