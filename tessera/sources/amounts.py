"""Amounts in cells, and the decision whether a file writes a decimal point or a decimal comma."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from tessera.errors import InvalidInput
from tessera.events.countable import LIMIT
from tessera.events.currency_names import merge, split_currency
from tessera.events.reasons import (
    AMOUNT_OUT_OF_RANGE,
    BAD_AMOUNT,
    BAD_QUANTITY,
    CURRENCY_CONFLICT,
    MISSING_AMOUNT,
    Reason,
    Unreadable,
)

Mark = Literal["dot", "comma"]
_SIGNS: dict[Mark, tuple[str, str]] = {"dot": (".", ","), "comma": (",", ".")}
_EXPONENT = re.compile(r"[+-]?\d+(?:[.,]\d+)?[eE][+-]?\d{1,2}")
_SPACE = "[ \u00a0\u2007\u2009\u202f'’]"
_SPACES = re.compile(_SPACE)
_SPACED = re.compile(rf"\d{{1,3}}(?:{_SPACE}\d{{3}})+")
_CENT_OF_CENT = Decimal("0.0001")
_CLEAR_MAJORITY = 9  # clear amounts for one mark per clear amount for the other


@dataclasses.dataclass(frozen=True)
class Money:
    """A row's money before it is known what the event does with it.

    Parameters
    ----------
    amount
        unit price × quantity, or the amount as given, to 4 decimal places.
    returned
        Whether a sign says that goods came back.
    refunded
        What was given back later, never negative.
    currency
        The code or sign beside the amounts, empty without one.
    three_places
        Whether an amount has three decimal places, which no currency without decimals has.
    one_assumed
        Whether there is a price and no quantity.
    """

    amount: Decimal
    returned: bool
    refunded: Decimal
    currency: str = ""
    three_places: bool = False
    one_assumed: bool = False


def parse_money(
    *,
    unit_price: str | None,
    quantity: str | None,
    amount: str | None,
    refunded: str | None,
    mark: Mark,
) -> Money:
    """Return a row's money from its cells. The amount wins over unit price × quantity.

    Raises
    ------
    Unreadable
        A cell is no number in this file's writing, the money is missing, or beyond 14 digits.
    """
    numbers = _Numbers(mark)
    pieces = numbers.read(quantity, reason=BAD_QUANTITY) if _given(quantity) else None
    assumed = False
    if _given(amount):
        value = numbers.read(amount)
        returned = value < 0 or (pieces is not None and pieces < 0)
    elif _given(unit_price):
        price, assumed = numbers.read(unit_price), pieces is None
        pieces = Decimal(1) if pieces is None else pieces
        value, returned = price * pieces, price < 0 or pieces < 0
    else:
        raise Unreadable(MISSING_AMOUNT)
    back = numbers.read(refunded) if _given(refunded) else Decimal(0)
    return Money(
        _to_scale(value), returned, abs(_to_scale(back)),
        numbers.currency, numbers.three_places, assumed,
    )  # fmt: skip


class _Numbers:
    """Reads a row's amounts, which are all in one currency."""

    def __init__(self, mark: Mark) -> None:
        self._mark = mark
        self.currency = ""
        self.three_places = False

    def read(self, cell: str | None, *, reason: Reason = BAD_AMOUNT) -> Decimal:
        value, currency = read_number(str(cell), mark=self._mark, reason=reason)
        merged = merge(self.currency, currency)
        if merged is None:
            raise Unreadable(CURRENCY_CONFLICT)
        self.currency = merged
        self.three_places |= reason is BAD_AMOUNT and value.as_tuple().exponent == -3
        return value


def _given(cell: str | None) -> bool:
    return cell is not None and bool(cell.strip())


def _to_scale(value: Decimal) -> Decimal:
    if abs(value) >= LIMIT:
        raise Unreadable(AMOUNT_OUT_OF_RANGE)
    return value.quantize(_CENT_OF_CENT, ROUND_HALF_UP)


def parse_number(text: str, *, mark: Mark, reason: Reason = BAD_AMOUNT) -> Decimal:
    """Return the number in a cell: with thousands separators, a currency, a trailing minus.

    Spaces and apostrophes separate thousands only: ``12 50`` is no number.

    Raises
    ------
    Unreadable
        It is no number when ``mark`` is the decimal mark: ``1,5`` in a file with decimal points
        is neither 1.5 nor 15.
    """
    return read_number(text, mark=mark, reason=reason)[0]


