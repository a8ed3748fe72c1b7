"""Send windows by the recipient's clock, on the days when clocks change."""

from __future__ import annotations

import datetime as dt
import zoneinfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tessera.campaigns.definitions.timing import DayHours, SendSchedule
from tessera.campaigns.planning.send_times import deadlines, next_window
from tessera.campaigns.planning.zones import whereabouts
from tessera.errors import InvalidInput

QUIET = DayHours(start="21:00", end="08:00")
ALL_DAY = DayHours(start="00:00", end="23:59")
EARLIER = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def hours(start: str, end: str) -> DayHours:
    return DayHours(start=start, end=end)


def window(
    day: str,
    *zones: str,
    during: DayHours,
    quiet: tuple[DayHours, ...] = (),
    now: dt.datetime = EARLIER,
) -> list[str]:
    """Return when a window opens and closes, as the first zone's clock shows it."""
    made = next_window(
        hours=during, quiet=quiet, zones=zones, day=dt.date.fromisoformat(day), now=now
    )
    zone = zoneinfo.ZoneInfo(zones[0])
    return [
        at.astimezone(zone).isoformat(timespec="minutes") for at in (made.opens_at, made.closes_at)
    ]


@pytest.mark.parametrize(
    ("day", "zone", "expected"),
    [
        ("2026-12-01", "Europe/Berlin", ["2026-12-01T09:00+01:00", "2026-12-01T20:00+01:00"]),
        ("2026-06-30", "America/New_York", ["2026-06-30T09:00-04:00", "2026-06-30T20:00-04:00"]),
        ("2026-06-30", "Asia/Kathmandu", ["2026-06-30T09:00+05:45", "2026-06-30T20:00+05:45"]),
    ],
)
def test_hours_are_those_of_the_recipients_clock(day, zone, expected):
    assert window(day, zone, during=hours("09:00", "20:00"), quiet=(QUIET,)) == expected


SPRING, AUTUMN = "2026-03-29", "2026-10-25"  # in Berlin 02:00 to 03:00 is skipped, and comes twice


@pytest.mark.parametrize(
    ("day", "during", "expected"),
    [
        (SPRING, hours("02:30", "09:00"), ["2026-03-29T03:00+02:00", "2026-03-29T09:00+02:00"]),
        (SPRING, hours("01:00", "02:30"), ["2026-03-29T01:00+01:00", "2026-03-29T03:00+02:00"]),
        (AUTUMN, hours("02:30", "09:00"), ["2026-10-25T02:30+01:00", "2026-10-25T09:00+01:00"]),
        (AUTUMN, hours("01:00", "02:30"), ["2026-10-25T01:00+02:00", "2026-10-25T02:30+02:00"]),
        # It opens after it closes, so the next day's is the first.
        (AUTUMN, hours("02:15", "02:45"), ["2026-10-26T02:15+01:00", "2026-10-26T02:45+01:00"]),
        (SPRING, hours("02:15", "02:45"), ["2026-03-30T02:15+02:00", "2026-03-30T02:45+02:00"]),
    ],
)
def test_a_time_that_is_skipped_is_the_change_and_one_that_comes_twice_is_the_stricter(
    day, during, expected
):
    assert window(day, "Europe/Berlin", during=during) == expected


@pytest.mark.parametrize(
    ("day", "quiet", "expected"),
    [
        (SPRING, hours("22:00", "02:30"), ["2026-03-29T03:00+02:00", "2026-03-29T22:00+02:00"]),
        (AUTUMN, hours("22:00", "02:30"), ["2026-10-25T02:30+01:00", "2026-10-25T22:00+01:00"]),
        (AUTUMN, hours("00:00", "02:30"), ["2026-10-25T02:30+01:00", "2026-10-25T23:59+01:00"]),
    ],
)
def test_quiet_hours_cover_the_changed_hour_whole(day, quiet, expected):
    assert window(day, "Europe/Berlin", during=ALL_DAY, quiet=(quiet,)) == expected


def test_a_change_at_midnight_moves_the_first_minute():
    # In Santiago the clock goes from 23:59 to 01:00.
    opens_at, _ = window("2026-09-06", "America/Santiago", during=ALL_DAY)
    assert opens_at == "2026-09-06T01:00-03:00"


