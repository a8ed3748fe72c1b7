"""Real histories, folded, against numbers that nobody here computed."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from adapters.engines.validate import validate_file
from tessera.settings import RunSettings

FILES = ("apparel", "cdnow_sample", "grocery", "olist_10k", "online_retail", "rfm_orders")
ROWS = {
    "apparel": (3187, 600),
    "cdnow_sample": (6919, 2357),
    "grocery": (10483, 1525),
    "olist_10k": (10406, 9957),
    "online_retail": (397884, 4338),
    "rfm_orders": (4906, 995),
}


def history(shared: Path, name: str) -> Path:
    [path] = (shared / "data/events").glob(f"{name}_events.csv*")
    return path


def read(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("name", FILES)
def test_every_row_of_every_history_is_accepted(shared, fold, name):
    rows, customers = ROWS[name]
    checked = validate_file(history(shared, name), RunSettings())
    assert (checked.read, checked.accepted, checked.rejected) == (rows, rows, {})
    folded = fold(history(shared, name))
    assert len(folded.customers) == customers


def with_order_ids(path: Path, folder: Path) -> Path:
    """One row of the source is one order, so number them: two orders of a day stay two."""
    body = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    header, *rows = body.decode().splitlines()
    numbered = [f"{number},{row}" for number, row in enumerate(rows)]
    made = folder / "numbered.csv"
    made.write_text("\n".join([f"OrderID,{header}", *numbered]))
    return made


def test_recency_frequency_and_money_of_online_retail_equal_those_of_r(shared, fold):
    path = history(shared, "online_retail")
    invoices = {"order_id": "ProductDescription"}  # it reads "invoice 536365"
    found = fold(path, as_of="2011-12-10", columns=invoices).customers
    assert_equal(found, read(shared / "oracles/r_rfm/online_retail_scores.csv"))


def test_recency_frequency_and_money_of_cdnow_equal_those_of_r(shared, fold, tmp_path):
    path = with_order_ids(history(shared, "cdnow_sample"), tmp_path)
    found = fold(path, as_of="1998-07-01", time_zone="America/New_York").customers
    assert_equal(found, read(shared / "oracles/r_rfm/cdnow_sample_scores.csv"))


def assert_equal(found: dict[str, dict[str, Any]], expected: list[dict[str, str]]) -> None:
    assert len(expected) == len(found)
    for row in expected:
        own = found[row["customer_id"]]
        assert own["recency_days"] == int(row["recency_days"]), row
        assert own["frequency"] == int(row["transaction_count"]), row
        assert abs(own["monetary"] - Decimal(row["amount"])) < Decimal("0.005"), row


def test_r_rfm_orders_of_2006(shared, fold, tmp_path):
    path = with_order_ids(history(shared, "rfm_orders"), tmp_path)
    folded = fold(path, as_of="2006-12-31", time_zone="Asia/Kolkata")
    expected = read(shared / "oracles/r_rfm/orders_scores_5bins.csv")
    assert len(folded.customers) == 995
    assert_equal(folded.customers, expected)


def test_without_an_order_id_one_customer_at_one_instant_is_one_order(shared, fold):
    instants = Counter()
    with gzip.open(history(shared, "cdnow_sample"), "rt") as file:
        for customer, _ in {(row["CustomerID"], row["Date"]) for row in csv.DictReader(file)}:
            instants[customer] += 1
    found = fold(history(shared, "cdnow_sample")).customers
    assert {customer: row["frequency"] for customer, row in found.items()} == instants


@pytest.mark.parametrize(
    ("name", "zone"),
    [("apparel", "Europe/Paris"), ("cdnow_sample", "America/New_York"), ("online_retail", "UTC")],
)
def test_pymc_marketing_counts_the_same_days_and_dates(shared, fold, name, zone):
    """Its frequency is repeat purchase days, its recency last minus first, as_of the last day."""
    expected = read(shared / f"oracles/rfm_peers/{name}_pymc_rfm_summary_days.csv")
    folded = fold(history(shared, name), time_zone=zone)
    for row in expected:
        own = folded.customers[row["customer_id"]]
        assert own["tenure_days"] - 1 == float(row["T"]), row
        assert own["tenure_days"] - own["recency_days"] == float(row["recency"]), row


@pytest.mark.parametrize("name", FILES)
def test_the_guidance_counts_rows_and_days_as_we_record_them(shared, fold, name):
    """Its frequency is our ``events``; its recency is counted in whole days between instants."""
    expected = read(shared / f"oracles/aws_reference/{name}_expected.csv")
    folded = fold(history(shared, name))
    rows = sorted(int(float(row["frequency"])) for row in expected)
    assert sorted(row["events"] for row in folded.customers.values()) == rows
    money = sum(Decimal(row["monetary"]) for row in expected)
    assert abs(folded.money - money) < 1


def test_online_retail_adds_up_to_the_cent(shared, fold):
    folded = fold(history(shared, "online_retail"), as_of="2011-12-10")
    first = folded.customers["12347"]
    assert first["monetary"] == Decimal("4310.0000")
    assert first["first_purchase_at"] == dt.datetime(2010, 12, 7, 14, 57, tzinfo=dt.UTC)
    with_events = sum((row["amount"] for row in folded.events), Decimal(0))
    assert folded.money == with_events
