"""Dates of numbers, of words and of spreadsheets."""

from __future__ import annotations

import datetime as dt

import pytest

from tessera.events.reasons import Unreadable
from tessera.sources.dates.instants import parse_instant
from tessera.sources.dates.months import month_of
from tessera.sources.dates.order import Dates

UPLOADED = dt.datetime(2026, 11, 28, tzinfo=dt.UTC)
DAY_FIRST = Dates(order="dmy", serials=True, uploaded_at=UPLOADED)
MONTH_FIRST = Dates(order="mdy", serials=True, uploaded_at=UPLOADED)


def read(text: str, dates: Dates = DAY_FIRST) -> str:
    return parse_instant(text, zone=dt.UTC, dates=dates).strftime("%Y-%m-%d %H:%M:%S")


@pytest.mark.parametrize(
    "text",
    [
        "5/1/2026 14:05", "05/01/2026 14:05:00", "05-01-2026 2:05 PM", "05.01.2026 14:05",
        "5.1.26, 14:05", "05/01/26 02:05:00 p.m.", "05/01/2026, 14:05 Uhr", "5. 1. 2026 14:05",
        "5/1/2026T14:05", "05/01/2026 15:05 +0100", "2026.01.05 14:05", "2026/01/05 2:05 PM",
        "5 Jan 2026 14:05", "Jan 5, 2026 2:05 PM", "January 5th, 2026, 2:05:00\u202fPM",
        "Monday, January 5, 2026 at 2:05 PM", "Mon Jan 05 2026 15:05:00 GMT+0100 (CET)",
        "5. Januar 2026 14:05", "Montag, 5. Jänner 2026, 14:05", "05-Jan-26 14:05",
        "5 janvier 2026 à 14:05", "lun. 5 janv. 2026 14:05", "5 de enero de 2026, 14:05",
        "lunes, 5 de enero de 2026 14:05", "5 gennaio 2026 alle 14:05", "5 januari 2026 om 14:05",
        "segunda-feira, 5 de janeiro de 2026 14:05", "5 jan. 2026 kl. 14:05",
        "5 stycznia 2026 14:05", "5 sty 2026 r., 14:05", "46027.5868055556",
    ],
)  # fmt: skip
def test_one_moment_in_many_spellings(text):
    assert read(text) == "2026-01-05 14:05:00"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("1er mars 2026", "2026-03-01"), ("3. März 2026", "2026-03-03"),
        ("3 maart 2026", "2026-03-03"), ("10 paź 2025", "2025-10-10"),
        ("10 października 2025", "2025-10-10"), ("11 listopada 2025", "2025-11-11"),
        ("2 maja 2026", "2026-05-02"), ("14 juil. 2026", "2026-07-14"),
        ("14 juin 2026", "2026-06-14"), ("15 août 2026", "2026-08-15"),
        ("15 aout 2026", "2026-08-15"), ("4 out. 2025", "2025-10-04"),
        ("4 ott 2025", "2025-10-04"), ("24 dic 2025", "2025-12-24"),
        ("mar 6 enero 2026", "2026-01-06"), ("4 czerwca 2026", "2026-06-04"),
        ("46027", "2026-01-05"), ("31/12/25", "2025-12-31"), ("1/2/99", "1999-02-01"),
    ],
)  # fmt: skip
def test_days_in_words_and_numbers(text, day):
    assert read(text) == f"{day} 00:00:00"


def test_the_order_and_the_format_of_the_file_decide():
    assert read("3/4/2026", MONTH_FIRST) == "2026-03-04 00:00:00"
    assert read("3.4.2026", MONTH_FIRST) == "2026-04-03 00:00:00"
    assert read("20260403 1405", Dates(pattern="%Y%m%d %H%M")) == "2026-04-03 14:05:00"


@pytest.mark.parametrize(
    ("text", "dates", "code"),
    [
        ("12/25/2025", DAY_FIRST, "contrary_date"), ("25/12/2025", MONTH_FIRST, "contrary_date"),
        ("12.25.2025", DAY_FIRST, "contrary_date"), ("31/02/2026", DAY_FIRST, "bad_date"),
        ("30/30/2026", DAY_FIRST, "bad_date"), ("31/31/2026", MONTH_FIRST, "bad_date"),
        ("3/4/2026", Dates(), "ambiguous_date"), ("1/2/2026 13:00 PM", DAY_FIRST, "bad_date"),
        ("29/11/2026", DAY_FIRST, "date_in_future"), ("2062-01-01", DAY_FIRST, "date_in_future"),
        ("5 smarch 2026", DAY_FIRST, "bad_date"), ("46027", Dates(), "bad_date"),
        ("1/2/27", DAY_FIRST, "date_out_of_range"), ("5 Jan 27", DAY_FIRST, "date_out_of_range"),
        ("2026-01-05", Dates(pattern="%d.%m.%Y"), "bad_date"),
    ],
)  # fmt: skip
def test_what_is_no_date_of_the_file(text, dates, code):
    with pytest.raises(Unreadable) as error:
        read(text, dates)
    assert error.value.reason.code == code


def test_a_day_of_grace_for_zones():
    assert read("28/11/2026 23:59") == "2026-11-28 23:59:00"


def test_words_of_nine_languages_name_twelve_months():
    words = "may mai mayo maggio mei maio maj maja MAI. Mär Sept. août paź"
    assert [month_of(word) for word in words.split()] == [5] * 9 + [3, 9, 8, 10]
    assert month_of("monday") is None
