"""Dates as people and spreadsheets write them: numbers, month words, days since 1900."""

from __future__ import annotations

import datetime as dt
import re

from tessera.events.reasons import AMBIGUOUS_DATE, CONTRARY_DATE, Unreadable
from tessera.sources.dates.months import month_of
from tessera.sources.dates.order import Dates, Order

_CLOCK = (
    r"(?:(?:,?\s+|T)(?:(?:at|um|kl\.?|à|alle|om)\s+)?"
    r"(?P<hour>\d{1,2}):(?P<minute>\d{1,2})(?::(?P<second>\d{1,2})(?:[.,](?P<part>\d{1,9}))?)?"
    r"(?:\s*(?P<half>[ap])\.?\s?m\.?)?(?:\s*Uhr)?"
    r"\s*(?P<zone>UTC|GMT|Z|(?:UTC|GMT)?[+-]\d{2}(?::?\d{2})?)?)?"
)
_WORD = r"[^\W\d_]+"
_DAY_OF_WEEK = rf"(?:{_WORD}(?:-{_WORD})?\.?,?\s+)?"
_YEAR = r"'?(?P<year>\d{4}|\d{2})"


def _shape(text: str) -> re.Pattern[str]:
    return re.compile(text + _CLOCK, re.IGNORECASE)


_NUMBERS = _shape(rf"(?P<first>\d{{1,2}})(?P<mark>[./-])\s?(?P<other>\d{{1,2}})(?P=mark)\s?{_YEAR}")
_YEAR_FIRST = _shape(
    r"(?P<year>\d{4})(?P<mark>[./-])\s?(?P<month>\d{1,2})(?P=mark)\s?(?P<day>\d{1,2})\.?"
)
_DAY_AND_WORD = _shape(
    rf"{_DAY_OF_WEEK}(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|[.º°])?[\s/-]*(?:(?:de|of)\s+)?"
    rf"(?P<word>{_WORD})\.?[\s/,-]*(?:del?\s+)?{_YEAR}(?:\s?r\.)?"
)
_WORD_AND_DAY = _shape(
    rf"{_DAY_OF_WEEK}(?P<word>{_WORD})\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+{_YEAR}"
)
_SERIAL = re.compile(r"(?P<days>\d{5})(?:\.(?P<part>\d{1,15}))?")
_DAY_ZERO = dt.datetime(1899, 12, 30)  # noqa: DTZ001 (of a spreadsheet, which knows no zone)
_PIVOT = 69  # without an upload's time: what Python, and the C library before it, take


def parse_spelled(cell: str, *, dates: Dates) -> dt.datetime | None:
    """Return the moment that a cell means, without a zone unless it has one.

    Raises
    ------
    Unreadable
        Its day and month could be either, or are the other way round than in the file.
    ValueError
        There is no such day or time.
    """
    return _numbers(cell, dates) or _words(cell, dates) or _serial(cell, dates)


def _numbers(cell: str, dates: Dates) -> dt.datetime | None:
    shape = _YEAR_FIRST.fullmatch(cell)
    if shape is not None:
        if shape["mark"] != "." and not shape["half"]:
            return None  # ISO 8601
        return _at(dt.date(int(shape["year"]), int(shape["month"]), int(shape["day"])), shape)
    shape = _NUMBERS.fullmatch(cell)
    if shape is None:
        return None
    order = dates.order_of(shape["mark"], year=shape["year"])
    if not order and shape["first"] != shape["other"]:
        raise Unreadable(AMBIGUOUS_DATE)
    year = full_year(shape["year"], uploaded_at=dates.uploaded_at)
    return _at(_day(int(shape["first"]), int(shape["other"]), year, order), shape)


def _day(first: int, other: int, year: int, order: Order) -> dt.date:
    day, month = (first, other) if order == "dmy" else (other, first)
    if month > 12 >= day:
        dt.date(year, day, month)  # no day at all is no contradiction
        raise Unreadable(CONTRARY_DATE)
    return dt.date(year, month, day)


def _words(cell: str, dates: Dates) -> dt.datetime | None:
    for pattern in (_DAY_AND_WORD, _WORD_AND_DAY):
        shape = pattern.fullmatch(cell)
        month = month_of(shape["word"]) if shape else None
        if shape is not None and month is not None:
            year = full_year(shape["year"], uploaded_at=dates.uploaded_at)
            return _at(dt.date(year, month, int(shape["day"])), shape)
    return None


def _serial(cell: str, dates: Dates) -> dt.datetime | None:
    """Read days since 1900, as spreadsheets store dates."""
    shape = _SERIAL.fullmatch(cell) if dates.serials else None
    if shape is None:
        return None
    seconds = round(float(f"0.{shape['part'] or 0}") * 86_400)
    return _DAY_ZERO + dt.timedelta(days=int(shape["days"]), seconds=seconds)


def full_year(text: str, *, uploaded_at: dt.datetime | None) -> int:
    """Return a year of two digits in full: the latest that does not begin after the upload."""
    year = int(text)
    if len(text) == 4:
        return year
    if uploaded_at is None:
        return year + (2000 if year < _PIVOT else 1900)
    century = uploaded_at.year // 100 * 100
    return century + year if century + year <= uploaded_at.year else century - 100 + year


def _at(day: dt.date, shape: re.Match[str]) -> dt.datetime:
    if shape["hour"] is None:
        return dt.datetime(day.year, day.month, day.day)  # noqa: DTZ001 (the zone follows)
    hour, half = int(shape["hour"]), (shape["half"] or "").lower()
    if half:
        if not 1 <= hour <= 12:
            raise ValueError(shape[0])
        hour = hour % 12 + (12 if half == "p" else 0)
    clock = dt.time(
        hour,
        int(shape["minute"]),
        int(shape["second"] or 0),
        int(((shape["part"] or "") + "000000")[:6]),
        tzinfo=_zone(shape["zone"]),
    )
    return dt.datetime.combine(day, clock)


def _zone(text: str | None) -> dt.tzinfo | None:
    if not text:
        return None
    digits = re.sub(r"[^0-9+-]", "", text)
    if not digits:
        return dt.UTC
    offset = dt.timedelta(hours=int(digits[1:3]), minutes=int(digits[3:] or 0))
    return dt.timezone(-offset if digits[0] == "-" else offset)
