"""A date in a cell, in any spelling that we know, read into an instant."""

from __future__ import annotations

import datetime as dt
import re
from email.utils import parsedate_tz
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tessera.events.reasons import (
    BAD_DATE,
    DATE_IN_FUTURE,
    DATE_OUT_OF_RANGE,
    MISSING_DATE,
    Unreadable,
)
from tessera.sources.dates.order import LATEST, Dates
from tessera.sources.dates.spelled import full_year, parse_spelled
from tessera.sources.dates.usual import parse_usual

EARLIEST = dt.datetime(1980, 1, 1, tzinfo=dt.UTC)
UNSPECIFIED = Dates()

_COMMENT = re.compile(r"\([^()]*\)")
_RFC_2822 = re.compile(
    r"(?:[A-Za-z]{3,9}\.?,?\s*)?(?P<day>\d{1,2})[\s-]+(?P<month>[A-Za-z]{3,9})\.?[\s-]+(?P<year>\d{2,4})"
    r"(?:[\s,]+\d{1,2}:\d{2}(?::\d{2})?(?P<zone>\s*[A-Za-z]{1,5}|\s*[+-]\d{2}:?\d{2})?)?"
)
_ZONES = {"UT", "UTC", "GMT", "Z", "EST", "EDT", "CST", "CDT", "MST", "MDT", "PST", "PDT"}
_EPOCH_SECONDS = re.compile(r"\d{9,10}(?:\.\d{1,9})?")
_EPOCH_MILLISECONDS = re.compile(r"\d{12,13}")
_DAY_AND_HOUR = re.compile(r"((?:19|20)\d{6})([01]\d|2[0-3])")
_ISO_TAIL = re.compile(r"\s*(?:UTC|GMT|Z|(?P<offset>[+-]\d{2}(?::?\d{2})?))$", re.IGNORECASE)
_ISO_DAY = re.compile(r"(?P<y>\d{4})[-/](?P<m>\d{1,2})[-/](?P<d>\d{1,2})(?P<rest>.*)", re.DOTALL)
_IANA = re.compile(r"\s[A-Z][A-Za-z]+(?:/[A-Za-z_+-]+){1,2}$")
_HOUR = re.compile(r"^(\d):")


def parse_instant(text: str, *, zone: dt.tzinfo, dates: Dates = UNSPECIFIED) -> dt.datetime:
    """Return the instant, in UTC, that a cell means.

    Parameters
    ----------
    text
        RFC 2822 in all its spellings (comments, named zones, no seconds, no weekday, two-digit
        years), ISO 8601, an epoch in seconds or milliseconds, or what ``spelled`` reads. The IANA
        name of a zone may follow it, as in ``2026-01-10 10:02 America/New_York``. Ten digits that
        read as YYYYMMDDHH could be either, and are neither.
    zone
        What a date without an offset means. An hour that a clock change repeats is its second
        one, as in DuckDB. An hour that it skips is read with the offset before the change.
    dates
        How the file writes dates.

    Raises
    ------
    Unreadable
        The cell is blank, no date, before 1980, after 2099 or after the upload, or its day and
        month are not where the file has them.
    """
    cell = text.strip().removeprefix("\ufeff")
    if not cell:
        raise Unreadable(MISSING_DATE)
    try:
        usual = None if dates.pattern else parse_usual(cell)
        instant = _to_utc(usual, zone) if usual else _unusual(cell, zone, dates)
    except Unreadable:
        raise
    except (ValueError, OverflowError):
        raise Unreadable(BAD_DATE) from None
    if not EARLIEST <= instant < LATEST:
        raise Unreadable(DATE_OUT_OF_RANGE)
    if instant >= dates.latest:
        raise Unreadable(DATE_IN_FUTURE)
    return instant


def _unusual(cell: str, zone: dt.tzinfo, dates: Dates) -> dt.datetime:
    cell, zone = _own_zone(cell, zone)
    return _to_utc(_read(cell, dates), zone)


def _own_zone(cell: str, zone: dt.tzinfo) -> tuple[str, dt.tzinfo]:
    """Return a date without the IANA name of a zone at its end, and that zone."""
    named = _IANA.search(cell)
    if named is None:
        return cell, zone
    try:
        return cell[: named.start()].rstrip(), ZoneInfo(named[0].strip())
    except (ZoneInfoNotFoundError, ValueError):
        return cell, zone


