"""Customers' attributes reach the customers whose ids are spelled as their events spell them."""

from __future__ import annotations

from tessera import naming
from tests.tickets import upload

KEY = "uploads/attributes/people.csv"


def test_attributes_reach_the_customer_whatever_the_spelling(shop):
    shop.upload(
        "a.csv",
        "CustomerID,Date,Amount\n17850,2026-01-10,5\nann@mail.example,2026-01-11,5\n"
        "A-1,2026-01-12,5\n",
    )
    text = "CustomerID,Visits\n17850.0,3\nAnn@Mail.example,4\nA\u200b-1 ,5\nguest,6\n"
    shop.data.write(KEY, text.encode())
    record = shop.run(attributes=upload(KEY))
    rows = shop.rows(shop.data, naming.run_key("default", "r2", naming.ATTRIBUTES))
    visits = {row["customer_key"]: row["Visits"] for row in rows}
    assert {each: visits.get(row["customer_key"]) for each, row in shop.customers().items()} == {
        "17850": 3, "ann@mail.example": 4, "A-1": 5,
    }  # fmt: skip
    assert len(rows) == 3
    [read] = record.attributes.uploads
    assert any(note.startswith("1 row has a word for no customer") for note in read.notes)
