"""Customers by day and in one row, against plain Python, and the sample of buyers."""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
from collections import defaultdict
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.tables.parquet import arrow_schema
from tessera.contracts.tables import BEHAVIOUR_DAYS, CUSTOMERS, EVENTS
from tessera.customers.behaviour import SAMPLED_BUYERS, behaviour_days, sampled_buyers
from tessera.customers.summary import Period, duckdb_days
from tessera.events.pseudonym import customer_keys
from tests.folding import fold_all

ZONES = ("UTC", "America/New_York", "Asia/Kathmandu", "Pacific/Auckland", "America/Sao_Paulo")
AS_OF = dt.date(2024, 3, 12)
ORDERS = ("PURCHASED", "RENEWED")
EVENT = st.tuples(
    st.sampled_from("abcd"),
    st.sampled_from(
        ["PURCHASED", "PURCHASED", "RENEWED", "REFUNDED", "CANCELLED", "VIEWED", "SESSION",
         "PROCESSED", "EMAIL_SENT", "EMAIL_OPENED", "EMAIL_CLICKED"]
    ),
    # Whole hours meet midnights, the 30 days' edge, clocks going forward, and what comes too late.
    st.integers(-24 * 220, 48).map(
        lambda hours: dt.datetime(2024, 3, 12, tzinfo=dt.UTC) + dt.timedelta(hours=hours)
    ),
    st.integers(0, 400).map(lambda cents: Decimal(cents) / 100),
)  # fmt: skip


@dataclasses.dataclass(frozen=True)
class Person:
    """A customer's events in the period, as plain Python has them."""

    events: list[tuple[int, str, Decimal]]
    looks: list[tuple[dt.datetime, int]]

    @property
    def sessions(self) -> list[int]:
        """The days on which a session began: on each look after half an hour without one."""
        looks = sorted(self.looks)
        before = [dt.datetime.min.replace(tzinfo=dt.UTC), *(at for at, _ in looks)]
        pause = dt.timedelta(minutes=30)
        return [ago for (at, ago), last in zip(looks, before, strict=False) if at - last >= pause]

    @property
    def days(self) -> dict[int, dict[str, Any]]:
        """The days by their distance."""
        days: dict[int, dict[str, Any]] = defaultdict(
            lambda: {
                "bought": 0, "net": Decimal(0), "lines": 0, "views": 0, "sessions": 0, "emails": 0
            }
        )  # fmt: skip
        for ago, name, amount in self.events:
            ordered = name == "PURCHASED" or (name == "RENEWED" and amount > 0)
            days[ago]["bought"] |= ordered
            days[ago]["net"] += amount
            days[ago]["lines"] += ordered
            days[ago]["views"] += name in ("VIEWED", "SESSION")
            days[ago]["emails"] += name in ("EMAIL_OPENED", "EMAIL_CLICKED")
        for ago in self.sessions:
            days[ago]["sessions"] += 1
        return {ago: day for ago, day in days.items() if any(day.values())}

    @property
    def summary(self) -> dict[str, Any]:
        """The columns of CUSTOMERS that days give."""
        days, bought = self.days, sorted(ago for ago, day in self.days.items() if day["bought"])
        gaps = [older - newer for newer, older in itertools.pairwise(bought)]
        counted = {
            f"{name}_30d": sum(day[name] for ago, day in days.items() if ago <= 30)
            for name in ("views", "sessions", "emails")
        }
        viewed = [ago for ago, name, _ in self.events if name == "VIEWED"]
        return {
            "monetary": sum((day["net"] for day in days.values()), Decimal(0)),
            "purchase_days": len(bought),
            "recency_days": min(bought, default=None),
            "tenure_days": max(bought, default=None),
            "first_day_monetary": days[bought[-1]]["net"] if bought else 0,
            "last_day_monetary": days[bought[0]]["net"] if bought else 0,
            "gap_squares": sum(gap**2 for gap in gaps),
            "lines": sum(day["lines"] for day in days.values()),
            **{
                f"purchase_days_{each}d": sum(ago <= each for ago in bought)
                for each in (30, 90, 180)
            },
            **counted,
            "visits_30d": counted["views_30d"],
            "views_30d": sum(ago <= 30 for ago in viewed),
            "views": len(viewed),
            "sessions": len(self.sessions),
            "visits": sum(day["views"] for day in days.values()),
            "emails_read": sum(day["emails"] for day in days.values()),
            "last_view_days": min((ago for ago in days if days[ago]["views"]), default=None),
            "last_email_days": min((ago for ago in days if days[ago]["emails"]), default=None),
        }


