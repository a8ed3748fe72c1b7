"""Rows of the mapping query as customers, wherever an engine cuts its batches."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from decimal import Decimal

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from adapters.destinations.files.customer_batches import customer_batches
from adapters.tables.parquet import arrow_schema
from tessera.contracts.tables import CUSTOMER_OUTPUT, PROFILES
from tessera.destinations.capabilities import Capabilities
from tessera.destinations.port import Contact

INSTANT = dt.datetime(2026, 4, 1, 12, 0, 0, 5, tzinfo=dt.UTC)
SCHEMA = pa.schema(
    [
        *(pa.field(field.name, field.type) for field in arrow_schema(CUSTOMER_OUTPUT)),
        ("channel_type", pa.string()),
        ("address", pa.string()),
        ("claim", pa.int32()),
        ("ad_consent", pa.bool_()),
        ("email_consent", pa.bool_()),
        ("unreadable_email", pa.bool_()),
        ("unreadable_phone", pa.bool_()),
    ]
)
ABSENT = dict.fromkeys(PROFILES.names)
GIVEN = ABSENT | {
    "frequency": 2,
    "monetary": Decimal("-12.50"),
    "views": 0,
    "segment": "Lost",
    "p_alive": 0.25,
    "last_purchase_at": INSTANT,
    "next_order_at": dt.date(2026, 6, 1),
    "as_of": dt.date(2026, 5, 1),
}


def rows(claims: list[list[int]]) -> list[dict]:
    """Return the query's rows for customers who have these claims, one a channel."""
    joined = []
    for number, mine in enumerate(claims):
        profile = GIVEN | {"customer_key": f"k{number:03}", "customer_id": f"C {number}"}
        bare = {"channel_type": None, "address": None, "claim": None}
        channels = [
            {"channel_type": f"C{place}", "address": f"{number} at {place}", "claim": claim}
            for place, claim in enumerate(mine)
        ]
        joined += [profile | channel for channel in channels or [bare]]
    return joined


def cut(table: pa.Table, sizes: list[int]) -> list[pa.RecordBatch]:
    start, batches = 0, []
    for size in [*sizes, table.num_rows]:
        batches += table.slice(start, size).combine_chunks().to_batches()
        start += size
    return batches


CLAIMS = st.lists(st.lists(st.integers(1, 3), max_size=3), max_size=12)


@given(CLAIMS, st.lists(st.integers(0, 5), max_size=8))
def test_every_customer_comes_once_with_what_is_its_own(claims, sizes):
    table = pa.Table.from_pylist(rows(claims), schema=SCHEMA)
    batches = list(customer_batches(cut(table, sizes)))
    customers = [one for batch in batches for one in batch.customers]
    assert [one.customer_id for one in customers] == [f"C {each}" for each in range(len(claims))]
    assert [len(one.contacts) for one in customers] == [mine.count(1) for mine in claims]
    assert [one.withheld for one in customers] == [len(mine) - mine.count(1) for mine in claims]
    assert sum(batch.profiles.num_rows for batch in batches) == len(claims)
    assert sum(batch.contacts.num_rows for batch in batches) == sum(
        mine.count(1) for mine in claims
    )
    assert sum(batch.shared_addresses for batch in batches) == sum(
        one.withheld for one in customers
    )
    assert sum(batch.without_address for batch in batches) == sum(
        not one.contacts for one in customers
    )


def test_a_customer_has_the_values_that_the_row_has():
    [batch] = customer_batches(cut(pa.Table.from_pylist(rows([[2, 1]]), schema=SCHEMA), []))
    [customer] = batch.customers
    assert dict(customer.profile) == GIVEN | {"customer_key": "k000"}
    assert customer.contacts == (Contact("C1", "0 at 1"),)
    assert customer.profile["last_purchase_at"].tzinfo is dt.UTC


def test_consent_is_what_the_query_returned_and_none_without_an_answer():
    answers = [True, False, None]
    joined = [
        row | {"ad_consent": one} for row, one in zip(rows([[1], [], [1]]), answers, strict=True)
    ]
    batches = customer_batches(cut(pa.Table.from_pylist(joined, schema=SCHEMA), []))
    assert [one.ad_consent for batch in batches for one in batch.customers] == answers


def unusable(joined: list[dict], **capabilities) -> tuple[int, int]:
    batches = customer_batches(cut(pa.Table.from_pylist(joined, schema=SCHEMA), [2]))
    destination = Capabilities(requests=True, **capabilities)
    counts = [batch.unusable(destination) for batch in batches]
    return (
        sum(one["unreadable_email"] for one in counts),
        sum(one["unreadable_phone"] for one in counts),
    )


def test_a_customer_is_counted_once_for_each_kind_of_address_that_the_destination_gets():
    faults = [(True, False), (True, True), (None, None), (False, True)]
    joined = [
        row | {"unreadable_email": faults[number][0], "unreadable_phone": faults[number][1]}
        for number, claims in enumerate([[1, 1], [], [1], [2]])
        for row in rows([claims] * (number + 1))[-max(len(claims), 1) :]
    ]
    both = frozenset({"email", "phone"})
    assert unusable(joined, addresses=both) == (2, 2)
    assert unusable(joined, addresses=frozenset({"email"})) == (2, 0)
    assert unusable(joined) == (0, 0)
    consented = [row | {"ad_consent": row["customer_id"] == "C 1" or None} for row in joined]
    assert unusable(consented, addresses=both, consented=True) == (1, 1)
    assert unusable(joined, addresses=both, consented=True) == (0, 0)


def test_an_address_beyond_ascii_is_counted_where_it_cannot_be_used():
    joined = rows([[1], [1], [2], []])
    addresses = ["jos\u00e9@a.example", "a@b.example", "\u00e9@a.example", None]
    for row, address in zip(joined, addresses, strict=True):
        row |= {"channel_type": address and "EMAIL", "address": address}
    mail = frozenset({"email"})
    assert unusable(joined, addresses=mail, ascii_email=True) == (1, 0)
    assert unusable(joined, addresses=mail) == (0, 0)


def test_no_rows_are_no_batches():
    assert list(customer_batches([])) == []
    assert list(customer_batches(cut(SCHEMA.empty_table(), []))) == []


def test_reach_counts_each_customer_once_a_kind_of_own_address():
    everyone = rows([[1, 1], [1], [2], [], [1]])
    channels = ["EMAIL", "SMS", "EMAIL", "EMAIL", None, "PUSH"]
    segments = dict(zip(["C 0", "C 1", "C 2", "C 3", "C 4"], "AABBA", strict=True))
    table = [
        row
        | {
            "channel_type": channel,
            "segment": segments[row["customer_id"]],
            "ad_consent": {"C 0": True, "C 1": False}.get(row["customer_id"]),
            "email_consent": {"C 0": True, "C 1": False, "C 3": True}.get(row["customer_id"]),
        }
        for row, channel in zip(everyone, channels, strict=True)
    ]
    batches = customer_batches(cut(pa.Table.from_pylist(table, schema=SCHEMA), []))

    reached = [batch.reached() for batch in batches]

    def total(kind: str) -> dict[str, int]:
        return dict(sum((one[kind] for one in reached), Counter()))

    assert total("customers") == {"A": 3, "B": 2}
    assert total("email") == {"A": 2}  # another customer's address reaches nobody in B
    assert total("phone") == {"A": 1}
    assert total("ad_consent") == {"A": 1}
    assert total("email_granted") == {"A": 1}  # without an address, agreeing is no reach
    assert total("email_denied") == {"A": 1}
