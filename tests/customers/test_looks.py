"""Sessions against plain Python, at the edges of half hours, days and periods."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from zoneinfo import ZoneInfo

import duckdb
import pyarrow as pa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.tables.parquet import arrow_schema
from tessera.contracts.tables import EVENTS, LOOK_DAYS
from tessera.customers.looks import SEEN_BEFORE, looks_before
from tessera.customers.summary import Period
from tests.folding import fold_all

CONNECTION = duckdb.connect(config={"threads": 1})  # making one takes longer than an example
CONNECTION.execute("SET GLOBAL TimeZone = 'UTC'")  # for its cursors too
AS_OF = dt.date(2024, 4, 2)
PAUSE = dt.timedelta(minutes=30)
# Kathmandu's days begin within a half hour of the clock. Lord Howe's clocks go by half an hour.
ZONES = ("UTC", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Chatham")
LOOK = st.tuples(
    st.sampled_from("ab"),
    st.sampled_from(["VIEWED", "VIEWED", "SESSION", "PURCHASED"]),
    st.one_of(st.integers(-60 * 96, 60 * 36), st.sampled_from([-1470, -1440, -1410, 0, 30])).map(
        lambda minutes: dt.datetime(2024, 4, 2, tzinfo=dt.UTC) + dt.timedelta(minutes=minutes)
    ),
    st.sampled_from([0, 0, 1, 59_999_999]),  # microseconds
)


def folded(looks, *, period: Period) -> list[dict]:
    rows = [
        {"customer_key": who, "event": name, "occurred_at": at, "amount": 0}
        for who, name, at in looks
    ]
    with CONNECTION.cursor() as db:
        db.register("events", pa.Table.from_pylist(rows, arrow_schema(EVENTS)))
        made = fold_all(db, "events", period=period).looks
    assert made.schema.types[1:] == arrow_schema(LOOK_DAYS).types[1:]
    return made.select(LOOK_DAYS.names).to_pylist()


def by_hand(looks, *, period: Period) -> list[tuple]:
    days: dict[tuple[str, int], Counter] = {}
    last: dict[str, dt.datetime] = {}
    counted = [
        (at, who, name)
        for who, name, at in looks
        if name != "PURCHASED" and at < period.end and (not period.start or at >= period.start)
    ]
    for at, who, name in sorted(counted):
        ago = (AS_OF - at.astimezone(ZoneInfo(period.time_zone)).date()).days
        day = days.setdefault((who, ago), Counter())
        day.update({"visits": 1, "views": name == "VIEWED"})
        day["sessions"] += who not in last or at - last[who] >= PAUSE
        last[who] = at
    return sorted((*key, d["views"], d["visits"], d["sessions"]) for key, d in days.items())


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(LOOK, max_size=40), st.sampled_from(ZONES), st.sampled_from([0, 1]))
def test_sessions_are_what_plain_python_counts(looks, zone, window):
    period = Period(as_of=AS_OF, window_months=window, time_zone=zone)
    events = [(who, name, at + dt.timedelta(microseconds=us)) for who, name, at, us in looks]
    made = sorted(tuple(row.values()) for row in folded(events, period=period))
    assert made == by_hand(events, period=period)


def at(clock: str, day: int = 1) -> dt.datetime:
    hours, minutes, seconds = map(int, clock.split(":"))
    return dt.datetime(2024, 4, day, hours, minutes, seconds, tzinfo=dt.UTC)


def sessions(*times: dt.datetime) -> list[int]:
    period = Period(as_of=AS_OF, window_months=0, time_zone="UTC")
    days = folded([("a", "VIEWED", time) for time in times], period=period)
    return [row["sessions"] for row in sorted(days, key=lambda row: -row["days_ago"])]


def test_half_an_hour_without_a_look_ends_a_session():
    assert sessions(at("10:00:00"), at("10:29:59"), at("10:59:58")) == [1]
    assert sessions(at("10:00:00"), at("10:30:00")) == [2]
    assert sessions(at("10:05:00"), at("10:05:00"), at("11:00:00")) == [2]


def test_a_session_counts_on_the_day_on_which_it_began():
    night = dt.datetime(2024, 3, 31, 23, 50, tzinfo=dt.UTC)
    assert sessions(night, at("00:10:00"), at("00:40:00")) == [1, 1]
    assert sessions(night, at("00:10:00")) == [1, 0]


def test_a_session_event_of_a_tool_is_a_look_like_any_other():
    period = Period(as_of=AS_OF, window_months=0, time_zone="UTC")
    looks = [("a", "SESSION", at("9:00:00")), ("a", "VIEWED", at("9:00:01"))]
    assert folded(looks, period=period) == [
        {"customer_key": "a", "days_ago": 1, "views": 1, "visits": 2, "sessions": 1}
    ]


def test_later_looks_never_change_the_sessions_of_earlier_days():
    period = Period(as_of=AS_OF, window_months=0, time_zone="UTC")
    looks = [("a", "VIEWED", at("23:00:00") - dt.timedelta(minutes=25 * n)) for n in range(200)]
    later = [("a", "VIEWED", at("23:10:00"))]
    first, second = (folded(each, period=period) for each in (looks, looks + later))
    earlier = {row["days_ago"]: row["sessions"] for row in first if row["days_ago"] > 1}
    assert earlier == {r["days_ago"]: r["sessions"] for r in second if r["days_ago"] > 1}


def test_nobody_looks_in_an_empty_table():
    with CONNECTION.cursor() as db:
        db.register("events", arrow_schema(EVENTS).empty_table())
        period = Period(as_of=AS_OF, window_months=0, time_zone="UTC")
        table = fold_all(db, "events", period=period).looks
    assert table.column_names == list(LOOK_DAYS.names)
    assert not len(table)


DAY = st.integers(0, 70)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.dictionaries(st.tuples(st.sampled_from("ab"), DAY), st.tuples(*[st.integers(0, 3)] * 2)),
    st.sets(st.tuples(st.sampled_from("abc"), DAY)),
)
def test_each_row_has_what_was_seen_before_its_day(looks, rows):
    """Its own day does not count, and neither do looks more than 30 days before it."""
    days = [
        {"customer_key": who, "days_ago": ago, "views": views, "visits": 1, "sessions": sessions}
        for (who, ago), (views, sessions) in looks.items()
    ]
    asked = [{"customer_key": who, "days_ago": ago} for who, ago in rows]
    with CONNECTION.cursor() as db:
        db.register("looks", pa.Table.from_pylist(days, arrow_schema(LOOK_DAYS)))
        schema = pa.schema([("customer_key", pa.string()), ("days_ago", pa.int32())])
        db.register("asked", pa.Table.from_pylist(asked, schema))
        made = db.sql(looks_before("looks", rows="asked")).to_arrow_table()
    assert made.schema.field("views_30d").type == pa.int64()
    seen = {(row["customer_key"], row["days_ago"]): row for row in made.to_pylist()}
    assert seen.keys() == rows
    for (who, day), row in seen.items():
        before = {ago: both for (other, ago), both in looks.items() if other == who and ago > day}
        month = [both for ago, both in before.items() if ago <= day + 30]
        assert [row[name] for name in SEEN_BEFORE] == [
            sum(views for views, _ in month),
            sum(sessions for _, sessions in month),
            min(before) - day if before else None,
        ]