def test_quiet_hours_of_tenant_and_campaign_both_hold():
    both = (QUIET, hours("12:00", "14:00"))
    now = dt.datetime(2026, 12, 1, 11, 30, tzinfo=dt.UTC)  # 12:30 in Berlin
    expected = ["2026-12-01T14:00+01:00", "2026-12-01T20:00+01:00"]
    day = hours("07:00", "20:00")
    assert window("2026-12-01", "Europe/Berlin", during=day, quiet=both, now=now) == expected
    morning = window("2026-12-01", "Europe/Berlin", during=day, quiet=both)
    assert morning == ["2026-12-01T08:00+01:00", "2026-12-01T12:00+01:00"]


def test_a_window_under_way_is_open_at_once_and_a_past_one_is_tomorrows():
    day = hours("09:00", "20:00")
    now = dt.datetime(2026, 12, 1, 15, tzinfo=dt.UTC)
    assert window("2026-11-01", "Europe/Berlin", during=day, now=now)[0] == "2026-12-01T16:00+01:00"
    late = dt.datetime(2026, 12, 1, 19, tzinfo=dt.UTC)
    assert window("2026-12-01", "Europe/Berlin", during=day, now=late)[0] == (
        "2026-12-02T09:00+01:00"
    )


def test_a_country_with_several_zones_is_quiet_in_none_of_them():
    schedule = SendSchedule(kind="once", first_day=dt.date(2026, 12, 1))
    zones = whereabouts(time_zone="", country="USA", shop_zone="UTC", schedule=schedule).zones
    assert window("2026-12-01", *zones, during=hours("09:00", "20:00"), quiet=(QUIET,)) == [
        "2026-12-01T11:00-05:00",  # 08:00 in Los Angeles
        "2026-12-01T20:00-05:00",
    ]


def test_hours_of_which_nothing_is_left_are_an_error_that_says_what_to_do():
    with pytest.raises(InvalidInput) as caught:
        window("2026-12-01", "Europe/Berlin", during=hours("06:00", "07:30"), quiet=(QUIET,))
    assert "06:00 to 07:30 in Europe/Berlin: quiet are 21:00 to 08:00. Widen" in str(caught.value)


ZONES = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu",
         "America/Santiago", "Africa/Casablanca", "UTC"]  # fmt: skip
CLOCK = st.integers(0, 23 * 60 + 59).map(lambda at: f"{at // 60:02}:{at % 60:02}")
PAIRS = st.tuples(CLOCK, CLOCK).filter(lambda pair: pair[0] != pair[1])


@given(
    st.sampled_from(ZONES),
    st.dates(dt.date(2025, 1, 1), dt.date(2027, 12, 31)),
    PAIRS.map(sorted),
    PAIRS,
    st.floats(0, 1, exclude_max=True),
)
def test_inside_a_window_the_clock_is_within_the_hours_and_never_quiet(
    zone, day, during, silent, share
):
    quiet = hours(*silent)
    try:
        made = next_window(
            hours=hours(*during), quiet=(quiet,), zones=(zone,), day=day, now=EARLIER
        )
    except InvalidInput:
        return  # nothing is open
    minutes = int(share * ((made.closes_at - made.opens_at) / dt.timedelta(minutes=1)))
    inside = made.opens_at + dt.timedelta(minutes=minutes)
    clock = f"{inside.astimezone(zoneinfo.ZoneInfo(zone)):%H:%M}"
    assert during[0] <= clock < during[1] or _was_skipped(zone, made.opens_at)
    start, end = silent
    asleep = (start <= clock or clock < end) if quiet.goes_past_midnight else start <= clock < end
    assert not asleep


def _was_skipped(zone: str, opens_at: dt.datetime) -> bool:
    """Return whether a window opens at a change of the clock."""
    here = zoneinfo.ZoneInfo(zone)
    before = (opens_at - dt.timedelta(minutes=1)).astimezone(here)
    return before.utcoffset() != opens_at.astimezone(here).utcoffset()


def test_a_run_has_deadlines():
    schedule = SendSchedule(kind="once", first_day=dt.date(2026, 12, 1), start_within_hours=6)
    limits = deadlines(schedule, starts_at=dt.datetime(2026, 12, 1, 8, tzinfo=dt.UTC))
    assert limits.start_by.isoformat() == "2026-12-01T14:00:00+00:00"
    assert limits.finish_by.isoformat() == "2026-12-04T08:00:00+00:00"
