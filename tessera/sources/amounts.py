"""Amounts in cells, and the decision whether a file writes a decimal point or a decimal comma."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from tessera.errors import InvalidInput
from tessera.events.reasons import (
    AMOUNT_OUT_OF_RANGE,
    BAD_AMOUNT,
    BAD_QUANTITY,
    MISSING_AMOUNT,
    Reason,
    Unreadable,
)
from tessera.sources.currencies import without_currency

Mark = Literal["dot", "comma"]
_SIGNS: dict[Mark, tuple[str, str]] = {"dot": (".", ","), "comma": (",", ".")}
_EXPONENT = re.compile(r"[+-]?\d+(?:[.,]\d+)?[eE][+-]?\d{1,2}")
_SPACE = "[ \u00a0\u2007\u2009\u202f'’]"
_SPACES = re.compile(_SPACE)
_SPACED = re.compile(rf"\d{{1,3}}(?:{_SPACE}\d{{3}})+")
_CENT_OF_CENT = Decimal("0.0001")
_LIMIT = Decimal(10) ** 14
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
    """

    amount: Decimal
    returned: bool
    refunded: Decimal


def parse_money(
    *,
    unit_price: str | None,
    quantity: str | None,
    amount: str | None,
    refunded: str | None,
    mark: Mark,
) -> Money:
    """Return a row's money from its cells; the amount wins over unit price × quantity.

    Raises
    ------
    Unreadable
        A cell is no number in this file's writing, the money is missing, or beyond 14 digits.
    """
    if _given(amount):
        value = parse_number(str(amount), mark=mark, reason=BAD_AMOUNT)
        returned = value < 0
        if _given(quantity):
            returned |= parse_number(str(quantity), mark=mark, reason=BAD_QUANTITY) < 0
    elif _given(unit_price):
        price = parse_number(str(unit_price), mark=mark, reason=BAD_AMOUNT)
        pieces = (
            parse_number(str(quantity), mark=mark, reason=BAD_QUANTITY)
            if _given(quantity)
            else Decimal(1)
        )
        value, returned = price * pieces, price < 0 or pieces < 0
    else:
        raise Unreadable(MISSING_AMOUNT)
    back = (
        parse_number(str(refunded), mark=mark, reason=BAD_AMOUNT)
        if _given(refunded)
        else Decimal(0)
    )
    return Money(_to_scale(value), returned, abs(_to_scale(back)))


def _given(cell: str | None) -> bool:
    return cell is not None and bool(cell.strip())


def _to_scale(value: Decimal) -> Decimal:
    if abs(value) >= _LIMIT:
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
    cell = text.strip()
    if _EXPONENT.fullmatch(cell):
        return Decimal(cell.replace(",", "."))
    digits, negative = _unsigned(without_currency(cell))
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
    return -value if negative else value


def _unsigned(cell: str) -> tuple[str, bool]:
    if cell.startswith("(") and cell.endswith(")"):
        return without_currency(cell[1:-1].strip()), True
    if cell.endswith("-"):
        return without_currency(cell[:-1].strip()), True
    body = cell.replace("\u2212", "-", 1) if cell.startswith("\u2212") else cell
    if body[:1] in "+-":
        return without_currency(body[1:].strip()), body[:1] == "-"
    return body, False


def decide_mark(texts: Iterable[str], *, setting: str, name: str) -> Mark:
    """Return whether a file writes decimal points or decimal commas.

    Parameters
    ----------
    texts
        Amounts of the file, each distinct one once.
    setting
        The setting ``decimal``: ``dot`` and ``comma`` settle it, ``auto`` looks at the amounts.
    name
        The file, for messages.

    Raises
    ------
    InvalidInput
        The amounts could be read both ways; the message shows both.
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
    if unclear:
        raise InvalidInput(_both_readings(unclear[0], name))
    return "dot"


def is_telling(text: str) -> bool:
    """Return whether a cell alone shows which decimal mark its file uses."""
    return _vote(text) in ("dot", "comma")


def _vote(text: str) -> Mark | Literal["unclear"] | None:
    digits = re.sub(r"[^0-9.,]", "", text)
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
    digits = re.sub(r"[^0-9.,]", "", text)
    as_decimal = digits.replace(",", ".")
    as_thousands = re.sub(r"[.,]", "", digits)
    return (
        f"{name} has the amount {text!r}, which is {as_decimal} or {as_thousands}, and nothing in "
        "the file shows which: set 'decimal' to dot or comma"
    )