def people_of(events, *, zone: str) -> dict[str, Person]:
    people: dict[str, Person] = {}
    for who, name, at, amount in events:
        ago = (AS_OF - at.astimezone(ZoneInfo(zone)).date()).days
        if ago >= 1:
            person = people.setdefault(who, Person([], []))
            person.events.append((ago, name, amount))
            if name in ("VIEWED", "SESSION"):
                person.looks.append((at, ago))
    return people


def signed(events) -> list[tuple]:
    """Give amounts their signs, as EVENTS has them."""
    signs = {"PURCHASED": 1, "RENEWED": 1, "REFUNDED": -1, "CANCELLED": -1}
    return [(who, name, at, signs.get(name, 0) * amount) for who, name, at, amount in events]


def tables_of(events, *, zone: str, limit: int = 9) -> tuple[pa.Table, pa.Table]:
    """Fold events to CUSTOMERS and BEHAVIOUR_DAYS."""
    period = Period(as_of=AS_OF, window_months=0, time_zone=zone)
    rows = [
        {"customer_key": who, "event": name, "occurred_at": at, "amount": amount}
        for who, name, at, amount in events
    ]
    in_days = duckdb_days(period)
    with duckdb.connect() as db:
        db.execute("SET TimeZone = 'UTC'")
        db.register("events", pa.Table.from_pylist(rows, arrow_schema(EVENTS)))
        made = fold_all(db, "events", period=period)
        for name, table in (
            ("days", made.days), ("looks", made.looks), ("customers", made.customers),
        ):  # fmt: skip
            db.register(name, table)
        [[buyers]] = db.sql("SELECT count(*) FROM customers WHERE frequency > 0").fetchall()
        chosen = sampled_buyers("customers", buyers=buyers, limit=limit)
        named = f"(SELECT customer_key AS name, customer_key FROM ({chosen}))"
        behaviour = behaviour_days(
            "events",
            days="days",
            looks="looks",
            sampled=named,
            period=period,
            days_until_as_of=in_days,
        )
        return made.customers, db.sql(behaviour).to_arrow_table()


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(EVENT, max_size=40), st.sampled_from(ZONES))
def test_customers_and_their_days_are_what_plain_python_counts(events, zone):
    events = signed(events)
    customers, behaviour = tables_of(events, zone=zone)
    people = people_of(events, zone=zone)
    rows = {row.pop("customer_key"): row for row in customers.to_pylist()}
    assert rows.keys() == people.keys()
    for who, person in people.items():
        assert {name: rows[who][name] for name in person.summary} == person.summary
    expected = {
        (who, ago): day
        for who, person in people.items()
        if person.summary["purchase_days"]
        for ago, day in person.days.items()
    }
    days = {(row.pop("customer_key"), row.pop("days_ago")): row for row in behaviour.to_pylist()}
    assert days == expected
    assert len(behaviour) == len(expected)


def test_the_columns_are_the_contracts():
    events = [("a", "PURCHASED", dt.datetime(2024, 1, 1, tzinfo=dt.UTC), Decimal(1))]
    for table, contract in zip(
        tables_of(events, zone="UTC"), (CUSTOMERS, BEHAVIOUR_DAYS), strict=True
    ):
        assert set(table.column_names) == set(contract.names)
        plain = [field.type for field in table.select(contract.names).schema if _is_number(field)]
        assert plain == [f.type for f in arrow_schema(contract) if _is_number(f)]


def _is_number(field: pa.Field) -> bool:
    return pa.types.is_integer(field.type) or pa.types.is_decimal(field.type)


@pytest.mark.parametrize("limit", [100, 1000, 2500])
def test_the_sample_has_about_as_many_buyers_as_the_limit(limit):
    key_of = customer_keys(b"a secret for tests", tenant="default")
    at = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
    events = [(key_of(str(number)), "PURCHASED", at, Decimal(1)) for number in range(5000)]
    looking = [(key_of(f"no-{number}"), "VIEWED", at, Decimal(0)) for number in range(5000)]
    customers, behaviour = tables_of([*events, *looking], zone="UTC", limit=limit)
    chosen = behaviour.column("customer_key").to_pylist()
    spread = (limit * (1 - limit / 5000)) ** 0.5
    assert abs(len(chosen) - limit) < 4 * spread
    buyers = customers.filter(pa.compute.field("frequency") > 0)
    assert set(chosen) == set(sorted(buyers.column("customer_key").to_pylist())[: len(chosen)])


def test_as_many_buyers_as_the_limit_are_all_chosen():
    query = sampled_buyers("customers", buyers=SAMPLED_BUYERS)
    assert query == "SELECT customer_key FROM customers WHERE frequency > 0"
    assert sampled_buyers("customers", buyers=SAMPLED_BUYERS + 1).endswith(
        " AND customer_key < 'ffff583a'"
    )
