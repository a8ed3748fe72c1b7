"""Shops with extreme figures, from the upload to the scores: a run ends with sound figures."""

from __future__ import annotations

import collections
import csv
import datetime as dt
import json
import math
from collections.abc import Iterable, Iterator
from decimal import Decimal

from adapters.tables.parquet import read_table
from tessera import naming
from tessera.records.codec import encode
from tests.reference import case as file_of
from tests.steps.weeks import FIRST_DAY, Order, Weeks


def orders_of(name: str) -> list[Order]:
    rows = csv.DictReader(file_of(name).read_text(encoding="utf-8").splitlines())
    return [
        Order(row["OrderID"], row["CustomerID"], dt.datetime.fromisoformat(row["Date"]).date(),
              Decimal(row["Amount"]))
        for row in rows
    ]  # fmt: skip


def scored(shop: Weeks, orders: list[Order]) -> tuple[dict, list[dict]]:
    """Return what a run says of these orders, as JSON, and its customers' profiles."""
    day = max(order.day for order in orders) + dt.timedelta(days=1)
    record = shop.score(orders, name="orders", as_of=day)
    files = shop.data.sizes(naming.profiles_prefix("default"))
    paths = [shop.folder / shop.data.bucket / key for key in files]
    profiles = read_table([path for path in paths if path.suffix == ".parquet"]).to_pylist()
    assert record.customers == len(profiles) == len({order.customer for order in orders})
    document = json.loads(json.dumps(encode(record), allow_nan=False))
    assert all(math.isfinite(value) for each in profiles for value in numbers(each.values()))
    return document, profiles


def numbers(values: Iterable[object]) -> Iterator[float]:
    return (float(one) for one in values if isinstance(one, int | float | Decimal))


def test_where_every_order_is_free_no_value_is_forecast(tmp_path):
    document, profiles = scored(Weeks(tmp_path / "shop"), orders_of("32-all-orders-free"))
    assert document["monetary"] == "0.00"
    assert {profile["clv_365d"] for profile in profiles} == {None}


def test_one_huge_customer_moves_nobody_else_by_more_than_a_place(tmp_path):
    orders = orders_of("44-one-huge-customer")
    [(huge, count)] = collections.Counter(order.customer for order in orders).most_common(1)
    rest = [order for order in orders if order.customer != huge]
    with_it = monetary_scores(Weeks(tmp_path / "with"), orders)
    without = monetary_scores(Weeks(tmp_path / "without"), rest)
    assert count == 3000
    differ = [abs(score - without[who]) for who, score in with_it.items() if who in without]
    assert max(differ) <= 1
    assert len(set(without.values())) == len(set(with_it.values())) == 5


def monetary_scores(shop: Weeks, orders: list[Order]) -> dict[str, int]:
    _, profiles = scored(shop, orders)
    return {profile["customer_key"]: profile["m_score"] for profile in profiles}


def test_daily_buyers_of_one_cohort_get_sound_forecasts_or_none(tmp_path):
    orders = [
        Order(f"o{who}-{day}", f"c{who}", FIRST_DAY + dt.timedelta(days=day), Decimal(5 + who % 7))
        for who in range(60)
        for day in range(180)
    ]
    _, profiles = scored(Weeks(tmp_path / "shop"), orders)
    for profile in profiles:
        assert profile["p_alive"] is None or 0 <= profile["p_alive"] <= 1
        expected = profile["expected_orders_365d"]
        assert expected is None or 0 <= expected <= 2 * 365
