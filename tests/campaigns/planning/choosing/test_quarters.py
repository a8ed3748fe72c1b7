"""Quarters of the calendar, each with its own salt."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from tessera.campaigns.planning.choosing.quarters import Quarter

DAYS = st.dates(dt.date(2000, 1, 1), dt.date(2199, 12, 31))


@given(DAYS)
def test_a_day_is_in_its_quarter_and_in_no_other(day):
    quarter = Quarter.of(day)
    assert quarter.first_day <= day < quarter.end == quarter.next.first_day
    assert quarter.next.before == quarter
    assert quarter < quarter.next
    assert len({one.salt("global") for one in (quarter, quarter.next, quarter.before)}) == 3


def test_a_year_has_four():
    last = Quarter.of(dt.date(2026, 12, 31))
    assert (last.name, last.end) == ("2026-Q4", dt.date(2027, 1, 1))
    assert (last.next.name, last.first_day) == ("2027-Q1", dt.date(2026, 10, 1))
