"""Figures as people read them: grouped, rounded, with their unit."""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal

NONE = "–"
_MINUS = "\u2212"
_SYMBOLS = {"EUR": "€", "GBP": "£", "INR": "₹", "JPY": "¥", "USD": "$"}
_STEPS = ((Decimal(10) ** 9, "bn"), (Decimal(10) ** 6, "m"), (Decimal(10) ** 3, "k"))

Number = int | float | str | Decimal


def number(value: Number | None, places: int = 0) -> str:
    """Return a figure with grouped digits, such as 4,338, or ``–`` when there is none."""
    if value is None:
        return NONE
    rounded = _decimal(value).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return f"{abs(rounded):,f}" if rounded >= 0 else f"{_MINUS}{abs(rounded):,f}"


def measure(value: Number | None) -> str:
    """Return a figure with at most one decimal, and none when it is whole."""
    if value is None:
        return NONE
    return number(value, 0 if _decimal(value) == _decimal(value).to_integral_value() else 1)


def share(value: Number | None) -> str:
    """Return a share as per cent. One below 0.1 % is shown as <0.1 %, so that it is not 0."""
    if value is None:
        return NONE
    percent = _decimal(value) * 100
    if 0 < percent < Decimal("0.1"):
        return "<0.1 %"
    return f"{number(percent, 1)} %"


def signed_share(value: Number | None) -> str:
    """Return a difference as per cent with its sign, such as +2.7 %. 0.0 % has no sign."""
    if value is None:
        return NONE
    text = number(_decimal(value) * 100, 1)
    return f"+{text} %" if not text.startswith(_MINUS) and text != "0.0" else f"{text} %"


def money(value: Number | None, currency: str, places: int = 0) -> str:
    """Return money with its currency, such as £8,911,408 or 1,200 SEK."""
    return _with_currency(number(value, places), currency)


def _with_currency(text: str, currency: str) -> str:
    if text == NONE or not currency:
        return text
    symbol = _SYMBOLS.get(currency)
    if symbol is None:
        return f"{text} {currency}"
    return text.replace(_MINUS, _MINUS + symbol) if _MINUS in text else symbol + text


def compact(value: Number | None) -> str:
    """Return a figure for a small space, such as 4.5m."""
    if value is None:
        return NONE
    exact = _decimal(value)
    for size, suffix in _STEPS:
        # Half a unit early, so that 999,600 is 1m and not 1,000k.
        if abs(exact) >= size * Decimal("0.9995"):
            scaled = exact / size
            return number(scaled, 1 if abs(scaled) < Decimal("99.95") else 0) + suffix
    return number(exact)


def compact_money(value: Number | None, currency: str) -> str:
    """Return money for a small space, such as £4.5m or 4.5m SEK."""
    return _with_currency(compact(value), currency)


def size(count: int) -> str:
    """Return bytes as people say them."""
    return f"{count:,} bytes" if count < 10_000 else f"{count / 1e6:,.2f} MB"


def seconds(value: Number | None) -> str:
    """Return a duration."""
    if value is None:
        return NONE
    exact = _decimal(value)
    if exact < 120:
        return f"{number(exact, 1)} s"
    return f"{int(exact // 60):,} min {int(exact % 60)} s"


def day(date: dt.date | None) -> str:
    """Return a day, or an instant's, as 10 December 2011, or ``–`` when there is none."""
    return NONE if date is None else f"{date.day} {date:%B %Y}"


def instant(moment: dt.datetime) -> str:
    """Return an instant as 2026-11-22 03:00:11 UTC."""
    return f"{moment.astimezone(dt.UTC):%Y-%m-%d %H:%M:%S} UTC"


def _decimal(value: Number) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(str(value))
