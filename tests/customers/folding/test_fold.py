"""The fold on columns: orders, money, and days where a clock goes back over midnight."""

from __future__ import annotations

import numpy as np
import pytest

from tessera.customers.folding.fold import fold
from tessera.customers.folding.rows import NO_ORDER_ID, EventRows

ORDER, MONEY, LOOK, VIEW, READ = 1, 2, 4, 8, 16
BOUGHT = ORDER | MONEY
MINUTE_US = 60_000_000


def rows(*events: dict, starts=(0,)) -> EventRows:
    """Return events, by default of one customer, bought for nothing ten days ago."""

    def column(name: str, other: int, dtype: type = np.int64):
        return np.array([event.get(name, other) for event in events], dtype)

    return EventRows(
        starts=np.array(starts, np.int64),
        occurred_us=column("minute", 0) * MINUTE_US,
        minor=column("minor", 0),
        orders=column("order", NO_ORDER_ID),
        days_ago=column("ago", 10),
        marks=column("marks", BOUGHT, np.int8),
    )


def summary(*events: dict, starts=(0,)) -> dict[str, list]:
    made = fold(rows(*events, starts=starts)).customers
    return {name: values.tolist() for name, values in made.items()}


def test_an_order_is_its_id_or_else_its_instant():
    same_id = summary({"order": 5}, {"order": 5, "minute": 9}, {"order": 6})
    assert same_id["frequency"] == [2]
    by_instant = summary({"minute": 9}, {"minute": 1}, {"minute": 9})
    assert by_instant["frequency"] == [2]
    assert summary({}, {"order": 0})["frequency"] == [2]
    assert summary({"order": 5}, {"order": 5}, starts=(0, 1))["frequency"] == [1, 1]


def test_who_did_nothing_of_a_kind_has_no_day_of_it():
    made = summary({"marks": LOOK | VIEW, "ago": 3}, {"marks": READ, "ago": 4}, starts=(0, 1))
    assert made["last_view_days"] == [3, None]
    assert made["last_email_days"] == [None, 4]
    assert made["recency_days"] == made["first_purchase_at"] == [None, None]
    assert made["purchase_days"] == made["monetary"] == [0, 0]


def test_a_clock_that_goes_back_over_midnight_leaves_one_row_for_each_day():
    """At 00:01 in St John's it was 23:01 of the day before again."""
    looks = [{"marks": LOOK | VIEW, "minute": m, "ago": ago} for m, ago in ((0, 9), (1, 8), (2, 9))]
    bought = [{"minute": m, "ago": ago, "minor": 10} for m, ago in ((0, 9), (1, 8), (2, 9))]
    made = fold(rows(*looks, *bought))
    assert made.looks["days_ago"].tolist() == made.days["days_ago"].tolist() == [9, 8]
    assert made.looks["visits"].tolist() == [2, 1]
    assert made.looks["sessions"].tolist() == [1, 0]
    assert made.days["net"].tolist() == [20, 10]
    assert made.customers["purchase_days"].tolist() == [2]
    assert made.customers["gap_squares"].tolist() == [1]


def test_money_that_a_column_holds_is_exact_and_more_is_refused():
    most = 10**18 - 1
    assert summary({"minor": most})["monetary"] == [most]
    assert summary({"minor": most}, {"minor": most}, starts=(0, 1))["monetary"] == [most, most]
    for events in ([{"minor": most}, {"minor": 1}], [{"minor": most}] * 19):
        with pytest.raises(AssertionError, match="more than a decimal"):
            fold(rows(*events))


def test_no_events_are_no_customers():
    made = fold(rows(starts=()))
    assert {len(values) for each in (made.customers, made.days, made.looks)
            for values in each.values()} == {0}  # fmt: skip
