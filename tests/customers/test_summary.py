"""The summary's period. Its numbers are tested where engines run it."""

from __future__ import annotations

import datetime as dt

import pytest

from tessera.customers.summary import Period, day_after


def test_a_period_begins_and_ends_at_local_midnights():
    period = Period(as_of=dt.date(2024, 3, 31), window_months=12, time_zone="Europe/Paris")
    assert period.end == dt.datetime(2024, 3, 30, 23, tzinfo=dt.UTC)
    assert period.start == dt.datetime(2023, 3, 30, 22, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("as_of", "start"),
    [("2024-02-29", "2023-02-28"), ("2024-01-15", "2023-01-15"), ("2023-12-31", "2022-12-31")],
)
def test_a_window_counts_calendar_months(as_of, start):
    period = Period(as_of=dt.date.fromisoformat(as_of), window_months=12, time_zone="UTC")
    assert period.start is not None
    assert period.start.date().isoformat() == start


def test_the_day_after_is_local():
    late = dt.datetime(2024, 1, 1, 23, 30, tzinfo=dt.UTC)
    assert day_after(late, time_zone="UTC") == dt.date(2024, 1, 2)
    assert day_after(late, time_zone="Europe/Paris") == dt.date(2024, 1, 3)
