"""Which settings and which day a run has."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tessera.errors import InvalidInput
from tessera.insights.ticket import check_as_of, merge_settings, scheduled_day


def test_a_tenants_settings_win_over_the_stages():
    settings = merge_settings(
        {"clusters": 3, "currency": "EUR"},
        b'clusters = 4\n[columns]\ncustomer_id = "Kunde"\n',
        where="s3://b/k",
        available=["export", "customer_profiles"],
    )
    assert settings.clusters == 4
    assert settings.currency == "EUR"
    assert settings.columns == {"customer_id": "Kunde"}


def test_settings_saved_by_windows_are_read():
    own = "\ufeffclusters = 4\r\n".encode()
    available = ["export", "customer_profiles"]
    assert merge_settings({}, own, where="x", available=available).clusters == 4


@pytest.mark.parametrize("setting", ['destinations = ["braze"]', "omitted_sets.braze = []"])
def test_a_destination_that_is_not_available_is_refused(setting):
    available = ["export", "customer_profiles"]
    with pytest.raises(InvalidInput, match="names 'braze', which this deployment does not have"):
        merge_settings({}, setting.encode(), where="s3://b/k", available=available)


def test_a_definition_with_a_gap_is_refused_before_anything_runs():
    own = (
        b'[definition]\nname = "mine"\nmeaning = "x"\n'
        b'[[definition.segment]]\nlabel = "Best"\nmeaning = "x"\naction = "y"\ncells = ["5**"]\n'
    )
    with pytest.raises(InvalidInput, match=r"s3://b/k: .*mine.* gives no segment to 100 cells"):
        merge_settings({}, own, where="s3://b/k", available=["export", "customer_profiles"])


@given(st.dates())
def test_every_day_is_taken_as_it_is_written(day):
    assert check_as_of(day.isoformat(), where="x") == day


def test_no_day_is_no_day():
    assert check_as_of(None, where="x") is None
    assert check_as_of("", where="x") is None


@pytest.mark.parametrize(
    ("time", "zone", "day"),
    [
        ("2026-11-22T03:00:00Z", "UTC", "2026-11-22"),
        ("2026-11-22T03:00:00Z", "America/Chicago", "2026-11-21"),
        ("2026-11-22T23:30:00+00:00", "Europe/Paris", "2026-11-23"),
        ("2026-11-22T03:00:00", "UTC", "2026-11-22"),
    ],
)
def test_a_schedules_day_is_the_tenants(time, zone, day):
    assert scheduled_day(time, time_zone=zone).isoformat() == day


def test_a_time_that_is_none_is_refused():
    with pytest.raises(InvalidInput, match="'soon'"):
        scheduled_day("soon", time_zone="UTC")
