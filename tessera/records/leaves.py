"""The values of a record that hold no other: how each is read from JSON and written to it."""

from __future__ import annotations

import datetime as dt
import types
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from tessera.records.fields import MILLISECONDS, Milliseconds

Convert = Callable[[Any], Any]
_SHOWN = 60  # characters of a wrong value that a message quotes


class Mismatch(Exception):  # noqa: N818 (a signal inside this room)
    """A value is not of its type. ``place`` grows on the way out."""

    def __init__(self, problem: str) -> None:
        self.problem = problem
        self.place = ""

    @classmethod
    def of(cls, value: object, *, expected: str) -> Mismatch:
        """Return the mismatch of a value of another type."""
        shown = repr(value)
        shown = shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}…"
        return cls(f"expected {expected}, got {shown}")

    def inside(self, step: str) -> Mismatch:
        """Return the same mismatch, seen from the value around it."""
        self.place = step + self.place
        return self


def _plain(*kinds: type, expected: str) -> Convert:
    def convert(value: object) -> object:
        if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
            raise Mismatch.of(value, expected=expected)
        return value

    return convert


def _parsed(parse: Callable[[str], object], *, expected: str) -> Convert:
    def convert(value: object) -> object:
        if not isinstance(value, str):
            raise Mismatch.of(value, expected=expected)
        try:
            return parse(value)
        except (ValueError, InvalidOperation):
            raise Mismatch.of(value, expected=expected) from None

    return convert


def _instant(text: str) -> dt.datetime:
    instant = dt.datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError
    return instant


def _decimal(text: str) -> Decimal:
    number = Decimal(text)
    if not number.is_finite():
        raise ValueError
    return number


def _text_of(kind: type, text: Callable[[Any], str]) -> Convert:
    def convert(value: object) -> str:
        if type(value) is not kind:  # a datetime is a date too, but no day
            raise Mismatch.of(value, expected=f"a {kind.__name__}")
        return text(value)

    return convert


def _instant_text(instant: dt.datetime, *, timespec: str = "auto") -> str:
    if instant.tzinfo is None:
        raise Mismatch.of(instant, expected="an instant with its offset from UTC")
    return instant.isoformat(timespec=timespec)


def _milliseconds_text(instant: dt.datetime) -> str:
    return _instant_text(instant, timespec=MILLISECONDS)


def _float(value: object) -> float:
    try:
        return float(_number(value))
    except OverflowError:  # JSON has whole numbers of any length
        raise Mismatch.of(value, expected="a number below 1e308") from None


_number = _plain(int, float, expected="a number")
_day = _parsed(dt.date.fromisoformat, expected="a day such as '2026-11-30'")
_moment = _parsed(_instant, expected="an instant such as '2026-11-30T08:00:00+00:00'")
_PLAIN: Mapping[Any, Convert] = {
    Any: lambda value: value,
    str: _plain(str, expected="a text"),
    int: _plain(int, expected="a whole number"),
    bool: _plain(bool, expected="true or false"),
    types.NoneType: _plain(types.NoneType, expected="null"),
}
READERS: Mapping[Any, Convert] = {
    **_PLAIN,
    float: _float,
    dt.date: _day,
    dt.datetime: _moment,
    Milliseconds: _moment,
    Decimal: _parsed(_decimal, expected="a decimal as text, such as '12.50'"),
}
WRITERS: Mapping[Any, Convert] = {
    **_PLAIN,
    float: _number,
    dt.date: _text_of(dt.date, dt.date.isoformat),
    dt.datetime: _text_of(dt.datetime, _instant_text),
    Milliseconds: _text_of(dt.datetime, _milliseconds_text),
    Decimal: _text_of(Decimal, str),
}
