"""What is cancelled and refunded counts once, against an oracle in plain Python, on any history."""

from __future__ import annotations

import collections
import dataclasses
import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from adapters.engines.duckdb.history import DuckDBRelations
from adapters.engines.duckdb.session import Connection, connect
from adapters.engines.orders import settle_orders
from tessera.customers.orders.overlap import Overlap

COLUMNS = (
    "customer_key VARCHAR, event VARCHAR, occurred_at TIMESTAMPTZ, amount DECIMAL(18, 4), "
    "order_id VARCHAR, event_id VARCHAR, product_code VARCHAR, product_name VARCHAR, "
    "product_category VARCHAR, products VARCHAR, upload_rank INTEGER"
)


@dataclasses.dataclass(frozen=True, order=True)
class Event:
    """An event of a history. Without a number it is of no order."""

    day: int
    event: str
    amount: Decimal
    customer: str = "a"
    order: str = "1"


def back(event: Event) -> Event:
    """Let what gives money back be below zero, as rows are read."""
    sign = -1 if event.event in {"REFUNDED", "CANCELLED"} else 1
    return dataclasses.replace(event, amount=sign * event.amount)


EVENT = st.builds(
    Event,
    day=st.integers(1, 28),
    event=st.sampled_from(["PURCHASED", "REFUNDED", "CANCELLED", "RENEWED"]),
    amount=st.sampled_from([Decimal(0), Decimal("0.01"), Decimal(40), Decimal(60), Decimal(100)]),
    customer=st.sampled_from("ab"),
    order=st.sampled_from(["1", "2", ""]),
).map(back)
SALE, REFUND, CANCELLATION = (
    Event(1, "PURCHASED", Decimal(100)),
    Event(2, "REFUNDED", Decimal(-100)),
    Event(2, "CANCELLED", Decimal(-100)),
)


def counted_by_hand(events: Sequence[Event]) -> list[Event]:
    """Return the events with their returns cut, an order at a time."""
    counted = [event for event in events if event.amount >= 0 or not event.order]
    returns = collections.defaultdict(list)
    for event in sorted(events):
        if event.amount < 0 and event.order:
            returns[event.customer, event.order].append(event)
    for order, lines in returns.items():
        sales = [
            event.amount
            for event in events
            if (event.customer, event.order) == order
            and event.event == "PURCHASED" and event.amount >= 0
        ]  # fmt: skip
        left = sum(sales, Decimal(0))
        limited = sales and {"CANCELLED", "REFUNDED"} <= {line.event for line in lines}
        for line in lines:
            taken = min(-line.amount, left) if limited else -line.amount
            left -= taken
            counted.append(dataclasses.replace(line, amount=-taken))
    return counted


@pytest.fixture
def db(tmp_path) -> Iterator[Connection]:
    with connect(tmp_path, memory_limit_mb=256) as connection:
        yield connection


def settled(db: Connection, events: Sequence[Event]) -> tuple[list[Event], Overlap]:
    """Return the events as the engine counts them."""
    for name in ("events", "order_returns", "overdrawn_orders", "cut_returns"):
        db.execute(f"DROP TABLE IF EXISTS {name}")
    db.execute(f"CREATE TABLE events ({COLUMNS})")
    rows = [
        (event.customer, event.event, dt.datetime(2026, 1, event.day, tzinfo=dt.UTC),
         event.amount, event.order or None, None, None, None, None, None, 0)
        for event in events
    ]  # fmt: skip
    db.executemany("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
    query, overlap = settle_orders(DuckDBRelations(db), "events", Overlap())
    counted = [
        Event(at.day, event, amount, customer, order or "")
        for customer, event, at, amount, order, *_ in db.execute(query).fetchall()
    ]
    return counted, overlap


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(EVENT, min_size=1, max_size=8))
@example([SALE, REFUND, CANCELLATION])
@example([REFUND, CANCELLATION])
@example([dataclasses.replace(SALE, amount=Decimal(0)), REFUND])
@example([SALE, *(dataclasses.replace(REFUND, amount=Decimal(-part)) for part in (40, 30))])
def test_no_order_that_was_cancelled_and_refunded_counts_below_zero(db, events):
    counted, overlap = settled(db, events)
    assert collections.Counter(counted) == collections.Counter(counted_by_hand(events))
    for order in {(event.customer, event.order) for event in events if event.order}:
        lines = [event for event in counted if (event.customer, event.order) == order]
        kinds = {event.event for event in lines if event.event == "PURCHASED" or event.amount < 0}
        if kinds == {"PURCHASED", "REFUNDED", "CANCELLED"}:
            assert sum(event.amount for event in lines if event.event != "RENEWED") >= 0
    cut = sum(event.amount for event in counted) - sum(event.amount for event in events)
    assert overlap.overdrawn == cut
    assert bool(overlap.overdrawn_orders) == bool(cut)
    if all(event.amount >= 0 for event in events):
        assert sorted(counted) == sorted(events)


def test_the_earliest_returns_count_and_later_ones_are_cut(db):
    second = dataclasses.replace(REFUND, day=3, amount=Decimal(-70))
    first = dataclasses.replace(CANCELLATION, day=2, amount=Decimal(-60))
    third = dataclasses.replace(REFUND, day=4, amount=Decimal(-5))
    counted, overlap = settled(db, [third, second, SALE, first])
    taken = {event.day: event.amount for event in counted if event.event != "PURCHASED"}
    assert taken == {2: -60, 3: -40, 4: 0}
    assert (overlap.overdrawn_orders, overlap.overdrawn) == (1, 35)


def test_the_warning_has_how_many_orders_and_how_much_money():
    one = Overlap(overdrawn_orders=1, overdrawn=Decimal("99.3900"))
    assert one.warnings() == (
        "1 order gave back more than it cost, by 99.39: "
        "a cancellation and a refund of one order count once",
    )
    more = Overlap(overdrawn_orders=1200, overdrawn=Decimal("12345.5001"))
    assert more.warnings() == (
        "1,200 orders gave back more than they cost, by 12,345.5001 together: "
        "a cancellation and a refund of one order count once",
    )
