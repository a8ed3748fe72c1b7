"""Dates in cells."""

from __future__ import annotations

import datetime as dt
import re
from email.utils import format_datetime

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tessera.events.reasons import Unreadable
from tessera.sources.dates.instants import parse_instant, zone_of

INSTANTS = st.datetimes(
    min_value=dt.datetime(1980, 1, 2),  # noqa: DTZ001
    max_value=dt.datetime(2099, 12, 30),  # noqa: DTZ001
).map(lambda moment: moment.replace(tzinfo=dt.UTC, microsecond=0))
DAY_AND_HOUR = re.compile(r"(19|20)\d\d(0[1-9]|1[0-2])([0-2]\d|3[01])([01]\d|2[0-3])")
OFFSETS = st.integers(-14 * 4, 14 * 4).map(lambda n: dt.timezone(dt.timedelta(minutes=15 * n)))


@given(INSTANTS, OFFSETS)
def test_what_python_writes_is_read_back(instant, offset):
    assume(not DAY_AND_HOUR.fullmatch(str(int(instant.timestamp()))))
    local = instant.astimezone(offset)
    for text in (format_datetime(local), local.isoformat(), local.isoformat(" "),
                 str(int(instant.timestamp())).zfill(9)):  # fmt: skip
        assert parse_instant(text, zone=dt.UTC) == instant


@given(st.text(max_size=40))
def test_any_text_is_an_instant_or_unreadable(text):
    try:
        instant = parse_instant(text, zone=zone_of("Europe/Paris"))
    except Unreadable:
        return
    assert 1980 <= instant.year < 2100


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (" ", "missing_date"), ("soon", "bad_date"), ("2024-02-30", "bad_date"),
        ("2022091906", "bad_date"), ("1999123123", "bad_date"),
        ("12/31/2024", "ambiguous_date"), ("Mon, 19 Sep 2022 12:16:01 IST", "bad_date"),
        ("1899-12-30", "date_out_of_range"), ("1970-01-01T00:00:00Z", "date_out_of_range"),
        ("2100-01-01T00:00:00Z", "date_out_of_range"),
    ],
)  # fmt: skip
def test_what_is_no_date(text, code):
    with pytest.raises(Unreadable) as error:
        parse_instant(text, zone=dt.UTC)
    assert error.value.reason.code == code


@pytest.mark.parametrize(
    "text",
    ["19 Sep 2022 12:16 GMT", "19-Sep-2022 12:16:00 Z", "Mon, 19 Sep 2022 12:16:00 A",
     "Monday, 19 September 2022 12:16:00 +0000", "Mon, 19 Sep 2022 12:16:00 (a (b) c) +0000"],
)  # fmt: skip
def test_old_and_odd_forms_of_rfc_2822(text):
    assert parse_instant(text, zone=zone_of("Asia/Tokyo")) == dt.datetime(
        2022, 9, 19, 12, 16, tzinfo=dt.UTC
    )


def test_ten_digits_that_are_no_day_and_hour_are_an_epoch():
    for text in ("1663569961", "2022023106", "2022091925", "1999130101"):
        assert parse_instant(text, zone=dt.UTC).timestamp() == int(text)
