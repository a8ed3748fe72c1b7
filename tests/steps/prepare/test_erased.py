"""Customers who were erased: no later upload brings them back, and their rows are counted."""

from __future__ import annotations

import pytest

from adapters.stores.erased import ErasedMarks
from tessera import naming
from tessera.events.pseudonym import customer_keys, erased_marks
from tests.steps.prepare.conftest import SECRET
from tests.tickets import upload

HEADER = "EventName,CustomerID,OrderID,Date,Amount,Email\n"
ANN = "PURCHASED,ann,1,2026-01-10,10,ann@example.com\n"
GUEST = "PURCHASED,,5,2026-01-12,40,ann@example.com\n"
BO = "PURCHASED,bo,2,2026-01-11,20,bo@example.com\n"
BAD = "PURCHASED,ann,3,never,30,ann@example.com\n"


def erase(shop, *ids, case="case-1"):
    key_of = customer_keys(SECRET, tenant="default")
    mark_of = erased_marks(SECRET, tenant="default")
    marks = [mark_of(key_of(each)) for each in ids]
    ErasedMarks(shop.data, tenant="default").write(case, marks)
    return marks


def everything(shop) -> bytes:
    kept = b"".join(shop.stored().values())
    for bucket in (shop.data, shop.identities):
        kept += b"".join(bucket.read(key) for key in bucket.sizes(naming.runs_prefix("default")))
    return kept


def test_an_erased_customers_rows_are_counted_and_stored_nowhere(shop):
    erase(shop, "ann")
    record = shop.upload("orders.csv", HEADER + ANN + BO + BAD, settings={"max_bad_share": 0.5})
    assert (record.rows.read, record.rows.accepted) == (3, 1)
    assert (record.rows.ignored, record.rows.rejected) == ({"erased": 2}, {})
    assert set(shop.customers()) == {"bo"}
    key = customer_keys(SECRET, tenant="default")("ann").encode()
    assert not [one for one in (b"ann@example.com", key) if one in everything(shop)]


def test_an_address_that_stands_for_the_erased_customer_stays_away_too(shop):
    erase(shop, "ann", "ann@example.com")
    record = shop.upload("orders.csv", HEADER + GUEST + BO)
    assert record.rows.ignored == {"erased": 1}
    assert set(shop.customers()) == {"bo"}


def test_nobody_else_changes(shop, new_shop):
    erase(shop, "someone else", case="a")
    erase(shop, "another", case="b")
    other = new_shop()
    ours = shop.upload("orders.csv", HEADER + ANN + BO)
    theirs = other.upload("orders.csv", HEADER + ANN + BO)
    assert ours.rows == theirs.rows
    assert shop.customers() == other.customers()
    assert shop.stored() == other.stored()


def test_erased_customers_have_no_attributes(shop):
    shop.upload("orders.csv", HEADER + ANN + BO)
    erase(shop, "ann")
    shop.data.write("uploads/attributes/people.csv", b"customer_id,plan\nann,gold\nbo,basic\n")
    shop.run(attributes=upload("uploads/attributes/people.csv"))
    rows = shop.rows(shop.data, naming.attributes_prefix("default"))
    assert [row["customer_key"] for row in rows] == [customer_keys(SECRET, tenant="default")("bo")]


@pytest.mark.parametrize("wanted", [True, False])
def test_marks_lead_to_their_erasure(shop, wanted):
    marks = erase(shop, "ann")
    erase(shop, "bo", case="case-2")
    store = ErasedMarks(shop.data, tenant="default")
    assert len(store.all()) == 2
    assert store.cases_of(marks if wanted else ["unknown"]) == (("case-1",) if wanted else ())
    assert ErasedMarks(shop.data, tenant="other").all() == frozenset()
