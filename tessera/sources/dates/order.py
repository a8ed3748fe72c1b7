"""How a file writes dates: day first or month first, which all of its dates decide together."""

from __future__ import annotations

import collections
import dataclasses
import datetime as dt
import re
from collections.abc import Iterable
from typing import Literal

from tessera.errors import InvalidInput

Order = Literal["dmy", "mdy", ""]
LATEST = dt.datetime(2100, 1, 1, tzinfo=dt.UTC)
# Day and month of a date whose order its file must show, before the year.
DAY_AND_MONTH = r"^\s*\d{1,2}[/-]\d{1,2}[/-]"
_NUMBERS = re.compile(r"^\s*(\d{1,2})([/-])(\d{1,2})\2\d{2}")
_MIDNIGHT = "00:00:00"  # what a spreadsheet shows where a date has no time
_SHORT = re.compile(r"^\s*\d{1,2}-\d{1,2}-\d{2}(?:\D|$)")
_CLEAR_MAJORITY = 9  # clear dates for one order per clear date for the other
_ZONES_APART = dt.timedelta(days=1)  # an upload's clock and a shop's may be in any two zones
_NAMES: dict[Order, str] = {"dmy": "day first", "mdy": "month first"}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Dates:
    """How a column of dates is read.

    Parameters
    ----------
    order
        Of day and month between slashes or dashes. Empty where nothing shows it.
    dotted
        The same between dots.
    short
        The same between dashes before a year of two digits. Such a date may begin with the year
        just as well, so that only a setting decides it.
    pattern
        The one format of all dates, in Python's strptime directives. Empty for any that we know.
    serials
        Whether five digits are a spreadsheet's day.
    uploaded_at
        When the file came. A date of two digits is no later, and a date after it is a fault.
    shown_by
        A date that shows the order, for people. Empty where there is none.
    """

    order: Order = ""
    dotted: Order = "dmy"
    short: Order = ""
    pattern: str = ""
    serials: bool = False
    uploaded_at: dt.datetime | None = None
    shown_by: str = ""

    def order_of(self, mark: str, *, year: str) -> Order:
        """Return which comes first in a date with this mark between its numbers."""
        if mark == "-" and len(year) == 2:
            return self.short
        return self.dotted if mark == "." else self.order

    @property
    def latest(self) -> dt.datetime:
        """The first instant that no row of the file can have."""
        return LATEST if self.uploaded_at is None else self.uploaded_at + _ZONES_APART

    def __str__(self) -> str:
        """Return it for people."""
        if self.pattern:
            return self.pattern
        shown = f", as {self.shown_by} shows" if self.shown_by else ""
        return f"{_NAMES[self.order]}{shown}" if self.order else ""


def decide_dates(
    texts: Iterable[str],
    *,
    setting: str,
    usual: str = "",
    name: str,
    uploaded_at: dt.datetime | None = None,
) -> Dates:
    """Return how a file writes dates.

    Parameters
    ----------
    texts
        Dates of the file, each distinct day and month once.
    setting
        The setting ``dates``: an order and a format settle it, ``auto`` looks at the dates.
    usual
        What the file's mapping says where its dates show nothing: ``dmy``, ``mdy`` or empty.
    name
        The file, for messages.
    uploaded_at
        When it came.

    Raises
    ------
    InvalidInput
        The dates could be read both ways, and the message shows both. Or some are day first and
        others month first.
    """
    if "%" in setting:
        return Dates(pattern=setting, uploaded_at=uploaded_at)
    if order := _as_order(setting):
        return Dates(order=order, dotted=order, short=order, serials=True, uploaded_at=uploaded_at)
    votes, unclear = OrderVotes(), ""
    for text in texts:
        votes.add(text)
        unclear = unclear or (text.strip() if vote_of(text) == "" else "")
    votes.check(name)
    [(elected, _)] = votes.rows.most_common(1) or [("", 0)]
    order = _as_order(elected or usual)
    if unclear and not order:
        raise InvalidInput(_both_readings(unclear, name))
    shown_by = votes.dates.get(order, "")
    return Dates(order=order, serials=True, uploaded_at=uploaded_at, shown_by=shown_by)


def vote_of(text: str) -> Order | None:
    """Return which order a date shows, empty for one that reads both ways, None for any other."""
    numbers = _NUMBERS.match(text)
    if numbers is None:
        return None
    if _SHORT.match(text):
        return ""
    first, other = int(numbers[1]), int(numbers[3])
    if first == other or max(first, other) > 31 or min(first, other) > 12:
        return None
    if max(first, other) <= 12:
        return ""
    return "dmy" if first > 12 else "mdy"


def with_time(date: str | None, time: str | None) -> str | None:
    """Return a date's cell with the time of day in another cell, unless it has one itself."""
    if not date or not time or ":" not in time:
        return date
    if ":" not in date:
        return f"{date} {time.strip(' ')}"
    return date[: -len(_MIDNIGHT)] + time.strip(" ") if date.endswith(_MIDNIGHT) else date


def is_settled(texts: Iterable[str]) -> bool:
    """Return whether a file's first dates show their order, or need none."""
    votes = {vote_of(text) for text in texts}
    return bool(votes & {"dmy", "mdy"}) or "" not in votes


@dataclasses.dataclass
class OrderVotes:
    """The rows whose dates show an order, and one such date for each order."""

    rows: collections.Counter[str] = dataclasses.field(default_factory=collections.Counter)
    dates: dict[str, str] = dataclasses.field(default_factory=dict)

    def add(self, date: str, rows: int = 1) -> None:
        """Count some rows that have the same day and month."""
        vote = vote_of(date)
        if vote:
            self.rows[vote] += rows
            self.dates[vote] = min(date.strip(), self.dates.get(vote, date.strip()))

    def check(self, name: str) -> None:
        """Refuse a file that writes dates in both orders.

        Raises
        ------
        InvalidInput
            Too many dates contradict the others for a slip of the pen.
        """
        if len(self.rows) == 2 and _is_mixed(*self.rows.values()):
            raise InvalidInput(_both_orders(self.dates["dmy"], self.dates["mdy"], name))


def _is_mixed(one: int, other: int) -> bool:
    return max(one, other) <= _CLEAR_MAJORITY * min(one, other)


def _both_orders(day_first: str, month_first: str, name: str) -> str:
    return (
        f"{name} writes both {day_first!r} and {month_first!r}: day first or month first? Export "
        "the file again with dates as 2026-11-30, or set 'dates' to dmy or mdy; dates in the other "
        "order are rejected"
    )


def _as_order(text: str) -> Order:
    return "dmy" if text == "dmy" else "mdy" if text == "mdy" else ""


def _both_readings(text: str, name: str) -> str:
    if _SHORT.match(text):
        return (
            f"{name} has the date {text!r}, which may begin with the day, the month or the year: "
            "set 'dates' to dmy, to mdy, or to %y-%m-%d"
        )
    first, other, year = (int(number) for number in re.findall(r"\d+", text)[:3])
    written = f"{year:04d}" if year > 99 else f"{year:02d}"
    return (
        f"{name} has the date {text!r}, which is {written}-{other:02d}-{first:02d} (day first) or "
        f"{written}-{first:02d}-{other:02d} (month first), and nothing in the file shows which: "
        "set 'dates' to dmy or mdy"
    )
