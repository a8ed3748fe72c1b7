"""The usual dates of numbers, as strptime formats: what an engine can read without us."""

from __future__ import annotations

import re

from tessera.sources.dates.order import Dates

_USUAL = re.compile(
    r"\d{1,2}(?P<mark>[./-])\d{1,2}(?P=mark)(?P<year>\d{4}|\d{2})"
    r"(?: \d{1,2}:\d{2}(?P<seconds>:\d{2})?(?P<half> [AP]M)?)?"
)
_ORDERS = {"dmy": ("%d", "%m"), "mdy": ("%m", "%d")}
_PORTABLE = re.compile(r"%[YmdHMS](?:[^%\w]+%[YmdHMS])*")


def usual_form(cell: str, *, dates: Dates) -> str:
    """Return the format of a date of numbers, empty for any other date.

    A year of two digits is never later than the upload. The engine's pivot, 69, makes the later
    ones future dates, which it leaves to us.
    """
    shape = _USUAL.fullmatch(cell)
    order = dates.order_of(shape["mark"], year=shape["year"]) if shape else ""
    if shape is None or not order:
        return ""
    first, other = _ORDERS[order]
    day = shape["mark"].join((first, other, "%Y" if len(shape["year"]) == 4 else "%y"))
    if ":" not in cell:
        return day
    hour, half = ("%I", " %p") if shape["half"] else ("%H", "")
    return f"{day} {hour}:%M{':%S' if shape['seconds'] else ''}{half}"


def is_portable(pattern: str) -> bool:
    """Return whether an engine reads a format as Python does: numbers, with marks between them."""
    return bool(_PORTABLE.fullmatch(pattern))