def _read(cell: str, dates: Dates) -> dt.datetime:
    if dates.pattern:
        return dt.datetime.strptime(cell, dates.pattern)  # noqa: DTZ007 (the zone follows)
    return (
        _epoch(cell)
        or _rfc_2822(cell, dates)
        or parse_spelled(_without_comments(cell), dates=dates)
        or _iso_8601(cell)
    )


def zone_of(name: str) -> dt.tzinfo:
    """Return a time zone by its IANA name."""
    return dt.UTC if name == "UTC" else ZoneInfo(name)


def _to_utc(local: dt.datetime, zone: dt.tzinfo) -> dt.datetime:
    if local.tzinfo is not None:
        return local.astimezone(dt.UTC)
    first = local.replace(tzinfo=zone, fold=0).astimezone(dt.UTC)
    second = local.replace(tzinfo=zone, fold=1).astimezone(dt.UTC)
    return max(first, second)


def _epoch(cell: str) -> dt.datetime | None:
    """Read an epoch. Raise ValueError for 2022091906, which is a day and its hour."""
    if _EPOCH_SECONDS.fullmatch(cell):
        whole, _, part = cell.partition(".")
        if _is_day_and_hour(whole):
            raise ValueError(cell)
        micros = int((part + "000000")[:6])
        return dt.datetime.fromtimestamp(int(whole), dt.UTC).replace(microsecond=micros)
    if _EPOCH_MILLISECONDS.fullmatch(cell):
        seconds, millis = divmod(int(cell), 1000)
        return dt.datetime.fromtimestamp(seconds, dt.UTC).replace(microsecond=millis * 1000)
    return None


def _is_day_and_hour(cell: str) -> bool:
    shape = _DAY_AND_HOUR.fullmatch(cell)
    if shape is None:
        return False
    try:
        dt.date.fromisoformat(shape[1])
    except ValueError:
        return False
    return True


def _without_comments(cell: str) -> str:
    plain = cell
    while (shorter := _COMMENT.sub(" ", plain)) != plain:
        plain = shorter
    return " ".join(plain.split())


def _rfc_2822(cell: str, dates: Dates) -> dt.datetime | None:
    plain = _without_comments(cell)
    shape = _RFC_2822.fullmatch(plain)
    if shape is None:
        return None
    zone = (shape["zone"] or "").strip().upper()
    if zone.isalpha() and len(zone) > 1 and zone not in _ZONES:
        return None  # IST may be Indian, Irish or Israeli: no guess
    clock = "" if ":" in plain else " 00:00"
    parsed = parsedate_tz(plain.replace(":60", ":59") + clock)
    if parsed is None:
        return None
    naive = dt.datetime(*parsed[:6])  # noqa: DTZ001 (the offset follows)
    if len(shape["year"]) == 2:
        naive = naive.replace(year=full_year(shape["year"], uploaded_at=dates.uploaded_at))
    if not zone:
        return naive
    offset = 0 if zone.isalpha() and len(zone) == 1 else parsed[9] or 0
    return naive.replace(tzinfo=dt.timezone(dt.timedelta(seconds=offset)))


def _iso_8601(cell: str) -> dt.datetime:
    day = _ISO_DAY.fullmatch(cell)
    if day is None:
        return dt.datetime.fromisoformat(cell)  # the basic format, and week dates
    rest, offset = _split_offset(day["rest"])
    clock = rest.strip().removeprefix("T").removeprefix("t").strip()
    clock = _HOUR.sub(r"0\1:", clock) or "00:00"
    date = f"{day['y']}-{int(day['m']):02d}-{int(day['d']):02d}"
    return dt.datetime.fromisoformat(f"{date}T{clock}{offset}")


def _split_offset(rest: str) -> tuple[str, str]:
    tail = _ISO_TAIL.search(rest) if ":" in rest else None
    if tail is None:
        return rest, ""
    digits = (tail["offset"] or "+00:00").replace(":", "")
    return rest[: tail.start()], f"{digits[:3]}:{digits[3:] or '00'}"
