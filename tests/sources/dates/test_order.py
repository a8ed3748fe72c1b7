"""Day first or month first: all dates of a file decide together."""

from __future__ import annotations

import datetime as dt

import pytest

from tessera.errors import InvalidInput
from tessera.settings import RunSettings
from tessera.sources.dates.order import decide_dates, vote_of, with_time


@pytest.mark.parametrize(
    ("texts", "order"),
    [
        (["03/04/2026", "25/12/2025"], "dmy"),
        (["03/04/2026", "12/25/2025 8:26"], "mdy"),
        (["03-04-2026", "25-12-2025"], "dmy"),
        (["2026-04-03", "Mon, 19 Sep 2022 12:16:01 +0530", "1663569961"], ""),
        (["03.04.2026", "05/05/2026"], ""),
        ([*(f"{day}/01/2026" for day in range(13, 31)), "01/13/2026"], "dmy"),
    ],
)
def test_one_day_above_twelve_settles_a_file(texts, order):
    assert decide_dates(texts, setting="auto", name="a.csv").order == order


def test_a_file_of_both_orders_is_refused_with_both_dates():
    with pytest.raises(InvalidInput, match=r"a\.csv writes both '25/12/2025' and '12/31/2025'"):
        decide_dates(["25/12/2025", "12/31/2025", "26/12/2025"], setting="auto", name="a.csv")


def test_a_file_that_shows_no_order_is_refused_with_both_readings_and_the_setting():
    with pytest.raises(InvalidInput) as error:
        decide_dates(["03/04/2026", "05/06/2026"], setting="auto", name="a.csv")
    assert str(error.value) == (
        "a.csv has the date '03/04/2026', which is 2026-04-03 (day first) or 2026-03-04 (month "
        "first), and nothing in the file shows which: set 'dates' to dmy or mdy"
    )
    assert decide_dates(["03/04/2026"], setting="auto", usual="mdy", name="a.csv").order == "mdy"
    assert decide_dates(["03/04/2026"], setting="dmy", name="a.csv").order == "dmy"


def test_a_short_date_with_dashes_may_begin_with_the_year():
    for texts in (["26-01-05"], ["25-12-25", "03-04-26"]):
        with pytest.raises(InvalidInput, match="may begin with the day, the month or the year"):
            decide_dates(texts, setting="auto", name="a.csv")
    assert decide_dates(["26-01-05"], setting="dmy", name="a.csv").short == "dmy"
    assert decide_dates(["25/12/2025", "26-01-05"], setting="auto", name="a.csv").short == ""


@pytest.mark.parametrize("text", ["", "soon", "2026-01-02", "31.12.2025", "5/5/2026", "45/99/2026"])
def test_other_dates_show_no_order(text):
    assert vote_of(text) is None


@pytest.mark.parametrize(
    ("date", "time", "expected"),
    [
        ("2026-01-05", " 10:02:11", "2026-01-05 10:02:11"),
        ("2026-01-05 00:00:00", "10:02", "2026-01-05 10:02"),
        ("2026-01-05 08:00:00", "10:02", "2026-01-05 08:00:00"),
        ("2026-01-05", "12", "2026-01-05"),
        ("2026-01-05", None, "2026-01-05"),
        (None, "10:02", None),
    ],
)
def test_a_time_of_day_in_a_column_of_its_own(date, time, expected):
    assert with_time(date, time) == expected


@pytest.mark.parametrize("setting", ["ymd", "%d.%m", "%H:%M", "%q", "", "%d%d%m%Y"])
def test_a_format_must_give_back_a_day(setting):
    with pytest.raises(InvalidInput, match="setting 'dates' is"):
        RunSettings(dates=setting)


def test_dates_after_the_upload_are_no_dates_of_the_file():
    uploaded = dt.datetime(2026, 11, 28, 12, tzinfo=dt.UTC)
    dates = decide_dates([], setting="auto", name="a.csv", uploaded_at=uploaded)
    assert dates.latest == dt.datetime(2026, 11, 29, 12, tzinfo=dt.UTC)