def read_number(text: str, *, mark: Mark, reason: Reason = BAD_AMOUNT) -> tuple[Decimal, str]:
    """Return the number in a cell as ``parse_number`` does, and the currency beside it."""
    cell = text.strip()
    if _EXPONENT.fullmatch(cell):
        return Decimal(cell.replace(",", ".")), ""
    try:
        digits, negative, currency = _unsigned(cell)
    except ValueError as error:
        raise Unreadable(CURRENCY_CONFLICT) from error
    point, thousands = _SIGNS[mark]
    whole, decimal_mark, part = digits.partition(point)
    if _SPACED.fullmatch(whole):
        whole = _SPACES.sub("", whole)
    groups = whole.split(thousands)
    good_groups = len(groups) == 1 or (
        0 < len(groups[0]) <= 3
        and all(2 <= len(group) <= 3 for group in groups[1:])
        and len(groups[-1]) == 3
    )
    plain = "".join(groups) + part
    if not good_groups or not plain.isascii() or not plain.isdigit() or (decimal_mark and not part):
        raise Unreadable(reason)
    if len(plain) > 30:
        raise Unreadable(AMOUNT_OUT_OF_RANGE if reason is BAD_AMOUNT else reason)
    value = Decimal(f"{''.join(groups) or '0'}.{part or '0'}")
    return (-value if negative else value), currency


def _unsigned(cell: str) -> tuple[str, bool, str]:
    """Return an amount without its sign and currency, whether it is negative, and the currency."""
    body, outside = split_currency(cell)
    negative = True
    if body.startswith("(") and body.endswith(")"):
        body = body[1:-1]
    elif body.endswith("-"):
        body = body[:-1]
    elif body[:1] in ("+", "-", "\u2212"):
        negative, body = body[:1] != "+", body[1:]
    else:
        return body, False, outside
    body, inside = split_currency(body.strip())
    currency = merge(outside, inside)
    if currency is None:
        raise ValueError("two currencies")
    return body, negative, currency


def is_below_zero(text: str) -> bool:
    """Return whether a sign or brackets say that a number is below zero, whatever its mark."""
    try:
        _, negative, _ = _unsigned(text.strip())
    except ValueError:
        return False
    return negative


def decide_mark(texts: Iterable[str], *, setting: str, name: str, decimals: bool = True) -> Mark:
    """Return whether a file writes decimal points or decimal commas.

    Parameters
    ----------
    texts
        Amounts of the file, each distinct one once.
    setting
        The setting ``decimal``: ``dot`` and ``comma`` settle it, ``auto`` looks at the amounts.
    name
        The file, for messages.
    decimals
        Whether the file's currency has decimals. Without any, ``1,000`` is a thousand.

    Raises
    ------
    InvalidInput
        The amounts could be read both ways. The message shows both.
    """
    if setting != "auto":
        return "comma" if setting == "comma" else "dot"
    votes: dict[Mark, list[str]] = {"dot": [], "comma": []}
    unclear: list[str] = []
    for text in texts:
        vote = _vote(text)
        if vote is None:
            continue
        (unclear if vote == "unclear" else votes[vote]).append(text.strip())
    dots, commas = len(votes["dot"]), len(votes["comma"])
    if max(dots, commas) > _CLEAR_MAJORITY * min(dots, commas):
        return "dot" if dots > commas else "comma"
    if dots or commas:
        raise InvalidInput(
            f"{name} writes both {votes['dot'][0]!r} and {votes['comma'][0]!r}: decimal points or "
            "decimal commas? Set 'decimal' to dot or comma; rows in the other writing are rejected"
        )
    if unclear and not decimals:
        return "comma" if "." in unclear[0] else "dot"
    if unclear:
        raise InvalidInput(_both_readings(unclear[0], name))
    return "dot"


def shows_mark(text: str) -> bool:
    """Return whether a cell alone shows which decimal mark its file uses."""
    return _vote(text) in ("dot", "comma")


def _marked(text: str) -> str:
    """Return a cell's digits and marks. The point of ``Rs.`` is none."""
    try:
        amount, _ = split_currency(text.strip())
    except ValueError:
        amount = text
    return re.sub(r"[^0-9.,]", "", amount)


def _vote(text: str) -> Mark | Literal["unclear"] | None:
    digits = _marked(text)
    marks = re.sub(r"[0-9]", "", digits)
    if not marks or not digits[-1:].isdigit() or _EXPONENT.fullmatch(text.strip()):
        return None
    last: Mark = "dot" if marks[-1] == "." else "comma"
    other: Mark = "comma" if last == "dot" else "dot"
    whole, _, part = digits.rpartition(marks[-1])
    if len(set(marks)) == 2:
        return last if marks.count(marks[-1]) == 1 else other
    if len(marks) > 1:
        return other  # 1.234.567: the point separates thousands
    if len(part) != 3 or len(whole) > 3 or whole in ("", "0") or whole.startswith("0"):
        return last
    return "unclear"


def _both_readings(text: str, name: str) -> str:
    digits = _marked(text)
    as_decimal = digits.replace(",", ".")
    as_thousands = re.sub(r"[.,]", "", digits)
    return (
        f"{name} has the amount {text!r}, which is {as_decimal} or {as_thousands}, and nothing in "
        "the file shows which: set 'decimal' to dot or comma"
    )
