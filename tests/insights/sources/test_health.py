"""A source is judged by its own history, once it has one."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tessera.insights.sources.health import FEWEST, health_of, unhealthy
from tessera.insights.sources.words import source_warnings
from tessera.records.runs.arrivals import Arrival

START = dt.datetime(2026, 11, 1, 3, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
HOUR = dt.timedelta(hours=1)


def arrivals(
    *rows: int, refused: int = 0, last_refused: int | None = None, every: dt.timedelta = DAY
):
    return tuple(
        Arrival(
            run_id=str(number), upload=f"uploads/t/database-orders/{number}/",
            at=START + number * every, rows=count,
            refused=refused if last_refused is None or number < len(rows) - 1 else last_refused,
        )
        for number, count in enumerate(rows)
    )  # fmt: skip


def judged(*rows: int, source: str = "database-orders", after: dt.timedelta = HOUR, **how):
    came = arrivals(*rows, **how)
    [health] = health_of({source: came}, now=came[-1].at + after)
    return health


def test_a_source_that_does_what_it_usually_does_is_healthy():
    health = judged(*[100, 110, 95, 105, 90, 100, 102])
    assert (health.volume, health.refusals, health.is_late) == ("usual", "usual", False)
    assert not health.is_unhealthy
    assert source_warnings([health]) == ()


def test_too_few_uploads_are_called_so():
    health = judged(*[100] * FEWEST)
    assert (health.volume, health.refusals, health.compared) == ("too_few", "too_few", FEWEST - 1)
    assert health.due_by is None
    assert not health.is_unhealthy
    assert judged(*[100] * (FEWEST + 1)).volume == "usual"


@pytest.mark.parametrize(
    ("rows", "volume"), [(0, "less"), (60, "less"), (80, "usual"), (200, "more")]
)
def test_rows_far_from_the_usual_are_named(rows, volume):
    health = judged(*[100] * 8, rows)
    assert health.volume == volume
    assert health.is_unhealthy is (volume != "usual")


def test_a_quiet_weekend_is_usual():
    week = [100, 104, 98, 101, 99, 20, 22]
    assert judged(*week * 3, 100, 104, 98, 101, 99, 21).volume == "usual"


def test_many_refused_rows_are_named_with_the_usual_share():
    health = judged(*[100] * 8, refused=1, last_refused=15)
    assert health.refusals == "more"
    [sentence] = source_warnings([health])
    assert "'database-orders' had 15" in sentence
    assert "rejects.csv.gz" in sentence


def test_a_few_refused_rows_more_are_usual():
    assert judged(*[1000] * 8, refused=0, last_refused=9).refusals == "usual"


def test_a_source_that_does_not_come_is_late():
    health = judged(*[100] * 8, after=40 * HOUR)
    assert health.is_late
    assert health.due_by == health.arrived_at + 36 * HOUR
    [sentence] = source_warnings([health])
    assert "is late" in sentence
    assert not judged(*[100] * 8, after=35 * HOUR).is_late


def test_a_history_in_many_files_of_one_day_sets_no_rhythm():
    assert judged(*[100] * 20, every=dt.timedelta(minutes=1)).due_by is None


def test_a_streams_day_is_judged_when_it_is_over():
    days = [
        Arrival(
            run_id=str(number), upload=f"uploads/t/stream-{START + number * DAY:%Y-%m-%d}/",
            at=START + number * DAY, rows=5 if number == 7 else 100, refused=0,
        )
        for number in range(8)
    ]  # fmt: skip
    [open_day] = health_of({"stream": days}, now=days[-1].at)
    assert (open_day.rows, open_day.volume) == (100, "usual")
    closed = [*days[:-1], Arrival(**{**vars(days[-1]), "at": days[-1].at + DAY})]
    [over] = health_of({"stream": closed}, now=closed[-1].at)
    assert (over.rows, over.volume) == (5, "less")


def test_only_sources_beside_people_are_counted_for_the_alarm():
    few = judged(*[100] * 8, 0, source="uploads")
    assert unhealthy([few]) is None
    assert unhealthy([few, judged(*[100] * 9)]) == 1
    assert unhealthy([]) is None


@given(
    rows=st.lists(st.integers(0, 10**9), min_size=1, max_size=30),
    after=st.timedeltas(dt.timedelta(0), dt.timedelta(days=90)),
)
def test_every_history_has_a_verdict(rows, after):
    health = judged(*rows, after=after)
    assert (health.volume == "too_few") is (len(rows) <= FEWEST)
    assert bool(source_warnings([health])) is health.is_unhealthy


@given(st.integers(1, 10**6), st.integers(FEWEST + 1, 30))
def test_a_source_that_never_changes_is_healthy(rows, times):
    assert not judged(*[rows] * times).is_unhealthy
