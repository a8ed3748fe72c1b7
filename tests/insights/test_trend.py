"""A trend has one point per day, the oldest first."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from tessera.insights.trend import MOST, extended, trend_of
from tessera.records.codec import encode
from tessera.records.runs.trend import TrendPoint
from tests.insights.made import groups_of


def point(day: int, *, run_id: str = "r") -> TrendPoint:
    return TrendPoint(
        run_id=run_id,
        as_of=dt.date(2026, 1, 1) + dt.timedelta(days=day),
        customers=1,
        buyers=1,
        orders=1,
        monetary="1.00",
        segments={"New": 1},
    )


@given(st.lists(st.integers(0, 60), max_size=80))
def test_any_order_of_runs_leaves_rising_days_and_ends_with_the_last_run(days):
    points: tuple[TrendPoint, ...] = ()
    for day in days:
        points = extended(points, point(day))
    shown = [one.as_of for one in points]
    assert shown == sorted(set(shown))
    assert len(points) <= MOST
    assert not days or points[-1] == point(days[-1])


def test_a_second_run_of_a_day_replaces_the_first():
    points = extended(extended((), point(3, run_id="first")), point(3, run_id="second"))

    assert [one.run_id for one in points] == ["second"]


def test_a_point_keeps_customers_and_money_of_every_group(shop_records):
    score = encode(shop_records("online_retail").score)
    records = shop_records("online_retail", score={"groups": groups_of(score)})
    groups = trend_of(records)[-1].groups
    assert list(groups) == ["rfm", "value_tier", "churn_band", "value_at_risk"]
    assert {label: size.customers for label, size in groups["rfm"].items()} == dict(
        trend_of(records)[-1].segments
    )
    assert groups["rfm"]["Champions"].monetary == records.score.segments[0].monetary
