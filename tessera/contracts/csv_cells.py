"""Cells of a CSV that a spreadsheet opens as text, never as a formula."""

from __future__ import annotations

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def safe_cell(text: str) -> str:
    """Return the text, with an apostrophe before it when a spreadsheet would run it.

    A number keeps its sign: ``-12.50`` is an amount, ``-12+A1`` is a formula.
    """
    if not text.startswith(_FORMULA_STARTS) or _is_number(text):
        return text
    return "'" + text


def _is_number(text: str) -> bool:
    digits = text[1:] if text[:1] in "+-" else text
    whole, _, part = digits.partition(".")
    return whole.isascii() and whole.isdigit() and (not part or (part.isascii() and part.isdigit()))
