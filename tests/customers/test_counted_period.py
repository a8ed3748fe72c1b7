from __future__ import annotations

import datetime as dt

import pytest

from tessera.customers.counted_period import counted_period, nothing_counts
from tessera.errors import InvalidInput
from tessera.events.counts import Span
from tessera.settings import RunSettings

STARTED_AT = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
EVE = dt.datetime(2026, 2, 28, 23, 30, tzinfo=dt.UTC)
SETTINGS = RunSettings(window_months=12, time_zone="Europe/Paris")


def span(last: dt.datetime | None) -> Span:
    return Span(events=1, first=last, last=last)


def counted(last: dt.datetime | None, *, as_of: dt.date | None = None):
    return counted_period(span(last), as_of=as_of, settings=SETTINGS, started_at=STARTED_AT)


def test_the_day_after_the_last_event_is_described_in_the_tenants_time_zone():
    period, warnings = counted(EVE)
    assert period.as_of == dt.date(2026, 3, 2), "in Paris the last event was on 1 March"
    assert (period.window_months, warnings) == (12, ())


def test_a_day_that_was_asked_for_wins():
    assert counted(EVE, as_of=dt.date(2026, 1, 1))[0].as_of == dt.date(2026, 1, 1)


def test_an_event_in_the_future_is_a_warning_unless_a_day_was_requested():
    future = STARTED_AT + dt.timedelta(days=3)
    assert "in the future" in counted(future)[1][0]
    assert counted(future, as_of=dt.date(2026, 3, 1))[1] == ()
    assert counted(STARTED_AT + dt.timedelta(days=2))[1] == ()


def test_a_history_without_events_is_refused():
    with pytest.raises(InvalidInput, match="no row of the history is an event"):
        counted(None)


def test_the_error_of_an_empty_period_names_both_ends():
    period, _ = counted(EVE, as_of=dt.date(2020, 1, 1))
    message = str(nothing_counts(period, span(EVE)))
    assert "before as_of 2020-01-01 and on or after 2018-12-31" in message
    assert "from 2026-02-28T23:30:00+00:00" in message
