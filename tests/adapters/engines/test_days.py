"""Customers' days: how many are held out, and cohorts."""

from __future__ import annotations

import collections
from decimal import Decimal

from tests import reference

HEADER = "EventName,CustomerID,Date,UnitPrice,Quantity,OrderID\n"


def rows(*events: tuple[str, str, str, str]) -> str:
    lines = [
        f"{name},{customer},{at},{price},1,{order}"
        for order, (name, customer, at, price) in enumerate(events)
    ]
    return HEADER + "\n".join(lines) + "\n"


def test_a_customers_first_purchase_day_and_its_money_are_distinguished(fold):
    folded = fold(
        rows(
            ("PURCHASED", "a", "2024-01-01T08:00:00Z", "10"),
            ("PURCHASED", "a", "2024-01-01T20:00:00Z", "5"),
            ("REFUNDED", "a", "2024-01-01T21:00:00Z", "1"),
            ("PURCHASED", "a", "2024-03-01T08:00:00Z", "7"),
            ("REFUNDED", "a", "2024-03-05T08:00:00Z", "2"),
            ("VIEWED", "b", "2024-03-05T08:00:00Z", "0"),
        )
    )
    a, b = folded.customers["a"], folded.customers["b"]
    assert (a["frequency"], a["purchase_days"]) == (3, 2)
    assert (a["first_day_monetary"], a["monetary"]) == (Decimal(14), Decimal(19))
    assert (b["purchase_days"], b["first_day_monetary"], b["tenure_days"]) == (0, 0, None)


def test_a_third_of_the_history_is_held_out_in_whole_weeks(fold):
    days = [("2023-01-01", "10"), ("2023-06-01", "20"), ("2023-12-20", "40")]
    one = [("PURCHASED", "a", f"{day}T12:00:00Z", price) for day, price in days]
    folded = fold(rows(*one), as_of="2024-01-01")
    assert folded.summary["holdout_days"] == 119  # 17 whole weeks, no more than a third of 365 days


def test_a_short_history_holds_nothing_out(fold):
    folded = fold(rows(("PURCHASED", "a", "2024-01-01T12:00:00Z", "10")), as_of="2024-02-01")
    assert folded.summary["holdout_days"] is None


def test_cohorts_count_each_buyer_once_a_month(fold):
    folded = fold(
        rows(
            ("PURCHASED", "a", "2023-12-31T23:30:00Z", "10"),
            ("PURCHASED", "a", "2024-01-05T12:00:00Z", "5"),
            ("PURCHASED", "a", "2024-01-09T12:00:00Z", "5"),
            ("PURCHASED", "b", "2023-12-05T12:00:00Z", "3"),
        ),
        time_zone="UTC",
    )
    december = 2023 * 12 + 11
    assert folded.summary["cohorts"] == [
        {"cohort": december, "months_later": 0, "customers": 2, "spend": "13.0000"},
        {"cohort": december, "months_later": 1, "customers": 1, "spend": "10.0000"},
    ]


def test_days_follow_the_time_zone(fold):
    folded = fold(
        rows(
            ("PURCHASED", "a", "2023-12-31T23:30:00Z", "10"),
            ("PURCHASED", "a", "2024-01-01T12:00:00Z", "5"),
        ),
        time_zone="Europe/Paris",
    )
    assert folded.customers["a"]["purchase_days"] == 1
    assert [row["cohort"] for row in folded.summary["cohorts"]] == [2024 * 12]


def test_repeats_and_spend_of_cdnow_equal_lifetimes(fold):
    folded = fold(reference.EVENTS["cdnow_sample"], as_of="1998-07-01")
    expected = reference.rows("oracles/clv/cdnow_sample_lifetimes_summary_full")
    ours = collections.Counter(
        (
            row["purchase_days"] - 1,
            row["tenure_days"] - row["recency_days"],
            round(float(row["monetary"] - row["first_day_monetary"]), 2),
        )
        for row in folded.customers.values()
    )
    theirs = collections.Counter(
        (
            int(float(row["frequency"])),
            round(float(row["recency"]) * 7),
            round(float(row["frequency"]) * float(row["monetary_value"]), 2),
        )
        for row in expected
    )
    assert ours == theirs


def test_the_time_to_a_second_order_is_the_median_over_those_who_came_back_on_another_day(fold):
    folded = fold(
        rows(
            ("PURCHASED", "a", "2024-01-01T08:00:00Z", "10"),
            ("PURCHASED", "a", "2024-01-01T20:00:00Z", "10"),  # the same day is no return
            ("PURCHASED", "a", "2024-01-11T08:00:00Z", "10"),
            ("PURCHASED", "a", "2024-06-01T08:00:00Z", "10"),  # a third order does not count
            ("PURCHASED", "b", "2024-01-01T08:00:00Z", "10"),
            ("REFUNDED", "b", "2024-01-05T08:00:00Z", "10"),
            ("PURCHASED", "b", "2024-01-22T08:00:00Z", "10"),
            ("PURCHASED", "c", "2024-01-01T08:00:00Z", "10"),
            ("PURCHASED", "d", "2024-01-01T08:00:00Z", "10"),
            ("PURCHASED", "d", "2024-01-01T09:00:00Z", "10"),
        )
    )

    assert folded.summary["median_days_to_second_order"] == 15.5  # of 10 and 21
    assert folded.summary["repeat_buyers"] == 3  # with two orders, also on one day
    assert folded.summary["buyers"] == 4


def test_nobody_who_came_back_has_no_time_to_a_second_order(fold):
    folded = fold(rows(("PURCHASED", "a", "2024-01-01T12:00:00Z", "10")))

    assert folded.summary["median_days_to_second_order"] is None
    assert folded.summary["repeat_buyers"] == 0
