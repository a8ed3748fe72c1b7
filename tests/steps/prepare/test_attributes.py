"""Customers' attributes reach the customers whose ids are spelled as their events spell them."""

from __future__ import annotations

import datetime as dt

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


EVENTS = (
    "EventName,CustomerID,Date,UnitPrice\n"
    "PURCHASED,a,2026-01-01T09:00:00Z,5\nPURCHASED,b,2026-01-01T09:00:00Z,5\n"
)
LOOKS = (
    "VIEWED,a,2026-01-10T09:00:00Z,\nVIEWED,a,2026-01-10T09:20:00Z,\n"
    "SESSION,a,2026-02-01T09:00:00Z,\nVIEWED,a,2026-03-01T09:00:00Z,\n"
)
PEOPLE = (
    "CustomerID,Snapshot,Plan\na,2026-02-01,1\nb,2026-02-01,2\na,2026-03-05,1\nc,2026-03-05,2\n"
)
CLICKS = ("clicks: views_30d", "clicks: sessions_30d", "clicks: last_view_days")


def attributes(shop) -> list[dict]:
    prefix = naming.run_key("default", f"r{shop.runs}", naming.ATTRIBUTES)
    return shop.rows(shop.data, prefix)


def prepared(shop, *, looks: str) -> list[dict]:
    shop.upload("a.csv", EVENTS + looks)
    days = {}
    for number, line in enumerate(PEOPLE.splitlines()[1:]):  # a customer is once in a file
        key = f"uploads/attributes/{number}.csv"
        shop.data.write(key, f"CustomerID,Snapshot,Plan\n{line}\n".encode())
        shop.run(attributes=upload(key), as_of=dt.date(2026, 3, 10))
        days[number] = line
    return attributes(shop)


def test_each_row_has_the_clicks_before_its_day(shop):
    rows = prepared(shop, looks=LOOKS)
    id_of = {row["customer_key"]: each for each, row in shop.customers().items()}
    seen = {
        (id_of.get(row["customer_key"], "c"), str(row["observed_at"])): [row[n] for n in CLICKS]
        for row in rows
    }
    assert seen == {
        ("a", "2026-02-01"): [2, 1, 22],  # the session of that day does not count
        ("a", "2026-03-05"): [1, 1, 4],  # two days more than 30 lie between
        ("b", "2026-02-01"): [0, 0, None],
        ("c", "2026-03-05"): [0, 0, None],  # nobody knows this customer
    }


def test_a_shop_without_clicks_has_no_such_columns(shop):
    rows = prepared(shop, looks="")
    assert {name for row in rows for name in row} == {
        "customer_key", "observed_at", "churn_label", "Plan",
    }  # fmt: skip
