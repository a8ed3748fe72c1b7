"""Real histories, folded, against numbers that nobody here computed."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from adapters.engines.duckdb.validate import validate_file
from tessera.settings import RunSettings
from tests import reference
from tests.guidance import guided
from tests.histories import BOUTIQUE, SHOPS, event_file
from tests.reference import EVENTS

ROWS = {
    "cdnow_sample": (6919, 2357),
    "online_retail": (397884, 4338),
    "rfm_orders": (4906, 995),
    **{name: shop.counts for name, shop in SHOPS.items()},
}


@pytest.fixture(scope="module")
def known() -> dict[tuple[str, str], Any]:
    """What was folded already, by history and time zone."""
    return {}


@pytest.fixture
def folded(
    fold: Callable[..., Any], tmp_path: Path, known: dict[tuple[str, str], Any]
) -> Callable[..., Any]:
    """Fold a history as it is, once for all tests that ask for it."""

    def run(name: str, *, time_zone: str = "UTC") -> Any:
        if (name, time_zone) not in known:
            file = event_file(name, tmp_path)
            known[name, time_zone] = fold(file, time_zone=time_zone)
        return known[name, time_zone]

    return run


@pytest.mark.parametrize("name", ROWS)
def test_every_row_of_every_history_is_accepted(folded, name, tmp_path):
    rows, customers = ROWS[name]
    file = event_file(name, tmp_path)
    checked = validate_file(file, RunSettings())
    assert (checked.read, checked.accepted, checked.rejected) == (rows, rows, {})
    assert len(folded(name).customers) == customers


def with_order_ids(path: Path, folder: Path) -> Path:
    """One row of the source is one order, so number them: two orders of a day stay two."""
    header, *rows = reference.content(path).decode().splitlines()
    numbered = [f"{number},{row}" for number, row in enumerate(rows)]
    made = folder / "numbered.csv"
    made.write_text("\n".join([f"OrderID,{header}", *numbered]))
    return made


def test_recency_frequency_and_money_of_online_retail_equal_those_of_r(fold):
    invoices = {"order_id": "ProductDescription"}  # it reads "invoice 536365"
    customers = fold(EVENTS["online_retail"], as_of="2011-12-10", columns=invoices).customers
    assert_equal(customers, reference.rows("oracles/r_rfm/online_retail_scores"))


def test_recency_frequency_and_money_of_cdnow_equal_those_of_r(fold, tmp_path):
    path = with_order_ids(EVENTS["cdnow_sample"], tmp_path)
    customers = fold(path, as_of="1998-07-01", time_zone="America/New_York").customers
    assert_equal(customers, reference.rows("oracles/r_rfm/cdnow_sample_scores"))


def assert_equal(customers: dict[str, dict[str, Any]], expected: list[dict[str, str]]) -> None:
    assert len(expected) == len(customers)
    for row in expected:
        own = customers[row["customer_id"]]
        assert own["recency_days"] == int(row["recency_days"]), row
        assert own["frequency"] == int(row["transaction_count"]), row
        assert abs(own["monetary"] - Decimal(row["amount"])) < Decimal("0.005"), row


def test_r_rfm_orders_of_2006(fold, tmp_path):
    path = with_order_ids(EVENTS["rfm_orders"], tmp_path)
    folded = fold(path, as_of="2006-12-31", time_zone="Asia/Kolkata")
    expected = reference.rows("oracles/r_rfm/orders_scores_5bins")
    assert len(folded.customers) == 995
    assert_equal(folded.customers, expected)


def test_without_an_order_id_one_customer_at_one_instant_is_one_order(folded):
    instants = Counter()
    rows = reference.records(EVENTS["cdnow_sample"])
    for customer, _ in {(row["CustomerID"], row["Date"]) for row in rows}:
        instants[customer] += 1
    customers = folded("cdnow_sample").customers
    assert {customer: row["frequency"] for customer, row in customers.items()} == instants


@pytest.mark.parametrize(
    ("name", "zone"),
    [("cdnow_sample", "America/New_York"), ("online_retail", "UTC")],
)
def test_pymc_marketing_counts_the_same_days_and_dates(folded, name, zone):
    """Its frequency is repeat purchase days, its recency last minus first, as_of the last day."""
    expected = reference.rows(f"oracles/pymc_marketing/{name}_pymc_rfm_summary_days")
    customers = folded(name, time_zone=zone).customers
    for row in expected:
        own = customers[row["customer_id"]]
        assert own["tenure_days"] - 1 == float(row["T"]), row
        assert own["tenure_days"] - own["recency_days"] == float(row["recency"]), row


def stored(customer_id: str) -> str:
    """Return the id that a known shop's customer is stored under: "0" is nobody's id."""
    return "customer-0@example.com" if customer_id == "0" else customer_id


def test_days_of_a_known_shop_are_those_it_was_drawn_with(folded):
    """Its events happen at noon, an hour east: in Paris as anywhere, on the day drawn."""
    drawn = BOUTIQUE.drawn
    customers = folded("boutique", time_zone="Europe/Paris").customers
    for number in range(BOUTIQUE.customers):
        own, days = customers[stored(f"{number}")], drawn.day[drawn.customer == number]
        assert own["purchase_days"] == len(days)
        assert own["tenure_days"] - 1 == drawn.day.max() - days[0]
        assert own["tenure_days"] - own["recency_days"] == days[-1] - days[0]


@pytest.mark.parametrize("name", reference.NAMES)
def test_the_guidance_counts_rows_and_days_as_we_record_them(folded, name):
    """Its frequency is our ``events``. Its recency is counted in whole days between instants."""
    expected = reference.rows(f"oracles/aws_guidance/{name}_expected")
    ours = folded(name)
    rows = sorted(int(float(row["frequency"])) for row in expected)
    assert sorted(row["events"] for row in ours.customers.values()) == rows
    money = sum(Decimal(row["monetary"]) for row in expected)
    assert abs(ours.money - money) < 1


@pytest.mark.parametrize("name", SHOPS)
def test_rows_and_money_of_known_shops_are_those_of_their_file(folded, name):
    theirs = guided(SHOPS[name].events())
    ours = {who: (row["events"], row["monetary"]) for who, row in folded(name).customers.items()}
    columns = (theirs.customers, theirs.frequency.tolist(), theirs.monetary)
    assert ours == {stored(who): (rows, money) for who, rows, money in zip(*columns, strict=True)}


def test_online_retail_adds_up_to_the_cent(folded):
    ours = folded("online_retail")
    first = ours.customers["12347"]
    assert first["monetary"] == Decimal("4310.0000")
    assert first["first_purchase_at"] == dt.datetime(2010, 12, 7, 14, 57, tzinfo=dt.UTC)
    with_events = sum((row["amount"] for row in ours.events), Decimal(0))
    assert ours.money == with_events
